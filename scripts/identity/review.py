"""`cdi identity review`: the ties nearest to going the other way."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from scripts.identity import evidence
from scripts.identity.evidence import Evidence, IdentityError
from scripts.terminal import console, errors


def review_command(
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    entity: Annotated[str, typer.Option(help="person or organization.")] = "person",
    values: Annotated[
        bool, typer.Option("--values", help="Show what was compared: personal data.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the most doubtful ties: records just together, and records just apart.

    `cdi identity link` and `cdi identity unmerge` settle them.
    """
    if entity not in ("person", "organization"):
        errors.print("[red]--entity is person or organization[/red]")
        raise typer.Exit(2)
    try:
        with evidence.warehouse() as connection:
            doubtful = [
                ((one, other), together)
                for one, other, together in connection.execute(
                    _DOUBTFUL, {"entity": entity, "limit": limit}
                ).fetchall()
            ]
            weighed = evidence.weigh(connection, [pair for pair, _ in doubtful], values)
    except IdentityError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    found = [(weighed[min(pair), max(pair)], together) for pair, together in doubtful]
    if as_json:
        console.print_json(
            data=[
                {
                    "records": list(tie.records),
                    "bits": round(tie.bits, 2),
                    "together": together,
                    "findings": {
                        finding.attribute: [finding.level, round(finding.bits, 2)]
                        for finding in tie.findings
                    },
                }
                for tie, together in found
            ]
        )
        return
    console.print(_table(found, values) if found else "nothing is doubtful")


# Of each record the best tie to its group, and the best to another group; nobody has decided yet.
_DOUBTFUL = f"""
    with

    sides as (
        select
            pairs.record_number as mine,
            pairs.other_record_number as theirs,
            pairs.weight
        from {evidence.COMPONENT_PAIRS} as pairs
        where pairs.entity = $entity
        union all
        select pairs.other_record_number, pairs.record_number, pairs.weight
        from {evidence.COMPONENT_PAIRS} as pairs
        where pairs.entity = $entity
        union
        select pairs.record_number, pairs.other_record_number, pairs.weight
        from {evidence.PAIRS} as pairs
        where pairs.entity = $entity and pairs.weight between -4000 and 0
    ),

    placed as (
        select
            here.record_key as one,
            there.record_key as other,
            here.cluster_key = there.cluster_key as together,
            sides.weight
        from sides
        inner join {evidence.CLUSTERS} as here on sides.mine = here.record_number
        inner join {evidence.CLUSTERS} as there on sides.theirs = there.record_number
    ),

    best as (
        select
            one,
            together,
            max(weight) as weight,
            arg_max(other, (weight, other)) as other
        from placed
        group by one, together
    ),

    pairs as (
        select
            least(one, other) as one,
            greatest(one, other) as other,
            together,
            max(weight) as weight
        from best
        group by all
    )

    select pairs.one, pairs.other, pairs.together
    from pairs
    left join intermediate.decisions as decisions
        on
            pairs.one in (decisions.record_key, decisions.other_record_key)
            and pairs.other in (decisions.record_key, decisions.other_record_key)
    where decisions.decision is null
    order by abs(pairs.weight), pairs.one, pairs.other
    limit $limit
"""


def _table(found: list[tuple[Evidence, bool]], values: bool) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column("are", no_wrap=True)
    table.add_column("records", overflow="fold")
    table.add_column("evidence", overflow="fold")
    for tie, together in found:
        told = []
        for finding in tie.findings:
            text = f"{finding.attribute} {finding.level} {finding.bits:+.1f}"
            if values and any(finding.values):
                text += " ({} · {})".format(*(value or "" for value in finding.values))
            told.append(text)
        table.add_row(
            f"{tie.bits:+.1f}",
            "together" if together else "apart",
            escape("\n".join(tie.records)),
            escape(", ".join(told)),
        )
    return table
