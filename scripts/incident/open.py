"""`cdi incident open`: writes an incident down, with all that follows from it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.markup import escape

from ingestion import incidents, settings
from ingestion.lock import exclusive
from scripts.incident import components, exposure, register, report
from scripts.incident.exposure import Exposure, IncidentError, Limits, Searched
from scripts.terminal import console, count, errors, shown

Noticed = Annotated[
    str | None,
    typer.Option(help="When it was noticed (ISO 8601, UTC unless it says): now, by default."),
]
Note = Annotated[str | None, typer.Option(help="What else is known; without personal data.")]


def exposed_command(
    relation: Annotated[
        str | None, typer.Option(help="Table or view of the warehouse: SCHEMA.TABLE.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="File that got out: CSV, JSON, Parquet, Excel, DuckDB.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Only this column was exposed; give it again for more."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Only rows of this time and later (ISO 8601).")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Only rows of this time and earlier.")
    ] = None,
    time_column: Annotated[
        str | None, typer.Option(help="Column with the time of a row; else when it was loaded.")
    ] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(help="Who has seen it or may have: a company, a role.")
    ] = None,
    noticed: Noticed = None,
    note: Note = None,
) -> None:
    """Data was exposed: find out who is affected, which laws apply, and what to do until when.

    Nothing is said of a person but in the list of whom to tell, which only you can read.
    """
    try:
        if (relation is None) == (file is None):
            raise IncidentError("say what was exposed: either --relation or --file")
        impersonal("--recipient", *(recipient or []))
        impersonal("--note", note)
        limits = Limits(_time("--from", since), _time("--until", until), time_column, column or ())
        if limits.since and limits.until and limits.until < limits.since:
            raise IncidentError("--until is before --from")
        noticed_at = _noticed(noticed)
        with exclusive("cdi incident open"):
            exposure.built()
            incidents.declare()
            searched = (
                exposure.of_relation(relation, limits)
                if relation is not None
                else exposure.of_file(file or Path(), limits)
            )
            with searched as found:
                _write_exposed(found, limits, noticed_at, recipient or [], note)
    except IncidentError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error


def _write_exposed(
    found: Searched,
    limits: Limits,
    noticed_at: datetime.datetime,
    recipients: Sequence[str],
    note: str | None,
) -> None:
    connection, exposed = found
    register.place_people(connection)
    laws = register.laws(connection, "placed", noticed_at)
    row = _row(connection, "data exposed", exposed.subject, noticed_at, note) | {
        "exposed_columns": ", ".join(limits.columns) or None,
        "time_column": exposed.time_column,
        "exposed_from": limits.since,
        "exposed_until": limits.until,
        "recipients": ", ".join(recipients) or None,
        "row_count": exposed.row_count,
        "people_count": sum(law.people_count for law in laws),
        "unknown_count": exposed.unknown_count,
    }
    planned = register.steps(connection, "data exposed", noticed_at, laws)
    register.write(connection, row, planned, exposed.classes)
    _tell(connection, row["incident_id"], exposed)


def component_command(
    package: Annotated[str, typer.Option(help="The package, as the package index calls it.")],
    affected: Annotated[str, typer.Option(help="Versions that are affected, such as '<1.5.6'.")],
    advisory: Annotated[str, typer.Option(help="Id or address of what was published of it.")],
    fixed_in: Annotated[
        str | None, typer.Option(help="The first version that is not affected.")
    ] = None,
    noticed: Noticed = None,
    note: Note = None,
) -> None:
    """Software is open to attack: find out whether ours is, and what to do until when.

    Where no version that is locked or installed is affected, nothing is written down.
    """
    try:
        impersonal("--note", note)
        noticed_at = _noticed(noticed)
        component = components.examine(package, affected, fixed_in, settings.PROJECT)
        for place in component.places:
            verdict = "[red]affected[/red]" if place.is_affected else "not affected"
            console.print(f"{place.where:<22}{package} {place.version}  {verdict}")
        dependents = ", ".join(component.dependents) or "nothing else that is installed"
        console.print(f"{'asked for by':<22}{dependents}", soft_wrap=True)
        if not component.is_affected:
            console.print("no incident: what is affected is neither locked nor installed")
            return
        with exclusive("cdi incident open"), register.opened() as connection:
            row = _row(connection, "vulnerable component", component.package, noticed_at, note)
            row |= {
                "advisory": advisory,
                "affected_versions": affected,
                "fixed_in": fixed_in,
                "people_count": 0,
                "unknown_count": 0,
            }
            planned = register.steps(connection, "vulnerable component", noticed_at)
            for step in planned:
                if step["step"] == "replace":
                    step["what"] = f"{step['what']}: {'; '.join(component.moves)}"
            register.write(connection, row, planned)
            _tell(connection, row["incident_id"])
    except IncidentError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error


def _row(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    subject: str,
    noticed_at: datetime.datetime,
    note: str | None,
) -> dict[str, Any]:
    opened_at = register.now()
    return {
        "incident_id": register.next_id(connection, opened_at),
        "kind": kind,
        "subject": subject,
        "noticed_at": noticed_at,
        "opened_at": opened_at,
        "note": note,
    }


def _tell(
    connection: duckdb.DuckDBPyConnection, incident_id: str, exposed: Exposure | None = None
) -> None:
    (incident,) = register.read(connection, incident_id)
    remarks = exposed.remarks if exposed else []
    console.print()
    for part in report.terminal(incident, remarks):
        console.print(part)
    folder = folder_of(incident_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = folder / "report.md"
    document.write_text(report.markdown(incident, remarks), "utf-8")
    console.print()
    console.print(f"report       {shown(document)}", soft_wrap=True)
    if exposed:
        people = folder / "people.csv"
        told = report.write_people(connection, incident_id, people)
        console.print(
            f"whom to tell {shown(people)} ({count(told)} people; personal data)", soft_wrap=True
        )


def folder_of(incident_id: str) -> Path:
    """Where the files of an incident are: beside the warehouse."""
    return settings.incidents() / incident_id


def impersonal(option: str, *texts: str | None) -> None:
    """Sees that nobody's address or number is written into a text that others will read.

    Raises:
        IncidentError: it is.
    """
    if not all(exposure.is_impersonal(text) for text in texts if text):
        raise IncidentError(
            f"{option} holds an e-mail address or a phone number: name a company or a role instead"
        )


def _noticed(written: str | None) -> datetime.datetime:
    noticed_at = _time("--noticed", written) or register.now()
    if noticed_at > register.now():
        raise IncidentError(f"--noticed {report.time(noticed_at)} is yet to come")
    return noticed_at


def _time(option: str, written: str | None) -> datetime.datetime | None:
    """A time as it was given, in UTC."""
    if written is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(written)
    except ValueError:
        raise IncidentError(
            f"{option} {written} is no time: write it as 2026-03-01T14:30 or 2026-03-01T14:30+01:00"
        ) from None
    if moment.tzinfo:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return moment
