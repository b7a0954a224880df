"""Where the project writes, beside the tables of the warehouse."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion import pipeline, settings


def folders() -> dict[str, Path]:
    """Folders of what was written of data, by what they are called."""
    return {
        "dbt target": settings.dbt_target(),
        "dbt logs": settings.dbt_logs(),
        "shares": settings.shares(),
        "receipts": settings.receipts(),
        "incidents": settings.incidents(),
        "load under way": pipeline.working_folder(),
    }


def files_in(folder: Path) -> list[Path]:
    """Every file in a folder and those below."""
    return [Path(path, name) for path, _, names in os.walk(folder) for name in sorted(names)]


def short(file: Path) -> str:
    """A file by where it is in the project or beside the warehouse, not on the machine."""
    target, logs = settings.dbt_target(), settings.dbt_logs()
    for root in (settings.PROJECT, settings.warehouse().parent, target.parent, logs.parent):
        if file.is_relative_to(root):
            return file.relative_to(root).as_posix()
    return file.name


@dataclass(frozen=True)
class Build:
    """The last run of dbt that built something.

    Args:
        ended_at: when (UTC).
        is_good: whether all was built and every test passed, so that it was to be published.
    """

    ended_at: datetime.datetime
    is_good: bool


def last_build() -> Build | None:
    """What dbt's own `run_results.json` says of its last run; none where there was no build."""
    file = settings.dbt_target() / "run_results.json"
    if not file.exists():
        return None
    told = json.loads(file.read_text("utf-8"))
    if told["args"].get("which") != "build":
        return None
    is_good = all(one["status"] not in _BAD for one in told["results"])
    ended_at = datetime.datetime.fromisoformat(told["metadata"]["generated_at"])
    return Build(ended_at, is_good and _is_whole(told["args"]))


def _is_whole(arguments: Mapping[str, Any]) -> bool:
    """Whether dbt was to build and test everything; unit tests say nothing of the data."""
    left_out = set(arguments.get("exclude_resource_types") or ()) - {"unit_test"}
    return not left_out and not any(arguments.get(name) for name in _PARTIAL)


def written_at(file: Path) -> datetime.datetime:
    """When a file was last written (UTC)."""
    return datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC)


def days(between: datetime.timedelta) -> float:
    """A time in days, never less than none."""
    return round(max(between.total_seconds(), 0) / 86_400, 2)


def exposed(place: Path) -> Iterator[Path]:
    """Files at a place, or below it, that others than their owner can read or write.

    A folder that others cannot pass keeps what is in it, whatever the modes of that.
    """
    mode = place.stat().st_mode
    if place.is_dir():
        if mode & 0o011:
            for each in sorted(place.iterdir()):
                yield from exposed(each)
    elif mode & 0o066:
        yield place


_PARTIAL = ("select", "exclude", "selector", "resource_types", "empty", "sample")
_BAD = frozenset({"error", "fail", "skipped", "runtime error", "partial success"})
