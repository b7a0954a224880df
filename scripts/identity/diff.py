"""`cdi identity diff`: what another build changes about who is who."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from ingestion import settings, storage
from scripts.identity import builds
from scripts.identity.builds import visible
from scripts.identity.evidence import IdentityError
from scripts.terminal import console, count, errors, shown

# What can happen to customers and accounts, in the order it is told.
KINDS = {
    "unchanged": "the same records, but for new ones, and the same id",
    "kept": "keeps its id, while records come from others or go to them",
    "created": "new: all its records are",
    "merged": "is now part of another",
    "split": "was part of another",
    "moved": "some records of one are now of another",
    "id_changed": "the same records, but for new ones, and another id",
    "gone": "none of its records is left",
}
# Of these the other kinds tell what happened.
WITHOUT_EXAMPLES = ("unchanged", "kept")
SHOWN_RECORDS = 3
NOUNS = {"person": "customers", "organization": "accounts"}


@dataclass(frozen=True)
class Example:
    """One change.

    Args:
        before: id before; none of what is created.
        after: id after; none of what is gone.
        record_count: records concerned.
        record_keys: some of them.
    """

    before: str | None
    after: str | None
    record_count: int
    record_keys: list[str]


@dataclass(frozen=True)
class Change:
    """All changes of one kind.

    Args:
        kind: a key of `KINDS`.
        change_count: how many they are: ids, or for `moved` pairs of ids.
        record_count: records concerned.
        examples: those that concern most records.
    """

    kind: str
    change_count: int
    record_count: int
    examples: list[Example]


@dataclass(frozen=True)
class Difference:
    """What changed of the customers, or of the accounts. Records that are new change no id.

    Args:
        before_count: ids before.
        after_count: ids after.
        before_record_count: records before.
        new_record_count: records that are there only after.
        gone_record_count: records that were there only before.
        changed_record_count: records with another id than before.
        changed_share: of the records before, those with another id now, or gone.
        changes: by kind, in the order of `KINDS`; all of them.
    """

    before_count: int
    after_count: int
    before_record_count: int
    new_record_count: int
    gone_record_count: int
    changed_record_count: int
    changed_share: float
    changes: list[Change]


def diff_command(
    before: Annotated[
        Path, typer.Argument(help="A warehouse, or a readers' copy, of the build before.")
    ],
    after: Annotated[
        Path | None,
        typer.Argument(help="That of the build after; else the warehouse of the settings."),
    ] = None,
    examples: Annotated[int, typer.Option(min=0, help="Examples of each kind of change.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Markdown, fit for a pull request.")
    ] = False,
    fail_above: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", min=0, max=1,
            help="Exit with 1 when a larger share of the records of customers, or of accounts, "
            "has another id than before, or is gone, such as 0.02.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Compare who is who in two builds: created, merged, split, moved, with examples.

    What is shown are ids and record keys alone.
    """
    if as_json and as_markdown:
        raise typer.BadParameter("give one of the two", param_hint="--json, --markdown")
    after = after or settings.warehouse()
    try:
        differences = compared(before, after, examples)
    except IdentityError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        plain = {noun: dataclasses.asdict(each) for noun, each in differences.items()}
        console.out(json.dumps(plain, ensure_ascii=False, indent=2))
    elif as_markdown:
        console.out("\n".join(_markdown(before, after, differences)))
    else:
        console.print(Group(*_shown(before, after, differences)))
    if fail_above is not None:
        beyond = {noun: each.changed_share for noun, each in differences.items()
                  if each.changed_share > fail_above}  # fmt: skip
        for noun, changed in beyond.items():
            errors.print(
                f"[red]too much changed[/red]: {_percent(changed)} of the records of {noun} have "
                f"another id, or are gone; {_percent(fail_above)} may",
                soft_wrap=True,
            )
        raise typer.Exit(1 if beyond else 0)


