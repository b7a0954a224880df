"""`cdi incident status`, `step` and `close`: what is left to do, and that it was done."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from ingestion.lock import exclusive
from scripts.incident import register, report
from scripts.incident.exposure import IncidentError
from scripts.incident.open import folder_of, impersonal
from scripts.terminal import console, errors

IncidentId = Annotated[str, typer.Argument(metavar="ID", help="The incident.")]


def status_command(
    incident_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One incident, with all its steps.")
    ] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
) -> None:
    """List incidents with what is next, or show one. Nothing is said of a person."""
    try:
        with register.opened(read_only=True) as connection:
            found = register.read(connection, incident_id)
    except IncidentError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    if incident_id and as_markdown:
        typer.echo(report.markdown(found[0]))
    elif incident_id:
        for part in report.terminal(found[0]):
            console.print(part)
    else:
        console.print(report.listing(found) if found else "no incident is written down")


def step_command(
    incident_id: IncidentId,
    step: Annotated[str, typer.Argument(help="The step, as `cdi incident status ID` names it.")],
    done: Annotated[bool, typer.Option("--done", help="It is done.")] = False,
    note: Annotated[
        str | None, typer.Option(help="What came of it; without personal data.")
    ] = None,
) -> None:
    """Write down that a step is done."""
    try:
        if not done:
            raise IncidentError("say that it is done: --done")
        impersonal("--note", note)
        with exclusive("cdi incident step"), register.opened() as connection:
            (incident,) = register.read(connection, incident_id)
            done_at = register.finish_step(connection, incident, step, note)
            (incident,) = register.read(connection, incident_id)
    except IncidentError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    left = sum(step["is_obligatory"] for step in incident.open_steps)
    console.print(
        f"{escape(step)} done {report.time(done_at)}; {left} obligatory steps left", soft_wrap=True
    )


def close_command(
    incident_id: IncidentId,
    outcome: Annotated[str, typer.Option(help="What came of it; without personal data.")],
    force: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Close it with obligatory steps undone, and why."),
    ] = None,
) -> None:
    """End an incident whose obligatory steps are done. The list of whom to tell is deleted."""
    try:
        for option, text in (("--outcome", outcome), ("--force", force)):
            if text is not None and not text.strip():
                raise IncidentError(f"{option} is empty: whoever reads it next year must know")
            impersonal(option, text)
        with exclusive("cdi incident close"), register.opened() as connection:
            (incident,) = register.read(connection, incident_id)
            closed_at = register.close(connection, incident, outcome, force)
    except IncidentError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    (folder_of(incident_id) / "people.csv").unlink(missing_ok=True)
    console.print(f"{incident_id} closed {report.time(closed_at)}", soft_wrap=True)
