"""Running dbt in this process, as every command does that builds or reads the project."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion import settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult


def dbt(command: str, *arguments: str, warehouse: Path | None = None) -> int:
    """Runs dbt on this project, whatever the current folder.

    Args:
        command: words of the dbt command, such as `build` or `docs generate`.
        arguments: what else dbt is given.
        warehouse: the warehouse, if not the one of `CDI_WAREHOUSE`.

    Returns:
        dbt's exit code: 0, or 1 after failures, or 2 when it could not run.
    """
    os.chdir(settings.PROJECT)
    held = os.environ.get("CDI_WAREHOUSE")
    try:
        read = None
        if warehouse is not None:
            # Another path makes dbt read the whole project anew, unless it is given as it was read.
            # That has the warehouse's name in it.
            if warehouse.name == settings.warehouse().name:
                read = invoke("parse", ["--quiet"]).result
            os.environ["CDI_WAREHOUSE"] = str(warehouse)
        result = invoke(command, arguments, read)
    finally:
        if held is not None:
            os.environ["CDI_WAREHOUSE"] = held
        elif warehouse is not None:
            os.environ.pop("CDI_WAREHOUSE")
    if result.success:
        return 0
    return 2 if result.exception else 1


def invoke(command: str, arguments: Sequence[str], read: object = None) -> dbtRunnerResult:
    """Runs dbt on this project, and closes the warehouse after it.

    dbt leaves it open until Python happens to collect its objects.

    Args:
        command: words of the dbt command.
        arguments: what else dbt is given.
        read: the project as dbt read it before, if it did.
    """
    # Importing dbt takes two seconds: only when it is needed.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    runner = dbtRunner(read if isinstance(read, Manifest) else None)
    try:
        return runner.invoke([*command.split(), *_folders(arguments), *arguments])
    finally:
        environment = DuckDBConnectionManager._ENV
        if environment is not None:
            environment.close()
        DuckDBConnectionManager.close_all_connections()


def _folders(arguments: Sequence[str]) -> list[str]:
    """The project's folders, unless the caller names others."""
    folders = {"--project-dir": settings.PROJECT, "--profiles-dir": settings.PROJECT}
    return [
        word
        for option, folder in folders.items()
        if option not in arguments
        for word in (option, str(folder))
    ]
