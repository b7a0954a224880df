"""The lake: tables as Parquet files, and a manifest that says which files they are.

A commit writes its files under names of their own and then, in one step, the next manifest, which
names every file of every table. So a reader sees a commit whole or not at all, files that a writer
left behind when it was killed are never read, and of two writers the second is refused. Raw records
are only ever added to: the latest version of a record is chosen on reading, by the number of the
commit that brought it and not by anybody's clock.

    <lake>/_manifests/00000017.json
    <lake>/raw_hubspot/contacts/load_id=1764438000.123/<name>.parquet
    <lake>/marts/customer_360/<name>.parquet
"""

from __future__ import annotations

import datetime
import json
import os
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import duckdb
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from ingestion import settings
from ingestion.contracts import RawTable, naming
from ingestion.settings import StorageError
from ingestion.sql import fingerprint, literal, quoted

FORMAT = 1
COMMIT = "_commit"
"""Column of raw records: number of the commit that brought the row."""
FILE = "_file"
"""Column of raw records where asked for: path of the file the row is in."""

Kind = Literal["merged", "replaced", "kept"]

_MANIFESTS = "_manifests"
_MANIFESTS_KEPT = 20
_PASSWORD = re.compile("://[^/@]*:[^/@]+@")
_LOSSY = ("HUGEINT", "UHUGEINT", "INTERVAL", "ENUM", "UNION", "BIT", "TIME WITH TIME ZONE")
"""How types begin that Parquet has no equal for."""


class OvertakenError(StorageError):
    """Another writer has committed meanwhile. Nothing was written."""


@dataclass(frozen=True)
class DataFile:
    """A Parquet file of a table.

    Args:
        path: where it is in the lake.
        rows: rows in it; no two of a merged table have one key.
        bytes: its size.
        commit: number of the commit that wrote its rows.
        columns: what it has, beside `_commit`.
        written_at: when, in seconds of the epoch.
        supersedes: whether it has later versions of records in earlier files.
        is_past: whether all of it are versions that others took over from: it is not read.
    """

    path: str
    rows: int
    bytes: int
    commit: int
    columns: tuple[str, ...]
    written_at: float
    supersedes: bool = False
    is_past: bool = False


@dataclass(frozen=True)
class LakeTable:
    """A table of the lake.

    Args:
        kind: `merged`: raw records, of which the latest version holds; `replaced`: raw records, of
            which the last commit's are all there are; `kept`: a copy of a table of the warehouse.
        columns: types by name, in their order.
        key: what tells records of a merged table apart.
        files: all of its files.
        fingerprint: of a kept table, as `ingestion.sql.fingerprint` gives it.
        ddl: of a kept table: the SQL it is made by, its constraints included.
    """

    kind: Kind
    columns: dict[str, str]
    key: tuple[str, ...] = ()
    files: tuple[DataFile, ...] = ()
    fingerprint: tuple[int, str] | None = None
    ddl: str | None = None

    @property
    def read(self) -> list[DataFile]:
        """The files that have the latest versions of its records."""
        files = [file for file in self.files if not file.is_past]
        if self.kind == "merged":
            return files
        last = max((file.commit for file in files), default=0)
        return [file for file in files if file.commit == last]


