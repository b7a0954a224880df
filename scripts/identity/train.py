"""`cdi identity train`: the weights of one's own records, learnt without knowing who is who."""

from __future__ import annotations

import csv
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from ingestion import settings
from ingestion.macros import project_macros
from scripts.identity import evidence
from scripts.identity.evidence import IdentityError
from scripts.terminal import console, errors, shown

MATCH_WEIGHTS = settings.PROJECT / "dbt_project" / "seeds" / "identity" / "match_weights.csv"
# Pairs the seed's share counts for beside the random ones seen: a level that chance never shows
# keeps a share.
PRIOR_PAIRS = 1000


def train_command(
    sample: Annotated[
        int, typer.Option(min=1000, help="Random pairs to learn chance agreement from.")
    ] = 1_000_000,
    write: Annotated[
        bool, typer.Option("--write", help="Write the seed, to be reviewed and committed.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Have builds take the shares as they are.")
    ] = False,
) -> None:
    """Estimate how often records of one person, and of two, agree on each attribute.

    Those of one person are learnt by expectation and maximisation from the pairs the last build
    compared; those of two from random pairs. Nobody has to say who is who.
    """
    try:
        with evidence.warehouse() as connection:
            same = _among_same(connection)
            others = _among_others(connection, sample)
    except IdentityError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    with MATCH_WEIGHTS.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        rows = list(reader)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("entity", "attribute", "level"):
        table.add_column(heading, no_wrap=True)
    for heading in ("among one", "was", "among others", "was"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        key = (row["entity"], row["attribute"], row["level"])
        if row["level"] == "barred" or key not in same:
            continue
        was = dict(row)
        row["among_same"] = f"{same[key]:.4g}"
        if row["by_frequency"] == "false" and key in others:
            seen, pairs = others[key]
            learnt = (seen + PRIOR_PAIRS * float(was["among_others"])) / (pairs + PRIOR_PAIRS)
            row["among_others"] = f"{learnt:.4g}"
        if fix:
            row["is_fixed"] = "true"
        shares = (row["among_same"], was["among_same"], row["among_others"], was["among_others"])
        table.add_row(*key, *(f"{float(share):.2g}" for share in shares))
    console.print(table)
    if not write:
        console.print("nothing is written: `--write` changes the seed")
        return
    with MATCH_WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    console.print(
        f"written to {shown(MATCH_WEIGHTS)}: look at the difference, build, and commit it",
        soft_wrap=True,
    )


def _among_same(connection: Any) -> dict[tuple[str, str, str], float]:
    """Shares the last build estimated, by entity, attribute and level."""
    rows = connection.execute(
        f"select entity, attribute, level, share from {evidence.SHARES} where attribute <> '*'"
    ).fetchall()
    return {(entity, attribute, level): share for entity, attribute, level, share in rows}


def _among_others(connection: Any, sample: int) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Random pairs at each level, and those comparable at all, by entity, attribute and level."""
    macros = project_macros()
    connection.execute("select setseed(0.5)")
    connection.execute(
        f"""
        create or replace temp table random_pairs as
        with
        numbered as (
            select
                entity,
                record_number,
                row_number() over (partition by entity order by record_number) - 1 as position,
                count(*) over (partition by entity) as record_count
            from {evidence.RECORDS}
        ),
        drawn as (
            select
                numbered.entity,
                numbered.record_number as one,
                numbered.record_count,
                hash(numbered.record_number, tries.number) % numbered.record_count as position
            from numbered
            cross join range(greatest(1, {sample} // (select max(record_count) from numbered)))
                as tries (number)
            where numbered.position < {sample}
        )
        select distinct
            drawn.entity,
            least(drawn.one, numbered.record_number) as record_number,
            greatest(drawn.one, numbered.record_number) as other_record_number
        from drawn
        inner join numbered
            on drawn.entity = numbered.entity and drawn.position = numbered.position
        where drawn.one <> numbered.record_number
        """
    )
    rows = connection.execute(
        f"""
        with
        compared as (
            select entity, pattern
            from {macros["compared_pairs"]("random_pairs", evidence.RECORDS, evidence.IDENTIFIERS)}
        ),
        patterns as (
            select entity, pattern, count(*) as pair_count from compared group by all
        )
        select
            weights.entity,
            weights.attribute,
            weights.level,
            sum(case when letter = weights.code then pair_count else 0 end),
            sum(case when letter <> '-' then pair_count else 0 end)
        from (
            select patterns.*, weights.*, substr(pattern, weights.position, 1) as letter
            from patterns
            inner join {evidence.WEIGHTS} as weights on patterns.entity = weights.entity
        ) as weights
        group by all
        """
    ).fetchall()
    return {
        (entity, attribute, level): (int(seen), int(pairs))
        for entity, attribute, level, seen, pairs in rows
    }
