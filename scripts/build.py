"""`cdi build`: dbt build on the warehouse, with whatever arguments dbt takes."""

from __future__ import annotations

import os
from collections.abc import Sequence

import typer

from ingestion import pipeline, settings
from ingestion.sources import SOURCES

PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def build_command(context: typer.Context) -> None:
    """Build and test every model: `dbt build`, with its arguments, such as `-s dim_customers+`."""
    for source in SOURCES:
        pipeline.declare_tables(source)
    raise typer.Exit(dbt("build", *context.args))


def dbt(command: str, *arguments: str) -> int:
    """Runs dbt on this project, whatever the current folder.

    Args:
        command: words of the dbt command, such as `build` or `docs generate`.
        arguments: what else dbt is given.

    Returns:
        dbt's exit code: 0, or 1 after failures, or 2 when it could not run.
    """
    from dbt.cli.main import dbtRunner  # takes two seconds: only when it is needed

    os.chdir(settings.PROJECT)
    result = dbtRunner().invoke([*command.split(), *_folders(arguments), *arguments])
    if result.success:
        return 0
    return 2 if result.exception else 1


def _folders(arguments: Sequence[str]) -> list[str]:
    """The project's folders, unless the caller names others."""
    folders = {"--project-dir": settings.PROJECT, "--profiles-dir": settings.PROJECT}
    return [
        word
        for option, folder in folders.items()
        if option not in arguments
        for word in (option, str(folder))
    ]
