"""A small company in files, and a way to end a process at a moment of one's choosing."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import yaml

PRELOADED = ["ingestion.pipeline", "ingestion.sources.files", "ingestion.sources.segment_events"]
BOOKS = (
    "load_id", "loaded_at", "resolved_at", "resolution", "file_version",
    "assigned_at", "changed_at", "retired_at", "noted_at", "judged_at", "recorded_at",
)  # fmt: skip


class Company:
    """Two file sources, and what they deliver on a day.

    Args:
        folder: holds the deliveries, the mapping of files, and warehouses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inbox, self.bucket = folder / "inbox", folder / "bucket"
        for place in (self.inbox, self.bucket):
            place.mkdir()
        crm = {"name": "crm", "key": "No", "columns": {"email": "Mail"}}
        till = {"name": "till", "key": "No", "entity": "orders"}
        datasets = [
            {"path": str(self.inbox / f"{dataset['name']}_*.csv"), **dataset}
            for dataset in (crm, till)
        ]
        (folder / "files.yml").write_text(yaml.safe_dump({"datasets": datasets}))

    def settings(self, warehouse: Path, storage: str = "warehouse") -> dict[str, str]:
        """The environment that loads the company into a warehouse, or a lake beside it."""
        return {
            "CDI_WAREHOUSE": str(warehouse),
            "CDI_STORAGE": storage,
            "CDI_LAKE": str(warehouse.with_suffix(".lake")),
            "CDI_FILES": str(self.folder / "files.yml"),
            "SOURCES__SEGMENT_EVENTS__BUCKET_URL": str(self.bucket),
        }

    def deliver(self, day: int) -> None:
        """Puts the files of a day where the sources look: new and changed records, broken ones."""
        people = [f"{n},p{n}.{day}@example.com\n" for n in range(day, day + 300)]
        (self.inbox / f"crm_{day}.csv").write_text("No,Mail\n" + "".join(people) + "broken,a,b\n")
        orders = "".join(f"{day}-{n},{n}\n" for n in range(200))
        (self.inbox / f"till_{day}.csv").write_text("No,Item\n" + orders)
        calls = [{"messageId": f"{day}-{n}", "type": "track", "event": "Seen"} for n in range(500)]
        lines = [*map(json.dumps, calls), "{", json.dumps(calls[0])]
        with gzip.open(self.bucket / f"calls_{day}.jsonl.gz", "wt") as file:
            file.write("\n".join(lines) + "\n")


def run(target: Callable[..., Any], settings: dict[str, str], *arguments: Any) -> int:
    """Runs a function in a process of its own, which is handed the settings first.

    Returns:
        Its exit code: negative where a signal ended it.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    # The server that forks it has the environment of whichever test started that.
    process = context.Process(target=_within, args=(dict(os.environ), target, settings, *arguments))
    process.start()
    process.join(400)
    assert process.exitcode is not None, "the process hangs"
    return process.exitcode


def _within(environment: dict[str, str], target: Callable[..., Any], *arguments: Any) -> None:
    os.environ.clear()
    os.environ.update(environment)
    target(*arguments)


def die() -> None:
    """Ends this process at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def contents(warehouse: Path, *left_out: str) -> dict[str, list[tuple]]:
    """All rows of all tables, without what tells when and by which load or commit they came."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found: dict[str, list[tuple]] = {}
        for schema, table, columns in connection.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns() "
            "where not starts_with(table_name, '_dlt') and not internal "
            "and database_name = current_database() group by all"
        ).fetchall():
            name = f"{schema}.{table}"
            kept = [c for c in sorted(columns) if c not in BOOKS and not c.startswith("_dlt")]
            if name not in (*left_out, "raw_loads.lake"):
                listed = ", ".join(f'"{column}"' for column in kept)
                found[name] = connection.execute(
                    f'select {listed} from "{schema}"."{table}" order by all'
                ).fetchall()
        return found
