"""Where data is kept: every database file of the project is opened here, encrypted or not.

With `CDI_ENCRYPTION_KEY` set, the warehouse, the readers' copy and the files of roles are encrypted
by DuckDB with AES in Galois/Counter Mode; without, they are plain files. DuckDB takes a key only
where it attaches a file, so an encrypted one is attached to an in-memory database that holds
nothing else, under the name it would have had, and is made the current one.

The key goes to DuckDB as a value of a prepared statement: it is part of no SQL that an error, a log
or `duckdb_databases()` could show.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, TypeVar

import duckdb

from ingestion import lake, settings
from ingestion.settings import StorageError
from ingestion.sql import literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

KEY = "CDI_ENCRYPTION_KEY"
SHORTEST = 32
"""Characters a key has at least. DuckDB hashes it once: a password a person can remember, another
machine can guess."""

FORMAT = "v1.4.0"
"""Of new plain files: read by the release with long-term support and all after it. Unless told,
DuckDB writes that of 1.0, which takes half as long again. Encrypted ones are of the newest."""

_FEWEST_DIFFERENT = 8
_CIPHERS = {1: "AES-GCM", 2: "AES-CTR", 3: "AES-CBC"}
_MAGIC, _FLAGS, _CIPHER, _HEADER = 8, 20, 118, 128
"""Where a DuckDB file says what it is."""


class PlainError(StorageError):
    """A database file is not encrypted, though there is a key."""


@dataclass(frozen=True)
class Encryption:
    """How a database file is kept.

    Args:
        cipher: such as `AES-GCM`; nothing where the file is plain.
    """

    cipher: str | None

    @property
    def is_encrypted(self) -> bool:
        """Whether the file is of use to nobody without its key."""
        return self.cipher is not None


def encryption(path: Path) -> Encryption | None:
    """How a file is kept, as its header says: no key is needed to tell.

    Not to be asked while this process has the file open: to close what was read gives up the lock
    DuckDB holds on it, as POSIX has it.

    Returns:
        Nothing where there is no such file, or it is no DuckDB database.
    """
    try:
        with path.open("rb") as stream:
            header = stream.read(_HEADER)
    except OSError:
        return None
    if len(header) < _HEADER or header[_MAGIC : _MAGIC + 4] != b"DUCK":
        return None
    if not header[_FLAGS] & 1:
        return Encryption(None)
    return Encryption(_CIPHERS.get(header[_CIPHER], "unknown"))


def databases() -> list[Path]:
    """The database files there are: the warehouse, the readers' copy, the files of roles."""
    shares = sorted(settings.shares().glob("*.duckdb"))
    return [
        file for file in (settings.warehouse(), settings.published(), *shares) if file.is_file()
    ]


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """A folder beside the warehouse, its owner's alone, for as long as it is needed.

    What one that was killed has left of this kind is removed first.
    """
    folder = scratch_folder(kind)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def scratch_folder(kind: str) -> Path:
    """Where `scratch` has its folder of a kind."""
    return settings.warehouse().with_name(f"{settings.warehouse().name}.{kind}")


def encryption_key() -> str | None:
    """The key from `CDI_ENCRYPTION_KEY`, or nothing where it is not set.

    Raises:
        StorageError: it is too weak, or empty: an emptied secret must not lead to plain files.
    """
    given = os.environ.get(KEY)
    return None if given is None else checked(given, KEY)


