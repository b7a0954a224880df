"""`cdi bench`: how fast the project is, against what the bare engine takes for the same data."""

from __future__ import annotations

import typer

from scripts.bench import identity, load, marts, scale, storage

app = typer.Typer()


@app.callback(invoke_without_command=True)
def bench_group(context: typer.Context) -> None:
    """How fast it is here, against the bare engine, in one run.

    Without a command: the whole way at all sizes, written to `docs/benchmarks`, which is
    `cdi bench scale --write docs/benchmarks`.
    """
    if context.invoked_subcommand is None:
        scale.scale_command(write=scale.RESULTS)


app.command("scale")(scale.scale_command)
app.command("load")(load.load_command)
app.command("identity")(identity.identity_command)
app.command("marts")(marts.marts_command)
app.command("storage")(storage.storage_command)
