"""`cdi bench`: how fast the project is, against what the bare engine takes for the same data."""

from __future__ import annotations

import typer

from scripts.bench import identity, load, marts, storage

app = typer.Typer(
    help="How fast it is here, against the bare engine, in one run.", no_args_is_help=True
)


@app.callback()
def bench_group() -> None:
    """How fast it is here, against the bare engine, in one run."""


app.command("load")(load.load_command)
app.command("identity")(identity.identity_command)
app.command("marts")(marts.marts_command)
app.command("storage")(storage.storage_command)
