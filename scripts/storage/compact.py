"""`cdi storage compact`: few files of many, old versions away, a warehouse file without gaps.

A load adds a file to each table it has something for, and a record that changes is there in as many
versions as it had. The latest versions of a table are written to one file. The others are set aside
in a file that is never read, for as long as versions are kept, and then removed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion import lake, mirror, settings, storage
from ingestion.lake import Commit, DataFile, LakeTable
from ingestion.lock import exclusive
from ingestion.sql import fingerprint
from scripts.storage.copies import CopyError, write_anew

DAY = 24 * 3600


@dataclass(frozen=True)
class Compacted:
    """What became smaller.

    Args:
        files: data files of the lake, before and after; none where there is no lake.
        versions: versions of records that others took over from, before and after.
        bytes: of the lake and the warehouse file together, before and after the next commit, with
            which the files go that somebody may still be reading.
    """

    files: tuple[int, int]
    versions: tuple[int, int]
    bytes: tuple[int, int]


def compact(keep_days: float) -> Compacted:
    """Makes of many files few, and removes versions that others took over from.

    Args:
        keep_days: days that these are kept after they were first set aside.

    Raises:
        CopyError: something is not as it was; nothing has changed.
    """
    with exclusive("cdi storage compact"):
        chosen = lake.chosen()
        files = versions = (0, 0)
        size = _size(settings.warehouse())
        after = 0
        if chosen is not None:
            held = sum(chosen.sizes().values())
            with storage.connect(settings.warehouse()) as connection:
                connection.execute("set TimeZone = 'UTC'")
                with mirror.committing(connection, chosen, "cdi storage compact") as commit:
                    before = _counted(connection, commit)
                    for name, table in list(commit.tables.items()):
                        _compact(connection, commit, name, table, keep_days)
                    now = _counted(connection, commit)
            chosen.sweep(keeps_dropped=True)
            files, versions = (before[0], now[0]), (before[1], now[1])
            named = chosen.manifest().tables.values()
            after = sum(file.bytes for table in named for file in table.files)
            size += held
        if settings.warehouse().exists():
            _shrink()
        return Compacted(files, versions, (size, after + _size(settings.warehouse())))


def _compact(
    connection: duckdb.DuckDBPyConnection,
    commit: Commit,
    name: str,
    table: LakeTable,
    keep_days: float,
) -> None:
    """Writes the latest versions of a table to one file, and the others to another."""
    if table.kind == "kept":
        return
    ended = time.time() - keep_days * DAY
    if table.kind == "replaced":
        kept = [file for file in table.files if _replaced_at(table, file) > ended]
        if kept != list(table.files):
            commit.set_files(name, kept)
        return
    past = [file for file in table.files if file.is_past and file.written_at > ended]
    if len(table.read) > 1:
        columns = [*table.columns]
        latest = lake.latest(commit.lake, table)
        expected = fingerprint(connection, f"({latest})", columns)
        taken_over = lake.superseded(commit.lake, table)
        commit.set_files(name, past)
        if taken_over and keep_days > 0:
            commit.add(connection, name, taken_over, "compacted", columns=columns, is_past=True)
        commit.add(connection, name, latest, "compacted", columns=columns)
        found = lake.latest(commit.lake, commit.tables[name])
        if fingerprint(connection, f"({found})", columns) != expected:
            raise CopyError(f"{name} was not written as it was read; nothing has changed")
    elif len(past) + len(table.read) < len(table.files):
        commit.set_files(name, [*past, *table.read])


def _replaced_at(table: LakeTable, file: DataFile) -> float:
    """When another file took over from one, in seconds of the epoch."""
    later = (other.written_at for other in table.files if other.commit > file.commit)
    return min(later, default=float("inf"))


def _counted(connection: duckdb.DuckDBPyConnection, commit: Commit) -> tuple[int, int]:
    """Data files of raw records, and versions in them that others took over from."""
    files = versions = 0
    for table in commit.tables.values():
        if table.kind == "merged":
            files += len(table.files)
            (row,) = connection.execute(
                f"select count(*) from ({lake.latest(commit.lake, table)})"
            ).fetchall()
            versions += sum(file.rows for file in table.files) - int(row[0])
        elif table.kind == "replaced":
            files += len(table.files)
            versions += sum(file.rows for file in table.files if file not in table.read)
    return files, versions


def _shrink() -> None:
    """Writes the warehouse file anew: DuckDB gives no space back that was in use once."""
    with storage.scratch("compacting") as folder:
        new = folder / settings.warehouse().name
        write_anew(settings.warehouse(), new, storage.encryption_key(), is_in_use=True)
        new.replace(settings.warehouse())
        settings.warehouse().with_name(f"{settings.warehouse().name}.wal").unlink(missing_ok=True)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
