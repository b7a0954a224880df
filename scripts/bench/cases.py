"""What `cdi bench load` measures: for each case its data, our way, and that of the bare engine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg2
import yaml

from ingestion import pipeline, settings
from ingestion.sql import literal
from scripts.bench import data
from scripts.bench.measure import BenchError, Measured, Stopwatch
from scripts.bench.models import build_models

CREDENTIALS = "SOURCES__APP_DATABASE__CREDENTIALS"

Variables = dict[str, str]


@dataclass(frozen=True)
class Goal:
    """What a case is to reach at its full size; what is None is not asked for.

    Args:
        ratio: times the seconds of the bare engine, at most.
        gib: of memory, at most.
        rows_per_second: at least, if the bare engine gives as many.
        seconds: at most.
    """

    ratio: float | None = None
    gib: float | None = None
    rows_per_second: int | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        parts = {
            "at most {:g}x": self.ratio,
            "{:g} GiB": self.gib,
            "at least {:,} rows/s": self.rows_per_second,
            "at most {:g} s": self.seconds,
        }
        return ", ".join(text.format(value) for text, value in parts.items() if value is not None)

    def is_reached(self, rows: int, ours: Measured, bare: Measured) -> bool:
        """Whether it is, by what so many rows took."""
        rate = self.rows_per_second or 0
        return (
            (self.ratio is None or ours.seconds <= self.ratio * bare.seconds)
            and (self.gib is None or ours.peak_bytes <= self.gib * 2**30)
            and (rows / ours.seconds >= rate or rows / bare.seconds < rate)
            and (self.seconds is None or ours.seconds <= self.seconds)
        )


@dataclass(frozen=True)
class Case:
    """Something to measure. Its three functions run in processes of their own, one after another.

    Args:
        rows: its full size.
        goal: what it is to reach.
        against: what the bare engine is asked for.
        make: puts data into a folder, by number of rows and seed.
        ours: does the work, and tells what became of the rows.
        bare: has the bare engine do it.
        environment: variables they have, by folder; the warehouse is set.
        surroundings: what has to run meanwhile; gives more variables.
        needs: a package it cannot do without.
    """

    rows: int
    goal: Goal
    against: str
    make: Callable[[Stopwatch, Path, int, int], None]
    ours: Callable[[Stopwatch, Path], dict[str, Any]]
    bare: Callable[[Stopwatch, Path], None]
    environment: Callable[[Path], Variables] = lambda _: {}
    surroundings: Callable[[], AbstractContextManager[Variables]] = lambda: nullcontext({})
    needs: str | None = None


# Segment calls land, every line checked, the malformed ones in quarantine.


def _make_events(_: Stopwatch, folder: Path, rows: int, seed: int) -> None:
    data.write_events(folder / "events", rows, seed)


def _load_events(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    return _load(stopwatch, "segment_events")


def _read_events(stopwatch: Stopwatch, folder: Path) -> None:
    # The format is named because only then may errors be ignored.
    options = "format = 'newline_delimited', ignore_errors = true"
    files = folder / "events" / "*.jsonl.gz"
    _create_table(stopwatch, folder, f"read_json({literal(files)}, {options})")


# A CSV of customers lands.


def _make_customers(_: Stopwatch, folder: Path, rows: int, seed: int) -> None:
    data.write_customers(folder / "customers.csv", rows, seed)
    same = (
        "given_name middle_name family_name name_suffix gender email phone street_address unit "
        "city region postcode country company_name job_title created_at updated_at"
    )
    columns: dict[str, Any] = {name: name for name in same.split()}
    columns["birth_date"] = {"column": "birth_date", "date_format": "%Y-%m-%d"}
    dataset = {
        "name": "crm",
        "path": str(folder / "customers.csv"),
        "key": ["customer_no"],
        "columns": columns,
    }
    (folder / "files.yml").write_text(yaml.safe_dump({"datasets": [dataset]}))


def _load_customers(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    return _load(stopwatch, "files")


def _read_customers(stopwatch: Stopwatch, folder: Path) -> None:
    _create_table(stopwatch, folder, f"read_csv({literal(folder / 'customers.csv')})")


# The users of an app land, out of a PostgreSQL, and the keys there are.

_APP_TABLES = """
create table users (
    id text primary key, email text, given_name text, family_name text, birth_date date, phone text,
    country text, created_at timestamptz, updated_at timestamptz not null, deleted_at timestamptz
);
create table logins (
    id bigint primary key, user_id text, device_id text, device_type text, user_agent text, ip text,
    logged_in_at timestamptz
);
create table consents (
    id bigint primary key, user_id text, purpose text, channel text, status text, evidence text,
    recorded_at timestamptz
);
"""


@contextmanager
def _postgres() -> Iterator[Variables]:
    pgserver: Any = import_module("pgserver")
    # In a folder of its own: the server's user (as root, another) may not enter others of ours.
    with tempfile.TemporaryDirectory(prefix="cdi-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield {CREDENTIALS: server.get_uri()}
        finally:
            server.cleanup()


def _make_users(_: Stopwatch, folder: Path, rows: int, seed: int) -> None:
    file = folder / "users.csv"
    data.write_users(file, rows, seed)
    with closing(psycopg2.connect(os.environ[CREDENTIALS])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor, file.open() as lines:
            cursor.execute(_APP_TABLES)
            cursor.copy_expert("copy users from stdin (format csv)", lines)
            cursor.execute("vacuum (freeze, analyze) users")


def _load_users(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    return _load(stopwatch, "app_database", "users")


def _copy_users(stopwatch: Stopwatch, folder: Path) -> None:
    with (
        stopwatch.running(),
        closing(psycopg2.connect(os.environ[CREDENTIALS])) as connection,
        connection.cursor() as cursor,
        Path(os.devnull).open("wb") as nowhere,
    ):
        cursor.copy_expert("copy users to stdout", nowhere)


# Records of people as they typed themselves go through the models that clean them.


def _make_records(_: Stopwatch, folder: Path, rows: int, seed: int) -> None:
    pipeline.declare_everything()
    data.fill_records(settings.warehouse(), rows, seed)


def _clean_records(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Counts from when the first table is begun until the last is done."""
    built = build_models(folder, "+int_person_records__cleaned")
    stopwatch.seconds = built.table_seconds
    return {"tables": built.tables, "dbt_seconds": built.dbt_seconds}


