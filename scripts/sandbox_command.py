"""`cdi sandbox`: a made-up company to try everything on."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Annotated

import typer

from ingestion import settings
from scripts.terminal import console, count, errors

app = typer.Typer(help="A made-up company with a known truth.", no_args_is_help=True)

FOLDER = settings.PROJECT / "data" / "sandbox"
Folder = Annotated[Path, typer.Option(help="Folder of the sandbox.", show_default="data/sandbox")]


@app.command()
def generate(
    customers: Annotated[int, typer.Option(min=1, help="How many people it knows.")] = 2000,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 1,
    folder: Folder = FOLDER,
) -> None:
    """Make the company: its people, and what eight tools know of them, with real-life faults."""
    from scripts.sandbox.generate import generate as generate_company

    try:
        summary = generate_company(folder, customers, seed)
    except FileExistsError as problem:
        errors.print(f"[red]{problem}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    told = "is there already" if summary.reused else "generated"
    console.print(
        f"sandbox company {told}: {count(customers)} people, {count(summary.records)} records "
        f"of them in 8 sources, in {folder}",
        soft_wrap=True,
    )


@app.command(context_settings={"allow_extra_args": True})
def serve(
    context: typer.Context,
    folder: Folder = FOLDER,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help="Misbehave: PATH=KIND[:TIMES], KIND a status such as 429 or 500, or drop, hang, "
            "page. Example: /hubspot=429:3"
        ),
    ] = None,
) -> None:
    """Serve the company's five SaaS APIs as their vendors do, until Ctrl-C.

    With a command (`cdi sandbox serve -- cdi load`), serves for as long as it runs, with every
    source's settings in its environment, and exits with its code.
    """
    from scripts.sandbox.server import parse_fault, serving
    from scripts.sandbox.store import Store

    objects = folder / "objects.duckdb"
    if not objects.exists():
        errors.print(f"no sandbox in {folder}: run `cdi sandbox generate` first", soft_wrap=True)
        raise typer.Exit(1)
    try:
        faults = [parse_fault(text) for text in fault or []]
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--fault") from None
    with serving(Store(objects), port=port) as sandbox:
        sandbox.misbehaviour.faults += faults
        variables = sandbox.settings(folder)
        if context.args:
            command = subprocess.run(context.args, env={**os.environ, **variables}, check=False)  # noqa: S603
            raise typer.Exit(command.returncode)
        console.print(f"serving the sandbox company at {sandbox.url} (Ctrl-C stops); to load it:\n")
        for variable, value in variables.items():
            console.print(f"export {variable}='{value}'", soft_wrap=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            raise typer.Exit from None
