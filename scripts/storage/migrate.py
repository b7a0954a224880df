"""`cdi storage migrate`: from the storage that data is in to the one that `CDI_STORAGE` says.

Everything is copied, and what was copied is read back and compared with what it was made of, by the
number of rows and a hash of them, before anything takes its place. What it was before stays until
`cdi storage forget`: the warehouse file in a folder beside the new one, or the files of the lake.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion import lake, mirror, settings, storage
from ingestion.contracts import naming
from ingestion.lake import Commit, Lake, sync
from ingestion.lock import exclusive
from ingestion.settings import Storage, StorageError
from ingestion.sql import fingerprint, quoted
from scripts.build import lasting_models

Tell = Callable[[str], None]

_NOTE = "left.json"


class MigrationError(Exception):
    """Data cannot be moved. The message says why; nothing has changed."""


@dataclass(frozen=True)
class Moved:
    """What a migration did.

    Args:
        before: the storage data was in.
        after: the storage it is in now.
        tables: tables that were copied, and compared.
        rows: rows of them.
    """

    before: Storage
    after: Storage
    tables: int
    rows: int


@dataclass(frozen=True)
class Left:
    """What a migration has left where it was.

    Args:
        folder: that tells of it, with the warehouse file as it was, where there is one.
        before: the storage it is of.
        place: the lake whose files are left, if any.
    """

    folder: Path
    before: Storage
    place: str | None


def in_place() -> Storage | None:
    """The storage that data is in; nothing where there is none."""
    pointer = mirror.pointer_of_file()
    if pointer is None:
        if settings.warehouse().exists() and mirror.has_raw_tables():
            return "warehouse"
        return None
    manifest = Lake(pointer.place).manifest()
    return "lake" if manifest.storage == "lake" else "hybrid"


def migrate(tell: Tell) -> Moved:
    """Moves data to the storage that is set.

    Args:
        tell: is told of each step as it begins.

    Raises:
        MigrationError: there is nothing to move, or a copy is not as what it was made of.
        StorageError: a storage cannot be used.
    """
    target = settings.storage()
    with exclusive("cdi storage migrate", is_followed=False):
        mirror.finish_replacing()
        before = in_place()
        if before is None:
            raise MigrationError(
                "nothing is loaded here: `cdi load` keeps it as CDI_STORAGE says"
                if target == "warehouse"
                else "nothing is loaded here; of a lake that others load, `cdi storage refresh` "
                "makes the warehouse file"
            )
        if before == target:
            raise MigrationError(f"data is in the storage {target} already")
        # What a writer that was killed has not put into the file goes there, and its log away.
        storage.connect(settings.warehouse()).close()
        if before == "warehouse":
            done = _to_lake(tell)
        elif target == "warehouse":
            done = _to_warehouse(tell)
        else:
            done = _between_lakes(tell)
        return Moved(before, target, *done)


def left() -> list[Left]:
    """What migrations have left, the oldest first."""
    found = []
    for folder in sorted(settings.left_behind().glob("*/")):
        note = folder / _NOTE
        if note.exists():
            told = json.loads(note.read_text())
            found.append(Left(folder, told["storage"], told["place"]))
    return found


def forget() -> list[Left]:
    """Removes what migrations have left; what is in use now stays.

    Returns:
        What was removed.
    """
    with exclusive("cdi storage forget"):
        found = left()
        chosen = lake.chosen()
        in_use = chosen.manifest().lake_id if chosen else None
        for one in found:
            # The same lake may be at another place by now, or called otherwise.
            if one.place and (not in_use or Lake(one.place).manifest().lake_id != in_use):
                Lake(one.place).remove_all()
            elif one.place and chosen and settings.storage() == "hybrid":
                with (
                    storage.connect(settings.warehouse()) as connection,
                    mirror.committing(connection, chosen, "cdi storage forget") as commit,
                ):
                    mirror.keep_models(connection, commit, [])
                chosen.sweep()
            shutil.rmtree(one.folder)
        shutil.rmtree(settings.left_behind(), ignore_errors=True)
        return found


def _to_lake(tell: Tell) -> tuple[int, int]:
    """From a warehouse to a lake, with the marts or without."""
    mirror.refuse_a_key()
    chosen = lake.chosen()
    if chosen is None:
        raise MigrationError("CDI_STORAGE has no lake")
    commit = chosen.begin("cdi storage migrate")
    if commit.base.number:
        raise MigrationError(
            f"there is something in the lake at {chosen.place} already: name another by CDI_LAKE, "
            "or, if it is what is left of an earlier migration, `cdi storage forget`"
        )
    try:
        with storage.scratch("migrating") as folder:
            new = folder / settings.warehouse().name
            with closing(storage.connect(new)) as connection:
                connection.execute("set TimeZone = 'UTC'")
                storage.attach(connection, settings.warehouse(), "old")
                tell("copying raw records to the lake, and comparing")
                done = [_sent(connection, commit, name) for name in _records_in(connection)]
                tell("writing the warehouse without them, and comparing")
                done += _copied(connection, besides=set(commit.tables))
                mirror.show(connection, chosen, commit.tables)
                _views(connection)
                if settings.storage() == "lake":
                    tell("copying the marts to the lake, and comparing")
                    mirror.keep_models(connection, commit, lasting_models(connection))
                mirror.follow_with(connection, commit)
                _compare_kept(connection, commit)
            new.chmod(0o600)
            _leave("warehouse", None, settings.warehouse())
            mirror.put_with_file(commit, new)
    except BaseException:
        if not chosen.manifest().number:
            commit.abandon()
        raise
    return _total(done)


def _to_warehouse(tell: Tell) -> tuple[int, int]:
    """From a lake to a warehouse."""
    chosen = _followed()
    manifest = chosen.manifest()
    chosen.check(manifest)
    with storage.scratch("migrating") as folder:
        new = folder / settings.warehouse().name
        with closing(storage.connect(new)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            chosen.reach(connection)
            storage.attach(connection, settings.warehouse(), "old", may_be_plain=True)
            tell("writing the warehouse, and comparing")
            done = _copied(connection, besides=set())
            for name, table in manifest.tables.items():
                if table.kind != "kept":
                    place = lake.quoted_name(name)
                    lake.create_schema_of(connection, name)
                    connection.execute(f"create table {place} as {lake.latest(chosen, table)}")
                    key = map(naming.normalize_identifier, mirror.record_tables()[name].key)
                    for column in [*key, "_dlt_load_id", "_dlt_id"]:
                        connection.execute(
                            f"alter table {place} alter column {quoted(column)} set not null"
                        )
                    done.append(_compared(connection, name, f"old.{place}", place))
            _views(connection, besides={mirror.POINTER, *manifest.tables})
        new.chmod(0o600)
        sync(new)
        _leave("lake" if manifest.storage == "lake" else "hybrid", chosen, settings.warehouse())
        new.replace(settings.warehouse())
    return _total(done)


def _between_lakes(tell: Tell) -> tuple[int, int]:
    """From raw records in a lake to everything in it, or back."""
    chosen = _followed()
    if chosen.place != settings.lake():
        raise MigrationError(f"raw records are in the lake at {chosen.place}: set CDI_LAKE to it")
    chosen.check(chosen.manifest())
    with closing(storage.connect(settings.warehouse())) as connection:
        connection.execute("set TimeZone = 'UTC'")
        with mirror.committing(connection, chosen, "cdi storage migrate") as commit:
            if settings.storage() == "lake":
                tell("copying the marts to the lake, and comparing")
                mirror.keep_models(connection, commit, lasting_models(connection))
            else:
                _leave("lake", chosen, None)
            done = _compare_kept(connection, commit)
        return _total(done)


def _followed() -> Lake:
    """The lake that the warehouse file is of, and has nothing that the lake has not."""
    with closing(storage.connect(settings.warehouse(), read_only=True)) as connection:
        pointer = mirror.pointer_of(connection)
        if pointer is None:
            raise MigrationError("the warehouse file follows no lake")
        chosen = Lake(pointer.place)
        manifest = chosen.manifest()
        digest = mirror.digest(connection, "lake" if manifest.storage == "lake" else "hybrid")
        if (manifest.commit_id, digest) != (pointer.commit_id, pointer.digest):
            raise StorageError(
                f"{settings.warehouse().name} and the lake at {pointer.place} are not the same: "
                "set CDI_STORAGE to what it was and `cdi storage refresh`, then migrate"
            )
    return chosen


def _records_in(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of raw records of the attached warehouse `old`."""
    there = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'old'"
    ).fetchall()
    return sorted({name for (name,) in there} & set(mirror.record_tables()))