def compared(before: Path, after: Path, examples: int = 5) -> dict[str, Difference]:
    """Compares who is who in two builds.

    Args:
        before: a warehouse, or a readers' copy.
        after: another, or the same.
        examples: how many changes of each kind are named at most.

    Returns:
        What changed of `customers` and of `accounts`.

    Raises:
        IdentityError: a file is missing, in use, no warehouse, or not built.
    """
    with storage.in_memory() as connection:
        for file, table in ((before, "before"), (after, "after")):
            with builds.attached(connection, file, builds.PUBLISHED):
                builds.read_records(connection, table)
        connection.execute(_CHANGES)
        return {noun: _difference(connection, entity, examples) for entity, noun in NOUNS.items()}


# Each record with its two ids, then what became of the ids that have records in common.
_CHANGES = """
create temp table joined as
select
    entity,
    record_key,
    before.golden_id as before_id,
    after.golden_id as after_id
from before
full join after using (entity, record_key);

create temp table changes as
with
shared as (
    select
        entity,
        before_id,
        after_id,
        count(*) as record_count,
        count(*) over (partition by entity, before_id) as heirs,
        count(*) over (partition by entity, after_id) as origins
    from joined
    where before_id is not null and after_id is not null
    group by entity, before_id, after_id
),
created as (
    select
        entity,
        after_id,
        count(*) as record_count
    from joined
    group by entity, after_id
    having after_id is not null and count(before_id) = 0
),
gone as (
    select
        entity,
        before_id,
        count(*) as record_count
    from joined
    group by entity, before_id
    having before_id is not null and count(after_id) = 0
)
select
    entity,
    case
        when heirs = 1 and origins = 1 and before_id = after_id then 'unchanged'
        when heirs = 1 and origins = 1 then 'id_changed'
        when before_id = after_id then 'kept'
        when heirs = 1 then 'merged'
        when origins = 1 then 'split'
        else 'moved'
    end as kind,
    before_id,
    after_id,
    record_count
from shared
union all
select entity, 'created', null, after_id, record_count from created
union all
select entity, 'gone', before_id, null, record_count from gone
"""


def _difference(connection: duckdb.DuckDBPyConnection, entity: str, examples: int) -> Difference:
    ((before_count, after_count, before_records, after_records, in_both, changed),) = (
        connection.execute(
            """
            select
                count(distinct before_id),
                count(distinct after_id),
                count(before_id),
                count(after_id),
                count(case when before_id is not null and after_id is not null then 1 end),
                count(case when before_id <> after_id then 1 end)
            from joined
            where entity = ?
            """,
            [entity],
        ).fetchall()
    )
    rows = connection.execute(
        "select kind, count(*), sum(record_count) from changes where entity = ? group by kind",
        [entity],
    ).fetchall()
    counted = {kind: (number, int(records)) for kind, number, records in rows}
    named = _examples(connection, entity, examples)
    gone = before_records - in_both
    return Difference(
        before_count=before_count,
        after_count=after_count,
        before_record_count=before_records,
        new_record_count=after_records - in_both,
        gone_record_count=gone,
        changed_record_count=changed,
        changed_share=(changed + gone) / before_records if before_records else 0.0,
        changes=[Change(kind, *counted.get(kind, (0, 0)), named.get(kind, [])) for kind in KINDS],
    )


def _examples(
    connection: duckdb.DuckDBPyConnection, entity: str, examples: int
) -> dict[str, list[Example]]:
    """Of each kind, the changes that concern most records."""
    rows = connection.execute(
        f"""
        with
        largest as (
            select *
            from changes
            where entity = $entity and kind not in {WITHOUT_EXAMPLES}
            qualify
                row_number() over (
                    partition by kind order by record_count desc, before_id, after_id
                ) <= $examples
        )
        select
            largest.kind,
            largest.before_id,
            largest.after_id,
            largest.record_count,
            min(joined.record_key, {SHOWN_RECORDS})
        from largest
        inner join joined
            on
                largest.entity = joined.entity
                and largest.before_id is not distinct from joined.before_id
                and largest.after_id is not distinct from joined.after_id
        group by all
        order by largest.kind, largest.record_count desc, largest.before_id, largest.after_id
        """,
        {"entity": entity, "examples": examples},
    ).fetchall()
    named: dict[str, list[Example]] = {}
    for kind, *example in rows:
        named.setdefault(kind, []).append(Example(*example))
    return named


