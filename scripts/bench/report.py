"""What every benchmark's report has: the machine it was made on, and what could not be measured."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import typer
from rich.markup import escape

from scripts.terminal import errors


def machine() -> dict[str, Any]:
    """What a report was made on: cores, system and versions."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{package: version(package) for package in ("duckdb", "dlt", "dbt-core", "pyarrow")},
    }


def tell_unmeasured(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Tells of each result, by its name, that was skipped or failed, and why.

    Raises:
        typer.Exit: with 1, where one failed.
    """
    for name, result in results.items():
        if reason := result.get("skipped") or result.get("error"):
            kind = "skipped" if "skipped" in result else "[red]failed[/red]"
            errors.print(f"{name} {kind}: {escape(reason)}", soft_wrap=True)
    if any("error" in result for result in results.values()):
        raise typer.Exit(1)


def growth_exponent(times_the_seconds: float, times_the_size: float) -> float:
    """By which power of the size the seconds grow: 1 is in step with it."""
    return math.log(times_the_seconds) / math.log(times_the_size)
