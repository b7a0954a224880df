"""`cdi incident`: data that was exposed, or software open to attack: who, what, until when."""

from __future__ import annotations

import typer

from scripts.incident.follow import close_command, status_command, step_command
from scripts.incident.open import component_command, exposed_command

app = typer.Typer(
    help="Incidents: open, status, step, close.",
    no_args_is_help=True,
)
open_app = typer.Typer(help="Write down an incident: what it is about.", no_args_is_help=True)


@app.callback()
def incident_group() -> None:
    """Incidents: data that was exposed, and software that is open to attack."""


@open_app.callback()
def open_group() -> None:
    """Write down an incident: who is affected, which laws apply, what to do until when."""


open_app.command("exposed")(exposed_command)
open_app.command("component")(component_command)
app.add_typer(open_app, name="open")
app.command("status")(status_command)
app.command("step")(step_command)
app.command("close")(close_command)
