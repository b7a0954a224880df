"""Writes every database file anew under another key, and puts the new ones in the old ones' place.

First all of them are written and checked in a folder of their own, which is thrown away by the next
run if this one ends there: nothing has changed. Then the folder is renamed, in one step, and from
there on the change holds: the files only have to be moved, which takes no key and which the next
`cdi encrypt rotate` goes on with. Until then every other command refuses.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from ingestion import pipeline, settings, storage
from ingestion.lock import exclusive
from ingestion.sql import literal, quoted

Tell = Callable[[str], None]


class RotationError(Exception):
    """The key cannot be changed. The message says why; the files are as they were."""


def unfinished() -> Path:
    """The folder of files under the new key, while they are written and checked."""
    return settings.warehouse().with_name(f"{settings.warehouse().name}.rotating")


def finish() -> list[Path]:
    """Moves what a change of the key that was cut short has left to move.

    Returns:
        The files that were moved; none where no change was cut short.
    """
    done = settings.rotated()
    if not done.exists():
        return []
    moved = []
    for file in sorted(done.rglob("*.duckdb")):
        target = settings.warehouse().parent / file.relative_to(done)
        target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
        file.replace(target)
        _sync(target.parent)
        moved.append(target)
    shutil.rmtree(done)
    _sync(done.parent)
    return moved


def rotate(key: str | None, tell: Tell) -> list[Path]:
    """Changes the key of the warehouse, the readers' copy and the files of roles.

    The key they have now is that of `CDI_ENCRYPTION_KEY`; those that are plain need none.

    Args:
        key: the new one; with none they become plain files.
        tell: is told of each step as it begins.

    Returns:
        The files.

    Raises:
        RotationError: a file was not written as it was read, or is in use.
        StorageError: a file is encrypted, and not with the key there is.
    """
    with exclusive("cdi encrypt rotate"):
        if finish():
            raise RotationError("a change of the key was cut short, and is finished now: run again")
        folder, held = unfinished(), settings.warehouse().parent
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        try:
            files = storage.databases()
            for file in files:
                tell(f"writing {file.name} anew, and comparing")
                new = folder / file.relative_to(held)
                new.parent.mkdir(mode=0o700, exist_ok=True)
                _rewrite(file, new, key)
            tell("putting the new files in the place of the old ones")
            folder.rename(settings.rotated())
            _sync(held)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        finish()
        _remove_remains()
    return files


def _rewrite(old: Path, new: Path, key: str | None) -> None:
    """Writes a file anew under a key, and compares the two by the hashes of all their rows."""
    with _opened(new.parent) as connection:
        kept = storage.encryption(old)
        is_plain = kept is not None and not kept.is_encrypted
        current = None if is_plain else storage.encryption_key()
        try:
            # What the log of the warehouse holds goes into the file, and the log away.
            storage.attach_with(
                connection, old, "old", current, read_only=old != settings.warehouse()
            )
        except duckdb.IOException:
            raise RotationError(
                f"{old.name} is in use, or cannot be read: close what has it open; nothing changed"
            ) from None
        storage.attach_with(connection, new, "new", key)
        new.chmod(0o600)
        connection.execute("copy from database old to new")
        connection.execute("detach new")
        storage.attach_with(connection, new, "new", key, read_only=True)
        if contents(connection, "old") != contents(connection, "new"):
            raise RotationError(f"{old.name} was not written as it was read; nothing changed")
    _sync(new)


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
        listed = ", ".join(map(quoted, columns))
        found[f"{schema}.{table}"] = connection.execute(
            f"select count(*), sum(hash({listed})) from {database}.{quoted(schema)}.{quoted(table)}"
        ).fetchall()
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
def _opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database whose spills, encrypted, go to a folder that is removed."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"set temp_directory = {literal(folder / 'spilled')}")
        connection.execute("set TimeZone = 'UTC'")
        storage.encrypt_what_spills(connection)
        yield connection


def _remove_remains() -> None:
    """Removes what commands that were killed have left beside the files, under the old key."""
    warehouse, published = settings.warehouse(), settings.published()
    remains = [
        pipeline.working_folder(),
        warehouse.with_name(f"{warehouse.name}.erasing"),
        published.with_name(f"{published.name}.new"),
        *settings.shares().glob("*.new"),
        *(file.with_name(f"{file.name}.tmp") for file in storage.databases()),
    ]
    for place in remains:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def _sync(place: Path) -> None:
    """Has the disk keep a file, or the names in a folder, before what comes next."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
