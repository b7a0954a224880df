"""`cdi identity`: how well records are put together, and what another build would change."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="identity", help="Who is who: how good it is, and what changes.", no_args_is_help=True
)


@app.callback()
def identity_group() -> None:
    """Who is who: how good it is, and what changes."""