def _sent(connection: duckdb.DuckDBPyConnection, commit: Commit, name: str) -> tuple[str, int]:
    """Copies a table of raw records to the lake, and compares."""
    raw = mirror.record_tables()[name]
    old = f"old.{lake.quoted_name(name)}"
    columns = {
        column: kind for column, kind, *_ in connection.execute(f"describe {old}").fetchall()
    }
    commit.declare(name, raw, columns)
    commit.add(connection, name, f"select * from {old}", "load_id=migrated", columns=[*columns])
    new = f"({lake.latest(commit.lake, commit.tables[name])})"
    return _compared(connection, name, old, new)


def _copied(connection: duckdb.DuckDBPyConnection, besides: set[str]) -> list[tuple[str, int]]:
    """Copies the tables of `old` to the current database, and compares."""
    done = []
    for name, ddl in connection.execute(
        "select schema_name || '.' || table_name, sql from duckdb_tables() "
        "where database_name = 'old' order by 1"
    ).fetchall():
        if name in besides:
            continue
        place = lake.quoted_name(name)
        lake.create_schema_of(connection, name)
        connection.execute(ddl)
        connection.execute(f"insert into {place} from old.{place}")
        done.append(_compared(connection, name, f"old.{place}", place))
    return done


def _views(connection: duckdb.DuckDBPyConnection, besides: Collection[str] = frozenset()) -> None:
    """Makes the views of `old` in the current database, which has all of its tables."""
    waiting = dict(
        connection.execute(
            "select schema_name || '.' || view_name, sql from duckdb_views() "
            "where database_name = 'old' and not internal"
        ).fetchall()
    )
    for schema in {name.split(".")[0] for name in waiting}:
        connection.execute(f"create schema if not exists {quoted(schema)}")
    waiting = {name: sql for name, sql in waiting.items() if name not in besides}
    # A view may be of another, in whatever order they are listed.
    while waiting:
        left = {}
        for name, sql in waiting.items():
            try:
                connection.execute(sql)
            except duckdb.CatalogException:
                left[name] = sql
        if len(left) == len(waiting):
            raise MigrationError(f"the view {next(iter(left))} cannot be made; nothing was changed")
        waiting = left