def checked(key: str, name: str) -> str:
    """A key without the blanks around it.

    Raises:
        StorageError: it is too weak, or cannot be typed everywhere.
    """
    key = key.strip()
    mended = "`python3 -c 'import secrets; print(secrets.token_hex(32))'` makes a good one"
    if not key:
        raise StorageError(f"{name} is empty: unset it, or give a key; {mended}")
    if not (key.isascii() and key.isprintable()):
        raise StorageError(f"{name} has characters other than printable ASCII: {mended}")
    if len(key) < SHORTEST or len(set(key)) < _FEWEST_DIFFERENT:
        raise StorageError(
            f"{name} is too weak: it has to have {SHORTEST} characters at least, "
            f"{_FEWEST_DIFFERENT} of them different; {mended}"
        )
    return key


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Opens a database file of the project, which is its current database.

    Within one process all connections to a file share it, as they do with `duckdb.connect`.

    Raises:
        StorageError: the key is missing, wrong, weak or not wanted.
        duckdb.Error: the file is in use, damaged or cannot be written.
    """
    key = key_in_use()
    is_new = not read_only and not path.exists()
    if key is None:
        with _told(path):
            if is_new:
                # Connections to one file have to be of one configuration: only while it is made.
                duckdb.connect(str(path), config={"storage_compatibility_version": FORMAT}).close()
            connection = duckdb.connect(str(path), read_only=read_only)
    else:
        connection = duckdb.connect(instance(path))
        try:
            attach_as_current(connection, path, key, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    if is_new:
        path.chmod(0o600)
    return _settled(connection)


def reach_lake(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes a connection able to read the views of raw records, where these are in a lake."""
    chosen = lake.chosen()
    if chosen is not None:
        chosen.reach(connection)


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    *,
    read_only: bool = True,
    may_be_plain: bool = False,
) -> None:
    """Attaches a database file to a connection, beside what it has.

    Args:
        connection: to any database.
        path: the file; a new one is made where it is not read-only.
        name: what it is called in SQL.
        read_only: whether it can only be read.
        may_be_plain: whether it may be plain though there is a key, as a copy from elsewhere may.

    Raises:
        StorageError: the key is missing, wrong, weak or not wanted.
        duckdb.Error: the file is in use, damaged or cannot be written.
    """
    key = key_in_use()
    try:
        attach_with(connection, path, name, key, read_only=read_only)
    except PlainError:
        if not may_be_plain:
            raise
        attach_with(connection, path, name, None, read_only=read_only)


def attach_with(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    key: str | None,
    *,
    read_only: bool = False,
) -> None:
    """Attaches a file with this very key, or as a plain one.

    Raises:
        StorageError: it is not the key.
        duckdb.Error: the file is in use, damaged or cannot be written.
    """
    options = ["encryption_key ?"] if key is not None else []
    if read_only:
        options.append("read_only")
    elif key is None and not path.exists():
        options.append(f"storage_version '{FORMAT}'")
    listed = f" ({', '.join(options)})" if options else ""
    if key is not None:
        encrypt_what_spills(connection)
    with _told(path):
        connection.execute(
            f"attach if not exists {literal(path)} as {quoted(name)}{listed}",
            [] if key is None else [key],
        )


def in_memory(config: Mapping[str, str | bool | int] | None = None) -> duckdb.DuckDBPyConnection:
    """Opens an in-memory database; with a key, what does not fit goes to disk encrypted, too."""
    key = encryption_key()
    connection = duckdb.connect(config=dict(config or {}))
    if key is not None:
        encrypt_what_spills(connection)
    return _settled(connection)


def _settled(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """What every connection has in common."""
    connection.execute("set enable_progress_bar = false")
    limit_memory(connection)
    reach_lake(connection)
    return connection


def limit_memory(connection: duckdb.DuckDBPyConnection, at_most: str | None = None) -> None:
    """Holds the engine to the memory that is set, if any is; the rest goes to disk.

    Args:
        connection: of the engine.
        at_most: what it is held to in any case.

    Raises:
        StorageError: what is set is no size.
    """
    memory = settings.memory()
    if memory is not None:
        try:
            connection.execute(f"set memory_limit = {literal(memory)}")
        except duckdb.Error as error:
            raise StorageError(
                f"CDI_MEMORY is {memory!r}: it has to be a size, such as 4GB or 512MiB"
            ) from error
    if at_most is not None:
        ((is_less,),) = connection.execute(
            "select parse_formatted_bytes(?) "
            "< parse_formatted_bytes(current_setting('memory_limit'))",
            [at_most],
        ).fetchall()
        if is_less:
            connection.execute(f"set memory_limit = {literal(at_most)}")


def cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor with its connection's database and time zone, which DuckDB does not see to."""
    (name, zone) = connection.execute(
        "select current_database(), current_setting('TimeZone')"
    ).fetchall()[0]
    duplicate = connection.cursor()
    duplicate.execute(f"use {quoted(name)}")
    duplicate.execute(f"set TimeZone = {literal(zone)}")
    return duplicate


def side_by_side(
    connection: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection, _Item], _Result],
    items: Iterable[_Item],
    **given: pa.Table,
) -> Iterator[_Result]:
    """Does the same with each item, with as many cursors as there are cores.

    Args:
        connection: what the cursors are of.
        work: is given a cursor and an item, in a thread of its own.
        items: what there is to do; none of them may depend on another.
        given: what cursors have by these names. Temporary tables are their connection's alone.

    Yields:
        What comes of each item, in their order.
    """
    cores = os.cpu_count() or 1
    cursors = [cursor(connection) for _ in range(cores)]
    for one in cursors:
        for name, table in given.items():
            one.register(name, table)
    of_thread = local()
    free = iter(cursors)

    def begin() -> None:
        of_thread.cursor = next(free)

    try:
        with ThreadPoolExecutor(cores, initializer=begin) as threads:
            yield from threads.map(lambda item: work(of_thread.cursor, item), items)
    finally:
        for one in cursors:
            one.close()


