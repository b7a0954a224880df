"""Reads who is who from what a build left: a warehouse, or the readers' copy of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingestion import storage
from ingestion.sources.files.readers import CONTROL
from ingestion.sql import quoted
from scripts.identity.evidence import IdentityError, unopened
from scripts.terminal import shown

# Tables every build publishes, and the columns that say which record is whose.
PUBLISHED: Mapping[str, Sequence[str]] = {
    "marts.xref_customer_records": ("source", "record_id", "record_key", "customer_id"),
    "marts.xref_account_records": ("source", "record_id", "record_key", "account_id"),
}


@contextmanager
def attached(
    connection: duckdb.DuckDBPyConnection, file: Path, needed: Mapping[str, Sequence[str]]
) -> Iterator[None]:
    """Attaches a file as `build`, read-only, for as long as the context lasts.

    Args:
        connection: to an in-memory database.
        file: a warehouse, or a readers' copy.
        needed: columns it has to hold, by `schema.table`.

    Raises:
        IdentityError: there is no such file, it is no warehouse, in use, or not built.
    """
    if not file.is_file():
        what = "a folder" if file.is_dir() else "not there"
        raise IdentityError(
            f"{shown(file)} is {what}: name a warehouse or a readers' copy that `cdi build` made"
        )
    try:
        storage.attach(connection, file, "build", may_be_plain=True)
    except duckdb.Error as error:
        raise unopened(file, error) from error
    try:
        _check(connection, file, needed)
        yield
    finally:
        connection.execute("detach build")


def read_records(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Copies whose records are from the attached build to a temporary table.

    It has a row a record: `record` (a number: two clusterings are joined by it a good deal faster
    than by texts), `entity`, `source`, `record_id`, `record_key`, and `golden_id`, the customer or
    account it is of.
    """
    connection.execute(
        f"""
        create temp table {quoted(table)} as
        select
            row_number() over (order by entity, record_key) as record,
            *
        from (
            select 'person' as entity, source, record_id, record_key, customer_id as golden_id
            from build.marts.xref_customer_records
            union all
            select 'organization', source, record_id, record_key, account_id
            from build.marts.xref_account_records
        )
        """
    )


def visible(text: str) -> str:
    """An id as it can be shown: without what a terminal would obey."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _check(
    connection: duckdb.DuckDBPyConnection, file: Path, needed: Mapping[str, Sequence[str]]
) -> None:
    columns = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where database_name = 'build'"
    ).fetchall()
    there = set(columns)
    tables = {table for table, _ in there}
    for table, names in needed.items():
        if table not in tables:
            raise IdentityError(
                f"{shown(file)} does not hold {table}: it is no warehouse, or `cdi build` has not "
                "built it"
            )
        lacking = [name for name in names if (table, name) not in there]
        if lacking:
            raise IdentityError(
                f"{shown(file)}: {table} has no column {', '.join(lacking)}: it is of another "
                "version; build it anew with `cdi build`"
            )
