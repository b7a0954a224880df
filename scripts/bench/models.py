"""Builds models with dbt, and tells what their tables took."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion import settings
from scripts.bench.measure import BenchError, Stopwatch


@dataclass(frozen=True)
class Built:
    """What building some models took.

    Args:
        table_seconds: from when the first table was begun until the last was done.
        dbt_seconds: all of it: dbt's own start, and the views and seeds it begins with, too.
        tables: how many there are.
        seconds: those of each table, by its name.
    """

    table_seconds: float
    dbt_seconds: float
    tables: int
    seconds: dict[str, float]


def build_models(folder: Path, *select: str, full_refresh: bool = False) -> Built:
    """Builds what dbt selects of this project, without its tests, in the warehouse of the settings.

    Args:
        folder: gets dbt's target and logs.
        select: as dbt's `--select` takes it.
        full_refresh: as dbt's `--full-refresh`.

    Raises:
        BenchError: a model failed.
    """
    # Importing dbt takes two seconds: only when it is needed.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = ["build", "--quiet", "--select", *select]
    arguments += ["--full-refresh"] if full_refresh else []
    arguments += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    arguments += ["--project-dir", str(settings.PROJECT), "--profiles-dir", str(settings.PROJECT)]
    arguments += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    whole = Stopwatch()
    with whole.running():
        built: Any = dbtRunner().invoke(arguments)
    # dbt leaves the warehouse open for as long as the process lives.
    DuckDBConnectionManager.close_all_connections()
    if not built.success:
        raise BenchError(f"dbt build failed: {built.exception or 'what it says is above'}")
    times = {
        result.node.name: (timing.started_at, timing.completed_at)
        for result in built.result.results
        if result.node.config.materialized in ("table", "incremental")
        for timing in result.timing
        if timing.name == "execute"
    }
    begun = min(start for start, _ in times.values())
    done = max(end for _, end in times.values())
    return Built(
        table_seconds=(done - begun).total_seconds(),
        dbt_seconds=whole.seconds,
        tables=len(times),
        seconds={name: (end - start).total_seconds() for name, (start, end) in times.items()},
    )
