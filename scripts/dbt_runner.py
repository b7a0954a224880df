"""Running dbt in this process, as every command does that builds or reads the project."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ingestion import settings


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
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    os.chdir(settings.PROJECT)
    held = os.environ.get("CDI_WAREHOUSE")
    try:
        runner = dbtRunner()
        if warehouse is not None:
            # Another path makes dbt read the whole project anew, unless it is given as it was read.
            # That has the warehouse's name in it.
            if warehouse.name == settings.warehouse().name:
                parsed = runner.invoke(["parse", "--quiet", *_folders([])]).result
                runner = dbtRunner(parsed if isinstance(parsed, Manifest) else None)
            os.environ["CDI_WAREHOUSE"] = str(warehouse)
        result = runner.invoke([*command.split(), *_folders(arguments), *arguments])
    finally:
        if held is not None:
            os.environ["CDI_WAREHOUSE"] = held
        elif warehouse is not None:
            os.environ.pop("CDI_WAREHOUSE")
        close_warehouse()
    if result.success:
        return 0
    return 2 if result.exception else 1


def close_warehouse() -> None:
    """Closes the warehouse, which dbt leaves open until Python happens to collect its objects."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

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