def key_in_use() -> str | None:
    """The key that the files of the project are opened with; nothing where they are plain.

    Raises:
        StorageError: it is too weak, or a change of the key was cut short.
    """
    if settings.rotated().exists():
        raise StorageError(
            f"a change of the key of {settings.warehouse().name} was cut short: "
            "`cdi encrypt rotate` finishes it"
        )
    return encryption_key()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tells what DuckDB says of keys so that one knows what to do."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.InvalidInputException) as error:
        said = str(error)
        if "Wrong encryption key" in said:
            raise StorageError(
                f"{path.name} is encrypted with another key than the one in {KEY}"
            ) from None
        if "Cannot open encrypted database" in said:
            raise StorageError(f"{path.name} is encrypted: set {KEY} to its key") from None
        if "is not encrypted" in said:
            raise PlainError(
                f"{path.name} is not encrypted, though {KEY} is set: `cdi encrypt rotate` "
                "encrypts it; or unset the key"
            ) from None
        raise


def instance(path: Path) -> str:
    """Name of the in-memory database an encrypted file is attached to, the same in all a process.

    Two of them would write one file without knowing of each other.
    """
    return f":memory:cdi-{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]}"


def name_of(path: Path) -> str:
    """What DuckDB, and so dbt, calls the database of a file."""
    return path.name.lstrip(".").split(".")[0]


def attach_as_current(
    connection: duckdb.DuckDBPyConnection, path: Path, key: str, *, read_only: bool = False
) -> None:
    """Attaches an encrypted file to its own in-memory database, as the current one of a connection.

    Where this process has it open already, that is shared, also by who only reads.
    """
    name = name_of(path)
    known = "select 1 from duckdb_databases() where database_name = ?"
    if not connection.execute(known, [name]).fetchall():
        encrypt_what_spills(connection)
        connection.execute(f"set temp_directory = {literal(f'{path}.tmp')}")
        attach_with(connection, path, name, key, read_only=read_only)
    connection.execute(f"use {quoted(name)}")


def encrypt_what_spills(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes a connection able to write encrypted files; those for what memory cannot hold are, too.

    DuckDB leaves the latter plain unless told, whatever is attached.
    """
    _load_cipher(connection)
    if connection.execute("select current_setting('temp_file_encryption')").fetchone() == (False,):
        connection.execute("set temp_file_encryption = true")


def _load_cipher(connection: duckdb.DuckDBPyConnection) -> None:
    """Loads OpenSSL, by which DuckDB encrypts; it comes with the extension `httpfs`.

    What DuckDB itself brings decrypts, but has no random numbers good enough to encrypt with.
    """
    package = importlib.util.find_spec("duckdb_extension_httpfs")
    folders = [*(package.submodule_search_locations or ())] if package else []
    files = [
        Path(folder, "extensions", f"v{duckdb.__version__}", "httpfs.duckdb_extension")
        for folder in folders
    ]
    found = next((literal(file) for file in files if file.exists()), "httpfs")
    try:
        connection.execute(f"load {found}")
    except duckdb.Error:
        raise StorageError(
            f"encryption needs the extension httpfs of DuckDB, which is not installed for DuckDB "
            f"{duckdb.__version__}: `pip install -e '.[encryption]'`"
        ) from None