def _copy_records(stopwatch: Stopwatch, folder: Path) -> None:
    with data.connect(settings.warehouse()) as connection, stopwatch.running():
        connection.execute(
            "create or replace table bare as from intermediate.int_person_records__unioned"
        )
        connection.execute("checkpoint")


def _load(stopwatch: Stopwatch, source: str, table: str | None = None) -> dict[str, Any]:
    """Loads a source into a new warehouse that has its tables.

    Returns:
        How many records came, and what became of them; of one table only where it is named.
    """
    settings.warehouse().unlink(missing_ok=True)
    pipeline.declare_tables(source)
    with stopwatch.running():
        result = pipeline.load(source)
    if result.error or result.skipped:
        raise BenchError(str(result.error or result.skipped))
    kinds = ("records_received", "records_loaded", "records_quarantined", "identical_redeliveries")
    counts = [row for row in result.counts if table in (None, row["table_name"])]
    return {kind: sum(row[kind] for row in counts) for kind in kinds}


def _create_table(stopwatch: Stopwatch, folder: Path, read: str) -> None:
    """Has DuckDB create a table in a new file, and close it."""
    file = folder / "bare.duckdb"
    file.unlink(missing_ok=True)
    with stopwatch.running(), data.connect(file) as connection:
        connection.execute(f"create table bare as select * from {read}")


CASES = {
    "events": Case(
        rows=5_000_000,
        goal=Goal(ratio=3, gib=2),
        against="create table as select * from read_json('*.jsonl.gz', ignore_errors = true)",
        make=_make_events,
        ours=_load_events,
        bare=_read_events,
        environment=lambda folder: {"SOURCES__SEGMENT_EVENTS__BUCKET_URL": str(folder / "events")},
    ),
    "customers_csv": Case(
        rows=1_000_000,
        goal=Goal(ratio=4),
        against="create table as select * from read_csv('customers.csv')",
        make=_make_customers,
        ours=_load_customers,
        bare=_read_customers,
        environment=lambda folder: {"CDI_FILES": str(folder / "files.yml")},
    ),
    "postgres": Case(
        rows=1_000_000,
        goal=Goal(rows_per_second=200_000),
        against="copy users to stdout, and to nowhere",
        make=_make_users,
        ours=_load_users,
        bare=_copy_users,
        surroundings=_postgres,
        needs="pgserver",
    ),
    "cleaning": Case(
        rows=1_000_000,
        goal=Goal(seconds=30),
        against="create table as from int_person_records__unioned",
        make=_make_records,
        ours=_clean_records,
        bare=_copy_records,
    ),
}
"""What there is to measure, by name."""
