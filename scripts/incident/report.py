"""What is told of an incident: in the terminal and in Markdown, without a word about a person."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from ingestion.incidents import SCHEMA
from scripts.identity.builds import visible
from scripts.incident.people import load_seed
from scripts.incident.register import Incident, now
from scripts.sheets import as_text, private_file
from scripts.terminal import count

# What a person is told by, in the order of the columns of the list.
PEOPLE_COLUMNS = (
    "customer_id", "full_name", "email", "phone", "street_address", "unit", "postcode", "city",
    "region", "country_code", "language", "law",
)  # fmt: skip


def facts(incident: Incident) -> Iterator[tuple[str, str]]:
    """What is known of an incident, by name."""
    row = incident.row
    yield "kind", row["kind"]
    yield "what", row["subject"]
    for name in ("exposed_columns", "advisory", "affected_versions", "fixed_in"):
        if row[name]:
            yield name.replace("_", " "), row[name]
    if row["exposed_from"] or row["exposed_until"]:
        since, until = time(row["exposed_from"]) or "…", time(row["exposed_until"]) or "…"
        column = row["time_column"] or "no column: all of them"
        yield "rows of", f"{since} to {until}, both included, by {column}"
    yield "noticed", time(row["noticed_at"])
    if row["row_count"] is not None:
        yield "rows", count(row["row_count"])
        yield "people affected", count(row["people_count"])
        yield "people not known", count(row["unknown_count"])
        yield "classes", ", ".join(
            f"{pii} ({columns} column{'s' if columns != 1 else ''})"
            for pii, columns in incident.classes.items()
        ) or "none"  # fmt: skip
    for name in ("recipients", "note", "outcome", "forced_reason"):
        if row[name]:
            yield name.replace("_", " "), row[name]
    yield "status", f"closed {time(row['closed_at'])}" if row["closed_at"] else "open"


def terminal(incident: Incident, remarks: Sequence[str] = ()) -> Iterator[RenderableType]:
    """What is told of an incident in the terminal."""
    yield f"[bold]{incident.row['incident_id']}[/bold]"
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, told in facts(incident):
        table.add_row(name, escape(visible(told)))
    yield table
    if incident.laws:
        yield ""
        yield _table(
            ("people", "law", "authority until", "people until"),
            [
                (
                    count(law.people_count),
                    law.law_name,
                    _authority_due(law.people_count, law.authority_people, law.authority_due_at),
                    time(law.people_due_at) or "as soon as possible",
                )
                for law in incident.laws
            ],
        )
    yield ""
    yield _table(
        ("until", "step", "who", "what"),
        [
            (_state(incident, step), step["step"], step["owner_role"], what)
            for step, what in zip(incident.steps, _each_once(incident.steps), strict=True)
        ],
    )
    for remark in remarks:
        yield f"[yellow]look at this[/yellow]: {escape(visible(remark))}"


def listing(found: Sequence[Incident]) -> RenderableType:
    """A row an incident."""
    return _table(
        ("incident", "kind", "what", "people", "steps open", "next", "until"),
        [
            (
                incident.row["incident_id"],
                incident.row["kind"],
                incident.row["subject"],
                count(incident.row["people_count"] or 0),
                count(len(incident.open_steps)),
                _next(incident)["step"] if incident.open_steps else "",
                _state(incident, _next(incident))
                if incident.open_steps
                else f"closed {time(incident.row['closed_at'])}"
                if incident.row["closed_at"]
                else "",
            )
            for incident in found
        ],
    )


def _next(incident: Incident) -> dict[str, Any]:
    return min(incident.open_steps, key=lambda step: (step["due_at"], step["position"]))


def markdown(incident: Incident, remarks: Sequence[str] = ()) -> str:
    """What is told of an incident, as a document."""
    lines = [f"# Incident {incident.row['incident_id']}", "", "| | |", "|:--|:--|"]
    lines += [f"| {name} | {_cell(told)} |" for name, told in facts(incident)]
    if incident.laws:
        lines += ["", "## Laws, by where the people live", ""]
        lines += [
            "| people | law | authority | until | people until | from what risk on | source |"
        ]
        lines += ["|--:|:--|:--|:--|:--|:--|:--|"]
        for law in incident.laws:
            due = _authority_due(law.people_count, law.authority_people, law.authority_due_at)
            told = time(law.people_due_at) or "as soon as possible"
            risk = f"{law.threshold} ({law.remark})"
            cells = [count(law.people_count), law.law_name, law.authority, due, told, risk]
            cells.append(law.source)
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
    lines += ["", "## Steps", "", "| until | step | who | what |", "|:--|:--|:--|:--|"]
    for step in incident.steps:
        cells = [_state(incident, step), step["step"], step["owner_role"], _what(step)]
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    if remarks:
        lines += ["", "## To look at", "", *(f"- {visible(remark)}" for remark in remarks)]
    lines += ["", "Times are UTC. This is a reminder, not legal advice.", ""]
    return "\n".join(lines)


def write_people(connection: duckdb.DuckDBPyConnection, incident_id: str, to: Path) -> int:
    """Writes whom to tell: a CSV that only its owner can read, without what would run in a sheet.

    Whoever was merged since is told once, by the id they have now.

    Returns:
        How many people are in it.

    Raises:
        OSError: the file cannot be written.
    """
    load_seed(connection, "countries", "reference")
    cursor = connection.execute(
        f"""
        select {", ".join(PEOPLE_COLUMNS)}
        from (
            select
                coalesce(aliases.customer_id, people.customer_id) as customer_id,
                min(people.law) as law
            from {SCHEMA}.incident_people as people
            left join marts.customer_id_aliases as aliases
                on people.customer_id = aliases.alias_id
            where people.incident_id = ?
            group by all
        )
        inner join marts.dim_customers using (customer_id)
        left join countries using (country_code)
        order by law, customer_id
        """,
        [incident_id],
    )
    written = 0
    with private_file(to) as file:
        writer = csv.writer(file)
        writer.writerow(PEOPLE_COLUMNS)
        while rows := cursor.fetchmany(10_000):
            writer.writerows([as_text(cell) for cell in row] for row in rows)
            written += len(rows)
    return written


def time(moment: datetime.datetime | None) -> str:
    """A time for people, UTC; nothing of none."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def _authority_due(people: int, at_least: int, due: datetime.datetime | None) -> str:
    if people < at_least:
        return f"not below {count(at_least)} people"
    return time(due) or "as soon as possible"


def _state(incident: Incident, step: dict[str, Any]) -> str:
    if step["done_at"]:
        return f"done {time(step['done_at'])}"
    if incident.row["closed_at"]:
        return "not done"
    late = "late: " if step["due_at"] < now() else ""
    return late + time(step["due_at"])


def _what(step: dict[str, Any]) -> str:
    optional = "" if step["is_obligatory"] else " (where it helps)"
    noted = f" [{step['note']}]" if step["note"] else ""
    return step["what"] + optional + noted


def _each_once(steps: Sequence[dict[str, Any]]) -> list[str]:
    """What is to be done, step by step; of a step for each law, said of the first."""
    positions = [step["position"] for step in steps]
    return [
        _what(step) if positions.index(step["position"]) == number else "as above"
        for number, step in enumerate(steps)
    ]


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(
            name,
            justify="right" if name in ("people", "steps open") else "left",
            no_wrap=name not in ("law", "what"),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(escape(visible(cell)) for cell in row))
    return table


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|")