@dataclass(frozen=True)
class Manifest:
    """What a lake holds as of one commit.

    Args:
        number: of the commit; 0 where there was none.
        commit_id: what no other commit has, of whatever number.
        lake_id: what no other lake has, wherever it is moved to.
        written_at: when, by the clock of who wrote it, in seconds of the epoch.
        by: the command that did.
        storage: what the lake was written for, `lake` or `hybrid`.
        erased: number of the last commit that erased people; 0 where there was none.
        tables: by `schema.table`.
        dropped: files it no longer names, which the next commit removes: a reader that is at work
            has that long.
    """

    number: int = 0
    commit_id: str = ""
    lake_id: str = ""
    written_at: float = 0
    by: str = ""
    storage: str = ""
    erased: int = 0
    tables: Mapping[str, LakeTable] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    @property
    def paths(self) -> set[str]:
        """Every file it names."""
        return {file.path for table in self.tables.values() for file in table.files}

    def to_json(self) -> str:
        """As it is written; names of columns, once for all files that have the same."""
        document = asdict(self) | {"format": FORMAT}
        for table in document["tables"].values():
            schemas: list[tuple[str, ...]] = []
            for file in table["files"]:
                columns = file.pop("columns")
                if columns not in schemas:
                    schemas.append(columns)
                file["schema"] = schemas.index(columns)
            table["schemas"] = schemas
        return json.dumps(document, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """What `to_json` gave.

        Raises:
            ValueError: it is something else, or of a format that is not known.
        """
        document = json.loads(text)
        if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
            raise ValueError("not of a known format")
        try:
            tables = {}
            for name, table in document.pop("tables").items():
                schemas = table.pop("schemas")
                files = [
                    DataFile(columns=tuple(schemas[file.pop("schema")]), **file)
                    for file in table.pop("files")
                ]
                seen = table.pop("fingerprint")
                tables[name] = LakeTable(
                    kind=table.pop("kind"),
                    key=tuple(table.pop("key")),
                    files=tuple(files),
                    fingerprint=tuple(seen) if seen else None,
                    **table,
                )
            return cls(tables=tables, dropped=tuple(document.pop("dropped")), **document)
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise ValueError("not a manifest") from error


class Lake:
    """A lake in a local folder, or at any URL that fsspec knows.

    Args:
        place: the folder or URL, as `settings.lake` gives it.

    Raises:
        StorageError: there is a password in the URL.
    """

    def __init__(self, place: str) -> None:
        if _PASSWORD.search(place):
            # Where the lake is stands in the warehouse, and in what is told.
            raise StorageError(
                "there is a password in CDI_LAKE, where it would be written down and shown: "
                "leave it out, and set it by FSSPEC_<PROTOCOL>_PASSWORD, or as its package has it"
            )
        self.place = place
        self.is_local = "://" not in place

    @cached_property
    def _fs(self) -> AbstractFileSystem:
        with self._told():
            return url_to_fs(self.place)[0]

    @cached_property
    def _root(self) -> str:
        with self._told():
            return str(url_to_fs(self.place)[1])

    def path(self, inside: str) -> str:
        """How DuckDB calls a file of the lake."""
        return f"{self.place}/{inside}"

    def reach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes a connection able to read and write the lake.

        Raises:
            StorageError: there is no package for its URL.
        """
        if self.is_local:
            return
        protocol = self.place.split("://")[0]
        if protocol not in connection.list_filesystems():
            with self._told():
                connection.register_filesystem(self._fs)

    def manifest(self, number: int | None = None) -> Manifest:
        """What the lake holds, or held as of a commit; an empty manifest where there was none.

        Raises:
            StorageError: the lake cannot be reached, or its manifest not be read.
        """
        if number is None:
            number = max(self._numbers(), default=0)
        if not number:
            return Manifest()
        file = _manifest(number)
        with self._told():
            text = self._fs.cat_file(f"{self._root}/{file}").decode()
        try:
            return Manifest.from_json(text)
        except ValueError as error:
            raise StorageError(
                f"{self.path(file)} cannot be read ({error}): restore it from a backup, or remove "
                "it to go back to the commit before"
            ) from None

    def has(self, number: int, commit_id: str) -> bool:
        """Whether a commit is in force, or was before the last one; the last twenty are known."""
        try:
            return self.manifest(number).commit_id == commit_id
        except FileNotFoundError:
            return False

    def begin(self, by: str, *, erases: bool = False) -> Commit:
        """Begins a commit; `by` is the command."""
        return Commit(self, self.manifest(), by, erases=erases)

    def check(self, manifest: Manifest) -> None:
        """Compares the files there are with those a manifest names.

        Raises:
            StorageError: one is missing, or not as long as it was written.
        """
        found = self.sizes()
        for name, table in manifest.tables.items():
            for file in table.files:
                there = found.get(file.path)
                if there == file.bytes:
                    continue
                told = "is missing" if there is None else f"has {there:,} bytes of {file.bytes:,}"
                raise StorageError(
                    f"{self.path(file.path)} of {name} {told}: restore it from a backup; nothing "
                    "was read or written"
                )

    def sizes(self) -> dict[str, int]:
        """Size of every data file there is, named by the manifest or not, by path."""
        return {path: each["size"] for path, each in self._data_files().items()}

    def remove(self, paths: Iterable[str]) -> None:
        """Removes files, those that are gone already excepted."""
        with self._told():
            for path in paths:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(f"{self._root}/{path}")

    def sweep(self, *, keeps_dropped: bool = False) -> list[str]:
        """Removes files that no commit will name: replaced ones, and those of who was killed.

        A writer reads the last manifest before it writes, and can only put the next. So what is
        older than the last manifest, and not named by it, is of nobody who could still name it.

        Args:
            keeps_dropped: leaves what the last commit was the first not to name: somebody may read
                it.

        Returns:
            What was removed.
        """
        found = self._data_files()
        manifest = self.manifest()
        if not manifest.number:
            return []
        with self._told():
            put_at = _modified(self._fs.info(f"{self._root}/{_manifest(manifest.number)}"))
        dropped = set(manifest.dropped)
        kept = manifest.paths | (dropped if keeps_dropped else set())
        removed = sorted(
            path
            for path, each in found.items()
            if path not in kept and (path in dropped or _modified(each) < put_at)
        )
        self.remove(removed)
        return removed

    def remove_all(self) -> None:
        """Removes the manifests, the latest first, and then every data file."""
        self.remove(map(_manifest, sorted(self._numbers(), reverse=True)))
        self.remove(self.sizes())

    def _data_files(self) -> dict[str, dict[str, Any]]:
        """What the file system tells of each data file, by path."""
        with self._told():
            self._fs.invalidate_cache()
            found = self._fs.find(self._root, detail=True)
        paths = {path[len(self._root) + 1 :]: each for path, each in found.items()}
        return {path: each for path, each in paths.items() if path.endswith(".parquet")}

    def _numbers(self) -> list[int]:
        with self._told():
            self._fs.invalidate_cache()
            try:
                found = self._fs.ls(f"{self._root}/{_MANIFESTS}", detail=False)
            except FileNotFoundError:
                return []
        stems = (path.rsplit("/", 1)[-1].removesuffix(".json") for path in found)
        return [int(stem) for stem in stems if stem.isdecimal()]

    def put_manifest(self, manifest: Manifest) -> None:
        """Writes a manifest, unless there is another of its number.

        Raises:
            OvertakenError: there is.
            StorageError: the lake cannot be reached; whether it was written is not known.
        """
        path, data = _manifest(manifest.number), manifest.to_json().encode()
        try:
            if self.is_local:
                _put(Path(self.path(path)), data)
            else:
                with self._told("whether this was written shows when it is there again"):
                    self._fs.pipe_file(f"{self._root}/{path}", data, mode="create")
        except FileNotFoundError as error:
            raise StorageError(
                f"the lake at {self.place} cannot be written: see that its bucket exists, and may "
                "be written to; nothing was written"
            ) from error
        except FileExistsError:
            # Asked twice because the first answer was lost, a server refuses what it has from us.
            if self.manifest(manifest.number).commit_id != manifest.commit_id:
                raise overtaken(self.place) from None

    def forget_manifests(self, before: int) -> None:
        """Removes manifests of commits before one."""
        self.remove(_manifest(number) for number in self._numbers() if number < before)

    def make_room(self, path: str) -> None:
        """Makes the folder of a file, where there are folders."""
        if self.is_local:
            Path(self.path(path)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def size(self, path: str) -> int:
        """The size of a file that was just written, which the disk has from then on."""
        if not self.is_local:
            with self._told():
                return int(self._fs.info(f"{self._root}/{path}")["size"])
        file = Path(self.path(path))
        file.chmod(0o600)
        sync(file)
        sync(file.parent)
        return file.stat().st_size

    @contextmanager
    def _told(self, outcome: str = "nothing was written") -> Iterator[None]:
        """Tells of a lake that cannot be reached; what fsspec's packages raise is of any kind."""
        try:
            yield
        except (StorageError, FileNotFoundError, FileExistsError):
            raise
        except ImportError as error:
            raise StorageError(f"the lake at {self.place} needs a package: {error}") from None
        except Exception as error:
            raise StorageError(
                f"the lake at {self.place} cannot be reached ({type(error).__name__}): check "
                f"CDI_LAKE, its credentials and the network; {outcome}"
            ) from error


def overtaken(place: str) -> OvertakenError:
    """Says that another writer came first."""
    return OvertakenError(
        f"another writer has changed the lake at {place} meanwhile: nothing was written; "
        "run this again"
    )


class Commit:
    """Changes of a lake that are not in force before `put`.

    Args:
        lake: where.
        base: what it holds so far.
        by: the command that makes them.
        erases: whether people are erased, of whom other machines have something still.
    """

    def __init__(self, lake: Lake, base: Manifest, by: str, *, erases: bool = False) -> None:
        self.lake = lake
        self.base = base
        self.number = base.number + 1
        self.tables = dict(base.tables)
        self._by = by
        self._erases = erases
        self._id = uuid.uuid4().hex
        self._written: list[str] = []

    @property
    def changed(self) -> dict[str, LakeTable]:
        """Tables that are new, or other than they were."""
        base = self.base.tables
        return {name: table for name, table in self.tables.items() if base.get(name) != table}

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        is_other = self.base.number and self.base.storage != settings.storage()
        return self.tables == self.base.tables and not is_other

    def declare(self, name: str, raw: RawTable, columns: Mapping[str, str]) -> None:
        """Sees to it that a table of raw records exists and has these columns, and maybe others.

        Args:
            name: `schema.table`.
            raw: the table, as its contract has it.
            columns: types by name; one that is there already keeps its type.

        Raises:
            StorageError: the contract has another key now, or another way to write, and by these
                the versions there are would be read otherwise.
        """
        key = tuple(map(naming.normalize_identifier, raw.key))
        new = LakeTable("replaced" if raw.write == "replace" else "merged", {}, key)
        table = self.tables.get(name, new)
        if (table.kind, table.key) != (new.kind, new.key):
            if len({file.commit for file in table.files}) > 1:
                raise StorageError(
                    f"the contract of {name} has another key, or is written otherwise, than when "
                    "it was loaded: `cdi storage compact --keep-days 0` first, which leaves one "
                    "version of each record"
                )
            table = replace(table, kind=new.kind, key=new.key)
        added = {column: kind for column, kind in columns.items() if column not in table.columns}
        self.tables[name] = replace(table, columns=table.columns | added)

    def add(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        sql: str,
        folder: str,
        *,
        columns: Sequence[str],
        supersedes: bool = False,
        is_past: bool = False,
    ) -> int:
        """Writes rows to a file of a table of raw records, and adds it.

        Args:
            connection: what the SQL is of.
            name: the table.
            sql: what selects `columns`, in their order.
            folder: partition of the table, such as `load_id=1764438000.123`.
            columns: names of the columns.
            supersedes: as of `DataFile`.
            is_past: as of `DataFile`.

        Returns:
            Rows written; a merged table gets no file without any.
        """
        table = self.tables[name]
        written = self._write(
            connection,
            f"select *, {self.number} as {COMMIT} from ({sql})",
            f"{name.replace('.', '/', 1)}/{folder}",
            columns,
        )
        if not written.rows and table.kind == "merged":
            self.lake.remove([written.path])
            return 0
        file = replace(written, supersedes=supersedes, is_past=is_past)
        self.tables[name] = replace(table, files=(*table.files, file))
        return written.rows

    def rewrite(
        self, connection: duckdb.DuckDBPyConnection, name: str, file: DataFile, sql: str
    ) -> None:
        """Puts other rows, of all the table's columns and `_commit`, in the place of a file."""
        folder = file.path.rsplit("/", 1)[0]
        table = self.tables[name]
        written = self._write(connection, sql, folder, [*table.columns])
        kept = [other for other in table.files if other != file]
        if written.rows or table.kind == "replaced":
            kept.append(
                replace(
                    written,
                    commit=file.commit,
                    supersedes=file.supersedes,
                    is_past=file.is_past,
                )
            )
        else:
            self.lake.remove([written.path])
        self.tables[name] = replace(table, files=tuple(kept))

    def set_files(self, name: str, files: Iterable[DataFile]) -> None:
        """Leaves a table with these files alone."""
        self.tables[name] = replace(self.tables[name], files=tuple(files))

    def keep(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Copies a table of the current database, unless the lake has it as it is.

        Raises:
            StorageError: a column is of a type that Parquet has no equal for.
        """
        columns, ddl = described(connection, name)
        for column, kind in columns.items():
            if kind.startswith(_LOSSY):
                raise StorageError(f"{name}.{column} is of the type {kind}, which Parquet has not")
        seen = fingerprint(connection, quoted_name(name), columns)
        known = self.tables.get(name)
        if known and (known.fingerprint, known.ddl, known.columns) == (seen, ddl, columns):
            return
        written = self._write(
            connection, f"select * from {quoted_name(name)}", name.replace(".", "/", 1), [*columns]
        )
        self.tables[name] = LakeTable("kept", columns, files=(written,), fingerprint=seen, ddl=ddl)

    def drop(self, name: str) -> None:
        """Leaves a table out from now on."""
        del self.tables[name]

    def manifest(self) -> Manifest:
        """The manifest that `put` writes."""
        tables = dict(sorted(self.tables.items()))
        named = {file.path for table in tables.values() for file in table.files}
        return Manifest(
            self.number,
            self._id,
            self.base.lake_id or self._id,
            time.time(),
            self._by,
            settings.storage(),
            self.number if self._erases else self.base.erased,
            tables,
            tuple(sorted(self.base.paths - named)),
        )

    def refuse_if_overtaken(self) -> None:
        """Says early what `put` would say.

        Raises:
            OvertakenError: another writer has committed since this began; nothing is left of it.
        """
        if self.lake.manifest().commit_id != self.base.commit_id:
            self.abandon()
            raise overtaken(self.lake.place)

    def put(self) -> None:
        """Puts the changes in force, and removes what the commit before no longer named.

        Raises:
            OvertakenError: another writer has committed since this began; nothing is left of it.
            StorageError: the lake cannot be reached. Whether the commit is in force is not known;
                the next command finds it so or not.
        """
        manifest = self.manifest()
        try:
            self.lake.put_manifest(manifest)
        except OvertakenError:
            self.abandon()
            raise
        # It holds, whatever becomes of what is no longer needed: the next sweep gets that.
        with suppress(StorageError):
            self.lake.remove(self.base.dropped)
            self.lake.forget_manifests(before=self.number - _MANIFESTS_KEPT)

    def abandon(self) -> None:
        """Removes what was written, which nothing names; not to be called after `put`."""
        with suppress(StorageError):
            self.lake.remove(self._written)

    def _write(
        self,
        connection: duckdb.DuckDBPyConnection,
        sql: str,
        folder: str,
        columns: Sequence[str],
    ) -> DataFile:
        path = f"{folder}/{uuid.uuid4().hex}.parquet"
        self.lake.make_room(path)
        self._written.append(path)
        copy = f"copy ({sql}) to {literal(self.lake.path(path))} (format parquet, compression zstd)"
        try:
            row = connection.execute(copy).fetchone()
        except duckdb.Error:
            # Of a lake that is out of reach DuckDB says little: asked once more, it tells itself.
            self.lake.manifest()
            raise
        rows = int(row[0]) if row else 0
        size = self.lake.size(path)
        return DataFile(path, rows, size, self.number, tuple(columns), time.time())


def chosen() -> Lake | None:
    """The lake, where `CDI_STORAGE` has one.

    Raises:
        StorageError: there is no such storage.
    """
    return None if settings.storage() == "warehouse" else Lake(settings.lake())


def latest(lake: Lake, table: LakeTable) -> str:
    """SQL for a table as it is now: of each record, its latest version."""
    listed = ", ".join(map(quoted, table.columns))
    if table.kind == "kept":
        return every_version(lake, table)
    superseding = [file for file in table.read if file.supersedes]
    sql = f"select {listed} from ({_rows(lake, table, table.read)}) as held"
    if superseding:
        sql += f" where not {_has_later(lake, table, superseding)}"
    return sql


def superseded(lake: Lake, table: LakeTable) -> str | None:
    """SQL for the versions of records that others took over from, which are still in files read.

    Returns:
        Nothing where there are none.
    """
    superseding = [file for file in table.read if file.supersedes]
    if not superseding:
        return None
    listed = ", ".join(map(quoted, table.columns))
    rows = _rows(lake, table, table.read)
    return f"select {listed} from ({rows}) as held where {_has_later(lake, table, superseding)}"


def every_version(lake: Lake, table: LakeTable, with_file: bool = False) -> str:
    """SQL for all rows of a table there are, with `_commit` where they are raw records.

    Args:
        lake: where it is.
        table: the table.
        with_file: adds `_file`.
    """
    return _rows(lake, table, table.files, with_file=with_file)


def _has_later(lake: Lake, table: LakeTable, superseding: Sequence[DataFile]) -> str:
    """SQL for whether a row of `held` has a later version.

    Only files that are known to have some are looked up: the rest streams by.
    """
    matching = " and ".join(f"later.{quoted(name)} = held.{quoted(name)}" for name in table.key)
    return (
        f"exists (select 1 from ({_rows(lake, table, superseding, table.key)}) as later "
        f"where {matching} and later.{COMMIT} > held.{COMMIT})"
    )


def _rows(
    lake: Lake,
    table: LakeTable,
    files: Iterable[DataFile],
    names: Sequence[str] = (),
    with_file: bool = False,
) -> str:
    """SQL for the rows of files, each column cast to the table's type and null where it is not."""
    of_schema: dict[tuple[str, ...], list[DataFile]] = {}
    for file in files:
        of_schema.setdefault(file.columns, []).append(file)
    types = {name: table.columns[name] for name in names or table.columns}
    is_raw = table.kind != "kept"
    selects = []
    for columns, same in of_schema.items():
        selected = [
            f"cast({quoted(name) if name in columns else 'null'} as {kind}) as {quoted(name)}"
            for name, kind in types.items()
        ]
        selected += [COMMIT] * is_raw
        if with_file:
            selected.append(f"substr(filename, {len(lake.place) + 2}) as {FILE}")
        listed = ", ".join(literal(lake.path(file.path)) for file in same)
        selects.append(
            f"select {', '.join(selected)} from read_parquet([{listed}], "
            f"hive_partitioning = false, filename = {str(with_file).lower()})"
        )
    if not selects:
        empty = [f"cast(null as {kind}) as {quoted(name)}" for name, kind in types.items()]
        empty += [f"cast(null as bigint) as {COMMIT}"] * is_raw
        empty += [f"cast(null as varchar) as {FILE}"] * with_file
        selects.append(f"select {', '.join(empty)} where false")
    return " union all ".join(selects)


def described(
    connection: duckdb.DuckDBPyConnection, name: str
) -> tuple[dict[str, str], str | None]:
    """Types of the columns of a relation of the current database, and its DDL if it is a table."""
    schema, table = name.split(".", 1)
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ? "
        "order by column_index",
        [schema, table],
    ).fetchall()
    ddl = connection.execute(
        "select sql from duckdb_tables() "
        "where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return dict(columns), ddl[0] if ddl else None


def create_schema_of(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Creates the schema of a `schema.table` in the current database, where there is none."""
    connection.execute(f"create schema if not exists {quoted(name.split('.')[0])}")


def quoted_name(name: str) -> str:
    """A `schema.table` as SQL calls it."""
    return ".".join(map(quoted, name.split(".", 1)))


def _modified(details: Mapping[str, Any]) -> float:
    """When a file was written, by what a file system tells of it; now, where it does not."""
    for name in ("mtime", "LastModified", "last_modified", "updated"):
        told = details.get(name)
        if isinstance(told, int | float):
            return float(told)
        if isinstance(told, datetime.datetime):
            return told.timestamp()
    return time.time()


def _manifest(number: int) -> str:
    return f"{_MANIFESTS}/{number:08}.json"


def _put(file: Path, data: bytes) -> None:
    """Writes a file that must not exist, whole or not at all.

    Raises:
        FileExistsError: it does.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f".{uuid.uuid4().hex}")
    try:
        unfinished.touch(mode=0o600, exist_ok=False)
        with unfinished.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(file.parent)


def sync(place: Path) -> None:
    """Has the disk keep a file, or the names in a folder, before what comes next."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
