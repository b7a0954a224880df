"""Builds models with dbt, and tells what their tables took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bench.measure import BenchError, Sampler, Stopwatch
from scripts.dbt_runner import invoke


@dataclass(frozen=True)
class Built:
    """What building some models took.

    Args:
        table_seconds: from when the first table was begun until the last was done.
        dbt_seconds: all of it: dbt's own start, and the views and seeds it begins with, too.
        tables: how many there are.
        seconds: those of each table, by its name.
        peak_bytes: resident memory of the process at most while it was made, by its name; what was
            made before it may still be held.
    """

    table_seconds: float
    dbt_seconds: float
    tables: int
    seconds: dict[str, float]
    peak_bytes: dict[str, int]


def build_models(
    folder: Path,
    *select: str,
    exclude: Sequence[str] = (),
    full_refresh: bool = False,
    threads: int | None = None,
) -> Built:
    """Builds what dbt selects of this project, without its tests, in the warehouse of the settings.

    Args:
        folder: gets dbt's target and logs.
        select: as dbt's `--select` takes it.
        exclude: as dbt's `--exclude` takes it.
        full_refresh: as dbt's `--full-refresh`.
        threads: how many models are built at once; with one, memory is of one model.

    Raises:
        BenchError: a model failed.
    """
    arguments = ["--quiet", "--select", *select]
    arguments += ["--exclude", *exclude] if exclude else []
    arguments += ["--full-refresh"] if full_refresh else []
    arguments += ["--threads", str(threads)] if threads else []
    arguments += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    arguments += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    whole = Stopwatch()
    with whole.running(), Sampler() as sampler:
        built: Any = invoke("build", arguments)
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
        peak_bytes={name: sampler.peak(start, end) for name, (start, end) in times.items()},
    )