def _told(difference: Difference) -> str:
    """What a difference comes to, in a sentence."""
    return (
        f"{count(difference.before_count)} before, {count(difference.after_count)} after. Of "
        f"{count(difference.before_record_count)} records, "
        f"{count(difference.changed_record_count)} have another id and "
        f"{count(difference.gone_record_count)} are gone "
        f"({_percent(difference.changed_share)}); {count(difference.new_record_count)} are new."
    )


def _percent(part: float) -> str:
    return "<0.01 %" if 0 < part < 0.0001 else f"{part:.2%}".replace("%", " %")


def _shown(
    before: Path, after: Path, differences: dict[str, Difference]
) -> Iterator[RenderableType]:
    files = [escape(visible(shown(file.absolute()))) for file in (before, after)]
    yield " → ".join(files)
    for noun, difference in differences.items():
        yield ""
        yield f"[bold]{noun}[/bold]  {_told(difference)}"
        table = Table(box=None, header_style="bold", pad_edge=False)
        for name in ("", noun, "records"):
            table.add_column(name, justify="right" if name else "left", no_wrap=True)
        table.add_column("", overflow="fold")
        for change in difference.changes:
            table.add_row(_name(change), count(change.change_count), count(change.record_count),
                          f"[dim]{KINDS[change.kind]}[/dim]")  # fmt: skip
        yield table
        if any(change.examples for change in difference.changes):
            yield _example_table(difference)


def _example_table(difference: Difference) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("such as", no_wrap=True)
    table.add_column("before", overflow="fold")
    table.add_column("after", overflow="fold")
    table.add_column("records", justify="right")
    table.add_column("", overflow="fold")
    for change in difference.changes:
        name = _name(change)
        for example in change.examples:
            table.add_row(name, escape(visible(example.before or "")),
                          escape(visible(example.after or "")), count(example.record_count),
                          escape(", ".join(map(visible, _keys(example)))))  # fmt: skip
            name = ""
    return table


def _markdown(before: Path, after: Path, differences: dict[str, Difference]) -> Iterator[str]:
    yield f"### Who is who: {_code(shown(before.absolute()))} → {_code(shown(after.absolute()))}"
    for noun, difference in differences.items():
        yield from ("", f"**{noun.capitalize()}**: {_told(difference)}", "")
        yield from (f"| | {noun} | records | |", "|:--|--:|--:|:--|")
        for change in difference.changes:
            yield (
                f"| {_name(change)} | {count(change.change_count)} | "
                f"{count(change.record_count)} | {KINDS[change.kind]} |"
            )
        if not any(change.examples for change in difference.changes):
            continue
        yield from ("", f"<details><summary>Examples of {noun}</summary>", "")
        yield from ("| | before | after | records | such as |", "|:--|:--|:--|--:|:--|")
        for change in difference.changes:
            for example in change.examples:
                keys = ", ".join(map(_code, _keys(example)))
                yield (
                    f"| {_name(change)} | {_code(example.before)} | {_code(example.after)} | "
                    f"{count(example.record_count)} | {keys} |"
                )
        yield from ("", "</details>")


def _name(change: Change) -> str:
    return change.kind.replace("_", " ")


def _keys(example: Example) -> list[str]:
    more = example.record_count > len(example.record_keys)
    return [*example.record_keys, "…"] if more else example.record_keys


def _code(text: str | None) -> str:
    """A text as code in a cell of a Markdown table, whatever is in it."""
    if text is None:
        return ""
    return "`" + visible(text).replace("`", "'").replace("|", "\\|") + "`"
