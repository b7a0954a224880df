"""`cdi build`: dbt build on the warehouse, with whatever arguments dbt takes, then publishing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from ingestion import pipeline, settings
from ingestion.lock import exclusive
from scripts.publish import publish
from scripts.terminal import console, errors, shown

PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
# With any of these dbt builds a part of the project, or none of it for good.
PARTIAL = {
    "-s", "--select", "-m", "--models", "--exclude", "--selector", "--resource-type",
    "--resource-types", "--exclude-resource-type", "--exclude-resource-types", "--empty",
    "--sample", "-t", "--target", "-h", "--help",
}  # fmt: skip


def build_command(context: typer.Context) -> None:
    """Build and test every model: `dbt build`, with its arguments, such as `-s dim_customers+`.

    When everything was built and every test passed, the marts are published together to the file
    that readers open. Until then they see those of the last good build.
    """
    with exclusive("cdi build"):
        pipeline.declare_everything()
        code = dbt("build", *context.args)
        if code:
            errors.print("not published: readers keep the marts of the last good build")
        elif PARTIAL.intersection(argument.split("=")[0] for argument in context.args):
            errors.print("not published: only a build of everything is")
        else:
            console.print(f"published for readers: {shown(publish())}", soft_wrap=True)
            from scripts.governance.command import look, summary

            answers = look()
            if answers is not None:
                console.print(summary(answers), soft_wrap=True)
                code = int(any(row["unplanned_count"] for row in answers))
    raise typer.Exit(code)


def dbt(command: str, *arguments: str, warehouse: Path | None = None) -> int:
    """Runs dbt on this project, whatever the current folder.

    Args:
        command: words of the dbt command, such as `build` or `docs generate`.
        arguments: what else dbt is given.
        warehouse: the warehouse, if not the one of `CDI_WAREHOUSE`.

    Returns:
        dbt's exit code: 0, or 1 after failures, or 2 when it could not run.
    """
    # Importing dbt takes two seconds: only when it is needed.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.chdir(settings.PROJECT)
    held = os.environ.get("CDI_WAREHOUSE")
    try:
        if warehouse is not None:
            os.environ["CDI_WAREHOUSE"] = str(warehouse)
        result = dbtRunner().invoke([*command.split(), *_folders(arguments), *arguments])
    finally:
        if held is not None:
            os.environ["CDI_WAREHOUSE"] = held
        elif warehouse is not None:
            os.environ.pop("CDI_WAREHOUSE")
    # dbt leaves the warehouse open for as long as the process lives.
    DuckDBConnectionManager.close_all_connections()
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
