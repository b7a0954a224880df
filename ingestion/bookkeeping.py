"""Raw tables that the project itself keeps: of loads, requests for privacy and incidents."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import duckdb

from ingestion import settings, storage
from ingestion.contracts import SQL_TYPES, RawRecord, columns


def now() -> datetime.datetime:
    """The time in UTC, to the second, as these tables keep it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def declare(schema: str, models: Sequence[type[RawRecord]]) -> None:
    """Creates the tables of these contracts in a schema, or the columns they lack."""
    if _is_declared(schema, models):
        return
    with storage.connect(settings.warehouse()) as connection:
        connection.execute(f"create schema if not exists {schema}")
        for model in models:
            table = f"{schema}.{model.raw.name}"
            for number, (name, hint) in enumerate(columns(model).items()):
                column = f"{name} {SQL_TYPES[hint['data_type']]}"
                if number == 0:
                    connection.execute(f"create table if not exists {table} ({column})")
                connection.execute(f"alter table {table} add column if not exists {column}")


def _is_declared(schema: str, models: Sequence[type[RawRecord]]) -> bool:
    """Whether the warehouse has these tables with all of their columns."""
    if not settings.warehouse().exists():
        return False
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        return is_declared_in(connection, schema, models)


def is_declared_in(
    connection: duckdb.DuckDBPyConnection, schema: str, models: Sequence[type[RawRecord]]
) -> bool:
    """Whether the warehouse that a connection is to has these tables with all of their columns."""
    found = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = ?",
        [schema],
    ).fetchall()
    return {(model.raw.name, name) for model in models for name in columns(model)} <= set(found)
