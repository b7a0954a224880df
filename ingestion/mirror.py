"""The warehouse file where there is a lake: it follows the lake's commits.

Raw records are in the lake, and the file has a view of each of their tables, so that whatever reads
them cannot tell. What the project itself keeps of loads, requests and incidents are tables in the
file as ever, and copies of them go to the lake with each commit; with `CDI_STORAGE=lake` those of
the marts, too, and then the file can be removed at any time: the next command makes it anew.

The view `raw_loads.lake` says which commit the file is of, and has a digest of the copied tables as
they were then, by which is known whether something was written here that the lake does not have.
What a build made does not count as such: it can be made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from ingestion import lake, settings, storage
from ingestion.contracts import RawTable, contracts
from ingestion.lake import Commit, Lake, LakeTable, Manifest, OvertakenError, overtaken
from ingestion.settings import Storage, StorageError
from ingestion.sources import SOURCES
from ingestion.sql import fingerprint, literal, quoted

POINTER = "raw_loads.lake"


@dataclass(frozen=True)
class Pointer:
    """What a warehouse file follows.

    Args:
        commit: number of the commit it is of.
        commit_id: what no other commit of that number has.
        lake_id: what no other lake has.
        place: of the lake.
        digest: of the tables that are copied at each commit, as they were then.
    """

    commit: int
    commit_id: str
    lake_id: str
    place: str
    digest: str


def record_tables() -> dict[str, RawTable]:
    """The tables of raw records by `schema.table`: those that are in the lake and nowhere else."""
    return {
        f"raw_{source}.{model.raw.name}": model.raw
        for source in SOURCES
        for model in contracts(source).values()
    }


def follow(discard: bool = False) -> None:
    """Brings the warehouse file to the lake's last commit.

    Args:
        discard: gives up what was written here and the lake does not have.

    Raises:
        StorageError: the file is of another storage than `CDI_STORAGE` says, the lake cannot be
            read, or both were changed.
    """
    finish_replacing()
    chosen = lake.chosen()
    pointer = pointer_of_file()
    if chosen is None:
        if pointer is not None:
            raise StorageError(
                f"raw records are in the lake at {pointer.place}, and CDI_STORAGE is warehouse: "
                "set it to what it was, or move them: `cdi storage migrate`"
            )
        return
    refuse_a_key()
    manifest = chosen.manifest()
    if manifest.number and manifest.storage != settings.storage():
        raise StorageError(
            f"the lake at {chosen.place} is of CDI_STORAGE {manifest.storage}, and it is set to "
            f"{settings.storage()}: set it to what it was, or `cdi storage migrate`"
        )
    if pointer is None:
        if has_raw_tables():
            raise StorageError(
                f"raw records are in {settings.warehouse().name}, and CDI_STORAGE is "
                f"{settings.storage()}: move them: `cdi storage migrate`"
            )
        if manifest.number:
            chosen.check(manifest)
            with _opened() as connection:
                _restore(connection, chosen, manifest)
        return
    chosen.check(manifest)
    is_current = (pointer.commit_id, pointer.place) == (manifest.commit_id, chosen.place)
    if is_current and not discard:
        return
    is_another = pointer.lake_id not in ("", manifest.lake_id)
    if (is_another or pointer.commit > manifest.number) and not discard:
        other = "is another" if is_another else f"has {manifest.number or 'none'}"
        raise StorageError(
            f"{settings.warehouse().name} follows commit {pointer.commit} of the lake at "
            f"{pointer.place}, and the one at {chosen.place} {other}: "
            "check CDI_LAKE; `cdi storage refresh --discard` takes it as it is"
        )
    with _opened() as connection:
        if not discard and (unsaved := _unsaved(connection, pointer, manifest)):
            raise StorageError(
                f"{settings.warehouse().name} has changes that the lake at {chosen.place} has "
                f"not ({', '.join(unsaved[:5])}), and another writer has changed that meanwhile: "
                "`cdi storage refresh --discard` gives up what was changed here"
            )
        if manifest.erased <= pointer.commit or settings.storage() != "lake":
            _restore(connection, chosen, manifest)
            return
    # People were erased elsewhere, and all that was built here has them still.
    _remove_what_was_built()
    with _opened() as connection:
        _restore(connection, chosen, manifest)


def save(by: str, models: Sequence[str] | None = None) -> None:
    """Copies to the lake what was written to the tables of the warehouse file meanwhile.

    Args:
        by: the command that wrote it.
        models: tables that dbt made, by `schema.table`; none: those copied before stay as they are.

    Raises:
        OvertakenError: another writer has committed meanwhile.
    """
    chosen = lake.chosen()
    if chosen is None or not settings.warehouse().exists():
        return
    if settings.storage() != "lake":
        models = None
    with storage.connect(settings.warehouse()) as connection:
        connection.execute("set TimeZone = 'UTC'")
        pointer = pointer_of(connection)
        if pointer and models is None and pointer.digest == digest(connection):
            return
        with committing(connection, chosen, by, upon_loads=True) as commit:
            if models is not None:
                keep_models(connection, commit, models)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection, by: str) -> Iterator[Commit | None]:
    """A transaction of the warehouse; where there is a lake, as `committing` has it.

    Args:
        connection: of the warehouse, in no transaction.
        by: the command.

    Yields:
        The commit; nothing where there is no lake.
    """
    chosen = lake.chosen()
    if chosen is None:
        connection.begin()
        yield None
        connection.commit()
        return
    with committing(connection, chosen, by) as commit:
        yield commit


@contextmanager
def committing(
    connection: duckdb.DuckDBPyConnection, chosen: Lake, by: str, *, upon_loads: bool = False
) -> Iterator[Commit]:
    """A transaction of the warehouse with a commit to a lake: both or neither.

    The lake comes first: where this ends in between, the file is behind, and the next command
    brings it up. What the project keeps in tables of the file is in every commit.

    Args:
        connection: of the warehouse, in no transaction.
        chosen: the lake.
        by: the command.
        upon_loads: whether the file first takes what was loaded elsewhere meanwhile, if that is
            all that is new: what loads keep has to be as it was here.

    Yields:
        The commit, upon the one that the file is of.

    Raises:
        OvertakenError: another writer has committed meanwhile.
        StorageError: the lake cannot be reached.
    """
    connection.begin()
    pointer = pointer_of(connection)
    if upon_loads and pointer:
        _take_loads(connection, chosen, pointer)
        pointer = pointer_of(connection)
    commit = begun(chosen, by, pointer)
    try:
        yield commit
        _copy_bookkept(connection, commit)
        show(connection, chosen, commit.changed)
        _point(connection, chosen, commit.base if commit.is_empty else commit.manifest())
    except BaseException:
        commit.abandon()
        raise
    if not commit.is_empty:
        commit.put()
    connection.commit()


def begun(chosen: Lake, by: str, pointer: Pointer | None, *, erases: bool = False) -> Commit:
    """A commit upon the one that the warehouse file is of.

    Args:
        chosen: the lake.
        by: the command.
        pointer: of the file.
        erases: whether people are erased.

    Raises:
        OvertakenError: another writer has committed meanwhile.
    """
    commit = chosen.begin(by, erases=erases)
    if commit.base.commit_id != (pointer.commit_id if pointer else ""):
        raise overtaken(chosen.place)
    return commit


def _take_loads(connection: duckdb.DuckDBPyConnection, chosen: Lake, pointer: Pointer) -> None:
    """Brings the current database up to what was loaded elsewhere, if that is all that is new.

    A build takes long enough for somebody else to load; its models are of what was there before.
    """
    manifest = chosen.manifest()
    if manifest.commit_id == pointer.commit_id or not chosen.has(pointer.commit, pointer.commit_id):
        return
    before = chosen.manifest(pointer.commit)
    changed = {
        name
        for name in {*before.tables, *manifest.tables}
        if before.tables.get(name) != manifest.tables.get(name)
    }
    is_all = manifest.erased <= pointer.commit and all(map(_is_of_loads, changed))
    if is_all and not _unsaved(connection, pointer, before):
        _bring(connection, chosen, manifest, lambda name: name in changed)
        _point(connection, chosen, manifest)


def _copy_bookkept(connection: duckdb.DuckDBPyConnection, commit: Commit) -> None:
    kept = bookkept(connection)
    for name in kept:
        commit.keep(connection, name)
    for name, table in list(commit.tables.items()):
        if table.kind == "kept" and _is_bookkept(name) and name not in kept:
            commit.drop(name)


def keep_models(
    connection: duckdb.DuckDBPyConnection, commit: Commit, models: Sequence[str]
) -> None:
    """Adds copies of tables that dbt made, and drops those of which there is none any more."""
    for name in models:
        commit.keep(connection, name)
    for name, table in list(commit.tables.items()):
        if table.kind == "kept" and not _is_bookkept(name) and name not in models:
            commit.drop(name)


def declare(
    connection: duckdb.DuckDBPyConnection,
    chosen: Lake,
    by: str,
    schema: str,
    tables: Mapping[RawTable, Mapping[str, str]],
) -> None:
    """Sees to it that tables of raw records exist with these columns, as views of the lake.

    Args:
        connection: of the warehouse.
        chosen: the lake.
        by: the command.
        schema: of the tables.
        tables: types of columns, by table.
    """
    with committing(connection, chosen, by) as commit:
        for raw, columns in tables.items():
            commit.declare(f"{schema}.{raw.name}", raw, columns)


def show(
    connection: duckdb.DuckDBPyConnection, chosen: Lake, tables: Mapping[str, LakeTable]
) -> None:
    """Makes the views of raw records those of these tables."""
    for name, table in tables.items():
        if table.kind != "kept":
            lake.create_schema_of(connection, name)
            connection.execute(
                f"create or replace view {lake.quoted_name(name)} as {lake.latest(chosen, table)}"
            )


def bookkept(connection: duckdb.DuckDBPyConnection, kept_in: Storage | None = None) -> list[str]:
    """The tables of the current database that are copied at each commit.

    Args:
        connection: of a warehouse.
        kept_in: the storage it is of, if not the one that is set.
    """
    names = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = current_database() order by 1"
    ).fetchall()
    records = record_tables()
    return [name for (name,) in names if _is_bookkept(name, kept_in) and name not in records]


@contextmanager
def whole() -> Iterator[Path]:
    """A database file that has every raw record there is, in a table whose rows have a number.

    That is the warehouse; where there is a lake, it is a copy, as long as it is needed. The tables
    of raw records in it have all versions of them, with `_commit` and `_file`.
    """
    chosen = lake.chosen()
    if chosen is None:
        yield settings.warehouse()
        return
    with storage.scratch("whole") as folder:
        file = folder / settings.warehouse().name
        with closing(storage.connect(file)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            storage.attach(connection, settings.warehouse(), "followed")
            copied = quoted(storage.name_of(file))
            connection.execute(f"copy from database followed to {copied}")
            # What the file follows, whoever has committed since.
            pointer = pointer_of(connection)
            manifest = chosen.manifest(pointer.commit) if pointer else Manifest()
            for name, table in manifest.tables.items():
                if table.kind != "kept":
                    place = lake.quoted_name(name)
                    rows = lake.every_version(chosen, table, with_file=True)
                    connection.execute(f"drop view {place}")
                    connection.execute(f"create table {place} as {rows}")
        yield file


def show_every_version(
    connection: duckdb.DuckDBPyConnection, chosen: Lake, manifest: Manifest
) -> None:
    """Makes a view of all rows there are of each table of a lake, in an empty database."""
    for name, table in manifest.tables.items():
        lake.create_schema_of(connection, name)
        connection.execute(
            f"create view {lake.quoted_name(name)} as {lake.every_version(chosen, table)}"
        )


def replacement() -> Path:
    """A warehouse file that is whole, and only has to be moved when its commit is in force."""
    return settings.warehouse().with_name(f"{settings.warehouse().name}.next")


def put_with_file(commit: Commit, new: Path) -> None:
    """Puts a commit in force together with a new warehouse file that follows it.

    Whatever ends this at whatever moment, the next command finds both or neither. Files that the
    commit no longer names are removed at once.
    """
    new.replace(replacement())
    try:
        commit.put()
    except OvertakenError:
        replacement().unlink(missing_ok=True)
        raise
    replacement().replace(settings.warehouse())
    commit.lake.sweep()


def follow_with(connection: duckdb.DuckDBPyConnection, commit: Commit) -> None:
    """Makes a new warehouse file, the current database, follow a commit that is yet to be put.

    What the lake keeps copies of it gets from there.
    """
    models = [
        name
        for name, table in commit.tables.items()
        if table.kind == "kept" and lake.described(connection, name)[1]
    ]
    for name in dict.fromkeys([*bookkept(connection), *models]):
        commit.keep(connection, name)
    show(connection, commit.lake, commit.tables)
    _point(connection, commit.lake, commit.manifest())


def restore(file: Path, chosen: Lake, manifest: Manifest) -> None:
    """Makes a new warehouse file of what a lake holds."""
    with closing(storage.connect(file)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        _restore(connection, chosen, manifest)


def finish_replacing() -> None:
    """Moves a warehouse file whose commit was put, or removes one whose commit was not."""
    if not replacement().exists():
        return
    with closing(storage.connect(replacement(), read_only=True)) as connection:
        pointer = pointer_of(connection)
    # Of the lake that it follows, whatever is set by now.
    followed = Lake(pointer.place) if pointer else None
    if followed and pointer and followed.has(pointer.commit, pointer.commit_id):
        replacement().replace(settings.warehouse())
        followed.sweep()
    else:
        replacement().unlink()


def _restore(connection: duckdb.DuckDBPyConnection, chosen: Lake, manifest: Manifest) -> None:
    """Makes the current database what a manifest says."""
    has_models = settings.storage() == "lake"
    connection.begin()
    _bring(connection, chosen, manifest, lambda name: has_models or _is_bookkept(name))
    _point(connection, chosen, manifest)
    connection.commit()


def _bring(
    connection: duckdb.DuckDBPyConnection,
    chosen: Lake,
    manifest: Manifest,
    is_wanted: Callable[[str], bool],
) -> None:
    """Makes the views of raw records, and the wanted tables, what a manifest says."""
    for name, table in manifest.tables.items():
        if table.kind == "kept" and is_wanted(name):
            _restore_table(connection, chosen, name, table)
    for name in bookkept(connection):
        if is_wanted(name) and name not in manifest.tables:
            connection.execute(f"drop table {lake.quoted_name(name)}")
    show(connection, chosen, manifest.tables)


def _remove_what_was_built() -> None:
    """Removes the warehouse file, which a lake has all of that lasts, and what was made of it."""
    file = settings.warehouse()
    for each in (settings.published(), file.with_name(f"{file.name}.wal"), file):
        each.unlink(missing_ok=True)
    for folder in (settings.shares(), settings.spark()):
        shutil.rmtree(folder, ignore_errors=True)


def _restore_table(
    connection: duckdb.DuckDBPyConnection, chosen: Lake, name: str, table: LakeTable
) -> None:
    columns, ddl = lake.described(connection, name)
    place = lake.quoted_name(name)
    is_same = columns == table.columns and ddl == table.ddl
    if is_same and fingerprint(connection, place, columns) == table.fingerprint:
        return
    if columns:
        kind = "table" if ddl else "view"
        connection.execute(f"drop {kind} {place}")
    lake.create_schema_of(connection, name)
    connection.execute(table.ddl or "")
    connection.execute(f"insert into {place} {lake.latest(chosen, table)}")


def _unsaved(
    connection: duckdb.DuckDBPyConnection, pointer: Pointer, manifest: Manifest
) -> list[str]:
    """Tables of loads that were changed here since the commit, and are not as the lake has them."""
    if digest(connection) == pointer.digest:
        return []
    changed = []
    for name in filter(_is_of_loads, bookkept(connection)):
        columns, _ = lake.described(connection, name)
        known = manifest.tables.get(name)
        if (
            known is None
            or fingerprint(connection, lake.quoted_name(name), columns) != known.fingerprint
        ):
            changed.append(name)
    return changed


def digest(connection: duckdb.DuckDBPyConnection, kept_in: Storage | None = None) -> str:
    """Of the tables that are copied at each commit: it changes whenever one of them does."""
    told = []
    for name in bookkept(connection, kept_in):
        columns, ddl = lake.described(connection, name)
        told.append([name, ddl, *fingerprint(connection, lake.quoted_name(name), columns)])
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _point(connection: duckdb.DuckDBPyConnection, chosen: Lake, manifest: Manifest) -> None:
    lake.create_schema_of(connection, POINTER)
    connection.execute(
        f"create or replace view {POINTER} as select {manifest.number} as commit, "
        f"{literal(manifest.commit_id)} as commit_id, {literal(manifest.lake_id)} as lake_id, "
        f"{literal(chosen.place)} as place, {literal(digest(connection))} as digest"
    )


def pointer_of(connection: duckdb.DuckDBPyConnection) -> Pointer | None:
    """What the current database follows; nothing where raw records are in itself."""
    names = [each.name for each in fields(Pointer)]
    columns, _ = lake.described(connection, POINTER)
    if not set(names) <= set(columns):
        return None
    row = connection.execute(f"select {', '.join(names)} from {POINTER}").fetchone()
    return Pointer(*row) if row else None


def pointer_of_file() -> Pointer | None:
    """What the warehouse file follows. One that cannot be opened is for who comes next to tell."""
    if not settings.warehouse().exists():
        return None
    with (
        suppress(StorageError, duckdb.Error),
        closing(storage.connect(settings.warehouse(), read_only=True)) as connection,
    ):
        return pointer_of(connection)
    return None


def has_raw_tables() -> bool:
    """Whether the warehouse file has raw records in itself."""
    if not settings.warehouse().exists():
        return False
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        return any(lake.described(connection, name)[1] is not None for name in record_tables())


def _is_of_loads(name: str) -> bool:
    """Whether a table is of what was loaded, asked or happened, and of no build."""
    return name.startswith("raw_")


def _is_bookkept(name: str, kept_in: Storage | None = None) -> bool:
    """Whether a table is small, and copied at each commit: what the project itself keeps."""
    is_of_lake = (kept_in or settings.storage()) == "lake"
    return _is_of_loads(name) or (name.startswith("governance.") and is_of_lake)


def refuse_a_key() -> None:
    """Says that Parquet files are not encrypted by the key of the warehouse.

    Raises:
        StorageError: there is such a key.
    """
    if os.environ.get(storage.KEY) is not None:
        raise StorageError(
            f"{storage.KEY} is set, and Parquet files, of a lake or for Spark, are not encrypted "
            "by it: unset it, and have the bucket or the disk encrypt them; or keep all in the "
            "warehouse, and build it by DuckDB"
        )


@contextmanager
def _opened() -> Iterator[duckdb.DuckDBPyConnection]:
    settings.warehouse().parent.mkdir(parents=True, exist_ok=True)
    with closing(storage.connect(settings.warehouse())) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
