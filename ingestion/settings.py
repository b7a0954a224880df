"""Where things are: the few settings of the project, each read from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, get_args

PROJECT = Path(__file__).resolve().parent.parent

Storage = Literal["warehouse", "lake", "hybrid"]


class StorageError(Exception):
    """Where data is kept cannot be used as it is set. The message says what to do, never a key."""


def storage() -> Storage:
    """Where data is kept (`CDI_STORAGE`, default `warehouse`).

    `warehouse`: raw records and what is made of them in one DuckDB file; `hybrid`: raw records as
    Parquet in the lake, the rest in the file; `lake`: both in the lake, the file is disposable.

    Raises:
        StorageError: there is no such storage.
    """
    chosen = os.environ.get("CDI_STORAGE") or "warehouse"
    for storage in get_args(Storage):
        if chosen == storage:
            return storage
    raise StorageError(f"CDI_STORAGE is {chosen!r}: it can be {', '.join(get_args(Storage))}")


def lake() -> str:
    """The folder or the fsspec URL of the lake (`CDI_LAKE`, default `data/lake`)."""
    chosen = (os.environ.get("CDI_LAKE") or "data/lake").removeprefix("file://").rstrip("/")
    return chosen if "://" in chosen else str(PROJECT / chosen)


def memory() -> str | None:
    """What the engine may hold in memory (`CDI_MEMORY`, such as `4GB`), unless as it likes."""
    return os.environ.get("CDI_MEMORY") or None


def warehouse() -> Path:
    """The DuckDB file that holds everything (`CDI_WAREHOUSE`, default `data/warehouse.duckdb`)."""
    return _path("CDI_WAREHOUSE", "data/warehouse.duckdb")


def published() -> Path:
    """The copy of the marts that readers open, beside the warehouse: `warehouse_marts.duckdb`."""
    return warehouse().with_name(f"{warehouse().stem}_marts.duckdb")


def shares() -> Path:
    """The folder of the files that roles are given, beside the warehouse."""
    return warehouse().with_name("shares")


def incidents() -> Path:
    """The folder of what `cdi incident` writes, lists of whom to tell included."""
    return warehouse().with_name("incidents")


def receipts() -> Path:
    """The folder of receipts of what people asked for, beside the warehouse."""
    return warehouse().with_name("receipts")


def rotated() -> Path:
    """The folder of files under a new key, whole and checked, that only have to be moved."""
    return warehouse().with_name(f"{warehouse().name}.rotated")


def left_behind() -> Path:
    """The folder of what `cdi storage migrate` has moved, as it was, until it is told to forget."""
    return warehouse().with_name(f"{warehouse().name}.before")


def spark() -> Path:
    """The folder of Spark's tables and their catalog (`CDI_SPARK`), beside the warehouse."""
    return _path("CDI_SPARK", str(warehouse().with_name(f"{warehouse().stem}_spark")))


def requests() -> Path:
    """The folder of what people are given of their data, beside the warehouse."""
    return warehouse().with_name("requests")


def files_mapping() -> Path:
    """The mapping of dropped files to canonical columns (`CDI_FILES`)."""
    return _path("CDI_FILES", "ingestion/files.yml")


def tracking_plan() -> Path:
    """The plan of what trackers are to send (`CDI_TRACKING_PLAN`)."""
    return _path("CDI_TRACKING_PLAN", "ingestion/tracking_plan.yml")


def load_thresholds() -> Path:
    """The seed that says how much of a load may break its contract."""
    return PROJECT / "dbt_project" / "seeds" / "governance" / "load_thresholds.csv"


def currency_aliases() -> Path:
    """The seed of the ways a currency is written."""
    return PROJECT / "dbt_project" / "seeds" / "reference" / "currency_aliases.csv"


def dbt_target() -> Path:
    """Where dbt writes its artefacts (dbt's own `DBT_TARGET_PATH`, default `target`)."""
    return _path("DBT_TARGET_PATH", "target")


def dbt_logs() -> Path:
    """Where dbt writes its log (dbt's own `DBT_LOG_PATH`, default `logs`)."""
    return _path("DBT_LOG_PATH", "logs")


def _path(variable: str, default: str) -> Path:
    """A path from the environment; a relative one starts at the project, not where you stand."""
    return PROJECT / os.environ.get(variable, default)