def _compare_kept(connection: duckdb.DuckDBPyConnection, commit: Commit) -> list[tuple[str, int]]:
    """Compares the tables of the current database with their copies in the lake."""
    return [
        _compared(connection, name, lake.quoted_name(name), f"({lake.latest(commit.lake, table)})")
        for name, table in commit.tables.items()
        if table.kind == "kept"
    ]


def _compared(
    connection: duckdb.DuckDBPyConnection, name: str, old: str, new: str
) -> tuple[str, int]:
    """A table and its rows, where its copy has the same rows.

    Raises:
        MigrationError: it has not.
    """
    columns = [row[0] for row in connection.execute(f"describe select * from {old}").fetchall()]
    expected, found = fingerprint(connection, old, columns), fingerprint(connection, new, columns)
    if expected != found:
        raise MigrationError(
            f"{name} was not copied as it is ({expected[0]:,} rows, {found[0]:,} in the copy): "
            "nothing was changed"
        )
    return name, expected[0]


def _total(done: Sequence[tuple[str, int]]) -> tuple[int, int]:
    return len(done), sum(rows for _, rows in done)


def _leave(before: Storage, place: Lake | None, warehouse: Path | None) -> None:
    """Notes what stays as it was; a warehouse file under another name too, which takes no space."""
    held = settings.left_behind()
    held.mkdir(mode=0o700, exist_ok=True)
    folder = held / f"{len(list(held.glob('*/'))) + 1:03}-{before}"
    folder.mkdir(mode=0o700)
    if warehouse is not None:
        os.link(warehouse, folder / warehouse.name)
    note = {"storage": before, "place": place.place if place else None}
    (folder / _NOTE).write_text(json.dumps(note))
