"""The files of roles: made of the readers' copy, replaced whole, opened locked."""

from __future__ import annotations

from pathlib import Path

import duckdb
from filelock import FileLock

from ingestion import keys, settings, storage
from ingestion.sql import quoted
from scripts.share.treatments import Shown, kept_characters, policies, selected

Tables = dict[tuple[str, str], list[Shown]]


class ShareError(Exception):
    """A role's file cannot be made or opened. The message says why, and how to mend it."""


def share_file(role: str) -> Path:
    """Where a role's file is."""
    return settings.shares() / f"{settings.warehouse().stem}_{role}.duckdb"


def existing() -> list[str]:
    """Roles that have a file."""
    return [role for role in policies() if share_file(role).exists()]


def build(role: str) -> Path:
    """Writes a role's file anew, and puts it in the old one's place.

    Whoever has the old one open goes on reading it as it was. Made of the readers' copy, it neither
    waits for the warehouse nor is in its way; where another copy has taken that one's place
    meanwhile, such as one without people who were erased, it is made of that.

    Args:
        role: a role of the seed `access_policies`.

    Returns:
        The file, readable and writable by its owner alone.

    Raises:
        ShareError: there is no such role, or nothing to make the file of.
        PolicyError: the seed cannot be followed.
    """
    policy = _policy(role)
    published = settings.published()
    if not published.exists():
        raise ShareError(f"there is no {published.name} to make it of: run `cdi build` first")
    file = share_file(role)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".new")
    with FileLock(file.with_name(file.name + ".lock"), mode=0o600):
        try:
            made_of = None
            while made_of != published.stat().st_ino:
                made_of = published.stat().st_ino
                unfinished.unlink(missing_ok=True)
                _write(unfinished, published, policy)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    return file


def _write(file: Path, published: Path, policy: dict[str, str]) -> None:
    kept = kept_characters()
    with storage.connect(file) as connection:
        connection.execute("set TimeZone = 'UTC'")
        storage.attach(connection, published, "published")
        keys.install(connection)
        for (schema, table), columns in public_tables(connection).items():
            expressions = selected(columns, policy, kept)
            if expressions:
                name = f"{quoted(schema)}.{quoted(table)}"
                connection.execute(f"create schema if not exists {quoted(schema)}")
                connection.execute(
                    f"create table {name} as select {', '.join(expressions)} from published.{name}"
                )


def public_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Columns of every table of the attached database `published`, with their classes.

    A column that the inventory does not know is taken for the strongest class.

    Raises:
        ShareError: there is no inventory.
    """
    has_inventory = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'published' "
        "and schema_name = 'governance' and table_name = 'pii_inventory'"
    ).fetchone()
    if has_inventory == (0,):
        raise ShareError("there is no governance.pii_inventory yet: run `cdi build` first")
    rows = connection.execute(
        """
        select
            columns.schema_name, columns.table_name, columns.column_name, columns.data_type,
            coalesce(inventory.pii, 'special')
        from duckdb_columns() as columns
        left join published.governance.pii_inventory as inventory
            on
                columns.schema_name = inventory.table_schema
                and columns.table_name = inventory.table_name
                and columns.column_name = inventory.column_name
        where columns.database_name = 'published' and not columns.internal
        order by columns.schema_name, columns.table_name, columns.column_index
        """
    ).fetchall()
    tables: Tables = {}
    for schema, table, name, data_type, pii in rows:
        tables.setdefault((schema, table), []).append(Shown(name, data_type, pii))
    return tables


def opened(role: str) -> duckdb.DuckDBPyConnection:
    """A session on a role's file that can read it, and do nothing else.

    It cannot write, attach, or read or write any other file, load an extension, or change any of
    that: the configuration is locked.

    Raises:
        ShareError: there is no such role, or it has no file.
    """
    _policy(role)
    file = share_file(role)
    if not file.exists():
        raise ShareError(f"{role} has no file yet: run `cdi share build {role}`")
    connection = storage.connect(file, read_only=True)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _policy(role: str) -> dict[str, str]:
    roles = policies()
    if role not in roles:
        raise ShareError(f"there is no role {role} in access_policies.csv: {', '.join(roles)}")
    return roles[role]
