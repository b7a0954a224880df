"""`cdi identity`: how well records are put together, and what another build would change."""

from __future__ import annotations

import typer

from scripts.identity.diff import diff_command
from scripts.identity.evaluate import evaluate_command

app = typer.Typer(
    help="Who is who: how good it is, and what another build changes.", no_args_is_help=True
)


@app.callback()
def identity_group() -> None:
    """Who is who: how good it is, and what another build changes."""


app.command("evaluate")(evaluate_command)
app.command("diff")(diff_command)
