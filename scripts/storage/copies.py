"""Copies of database files that are compared with what they were made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from ingestion import storage
from ingestion.lake import sync
from ingestion.sql import fingerprint, literal, quoted


class CopyError(Exception):
    """A file was not written as it was read, or is in use. Nothing has changed."""


def write_anew(old: Path, new: Path, key: str | None, *, is_in_use: bool = False) -> None:
    """Writes a file anew under a key, and compares the two by the hashes of all their rows.

    Args:
        old: a database file, plain or under the key there is.
        new: where it goes; its folder takes what does not fit into memory.
        key: of the new one; with none it is plain.
        is_in_use: whether the old one's log is to go into the file first, as of a warehouse.

    Raises:
        CopyError: the two differ, or the old one is in use.
    """
    kept = storage.encryption(old)
    is_plain = kept is not None and not kept.is_encrypted
    current = None if is_plain else storage.encryption_key()
    with _opened(new.parent, is_encrypted=bool(key or current)) as connection:
        try:
            storage.attach_with(connection, old, "old", current, read_only=not is_in_use)
        except duckdb.IOException:
            raise CopyError(
                f"{old.name} is in use, or cannot be read: close what has it open; nothing changed"
            ) from None
        storage.attach_with(connection, new, "new", key)
        new.chmod(0o600)
        connection.execute("copy from database old to new")
        connection.execute("detach new")
        storage.attach_with(connection, new, "new", key, read_only=True)
        if contents(connection, "old") != contents(connection, "new"):
            raise CopyError(f"{old.name} was not written as it was read; nothing changed")
    sync(new)


def contents(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, object]:
    """Rows and a hash of them by table of an attached database, and what else there is in it."""
    found: dict[str, object] = {}
    tables = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) "
        "from duckdb_columns() inner join duckdb_tables() using (database_name, schema_name, "
        "table_name) where database_name = ? group by all",
        [database],
    ).fetchall()
    for schema, table, columns in tables:
        name = f"{quoted(database)}.{quoted(schema)}.{quoted(table)}"
        found[f"{schema}.{table}"] = fingerprint(connection, name, columns)
    others = {
        "tables": "select sql from duckdb_tables() where database_name = ?",
        # A plain file's older format nests their unions: the same query, in other words.
        "views": "select schema_name, view_name, column_count from duckdb_views() "
        "where not internal and database_name = ?",
        "indexes": "select sql from duckdb_indexes() where database_name = ?",
        "sequences": "select sql, last_value from duckdb_sequences() where database_name = ?",
    }
    for kind, sql in others.items():
        found[kind] = connection.execute(f"{sql} order by all", [database]).fetchall()
    return found


@contextmanager
def _opened(folder: Path, is_encrypted: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database whose spills, encrypted as the files are, go to a folder."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"set temp_directory = {literal(folder / 'spilled')}")
        connection.execute("set TimeZone = 'UTC'")
        if is_encrypted:
            storage.encrypt_what_spills(connection)
        storage.limit_memory(connection)
        storage.reach_lake(connection)
        yield connection
