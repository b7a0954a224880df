"""The drill: is a copy of the warehouse, taken as a backup is, as good as the warehouse?"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion import lake, mirror, settings, storage
from ingestion.lock import exclusive
from ingestion.sql import fingerprint
from scripts.governance.probes.finding import DRILL, Finding, Probe, probes, some
from scripts.privacy.holdings import tables
from scripts.publish import SCHEMAS, publish
from scripts.terminal import count

Contents = dict[str, tuple[int, str]]


def drill() -> list[Finding]:
    """Copies the warehouse as a backup would, restores the copy and compares.

    The copy is opened, each of its tables compared with the warehouse's by its number of rows and
    by a hash of its content, and the readers' copy is made of it and compared as well. Nothing of
    it stays; what a drill that was killed has left is removed first. Not to be called while this
    process has the warehouse open: to read the file beside the engine gives up its lock.

    Returns:
        A finding of the warehouse, and one of the readers' copy where there was a copy to make it
        of; where there is a lake, one of a warehouse file made of that alone. A drill that breaks
        has failed.

    Raises:
        BusyError: another process is writing the warehouse.
    """
    probe = probes()[DRILL]
    subject = settings.warehouse().name
    if not settings.warehouse().exists():
        return [probe.found(subject, 1, "there is no warehouse: run `cdi load` and `cdi build`")]
    with exclusive("cdi governance drill"):
        try:
            with storage.scratch("drill") as folder:
                return list(_drilled(probe, folder))
        except (OSError, duckdb.Error, storage.StorageError) as error:
            # What it says may name places of the machine, or values.
            return [probe.found(subject, 1, f"the copy cannot be used: {type(error).__name__}")]


def _drilled(probe: Probe, folder: Path) -> Iterator[Finding]:
    began = time.monotonic()
    copy = folder / settings.warehouse().name
    # What a writer that was killed has not put into the file yet is in the one beside it.
    for file in (settings.warehouse(), _log(settings.warehouse())):
        if file.exists():
            shutil.copyfile(file, folder / file.name)
    expected, restored = _contents(settings.warehouse()), _contents(copy)
    seconds = time.monotonic() - began
    yield _compared(probe, settings.warehouse().name, expected, restored, seconds)
    began = time.monotonic()
    published = publish(copy, folder / settings.published().name)
    public = {name: content for name, content in expected.items() if name.split(".")[0] in SCHEMAS}
    readable, seconds = _contents(published), time.monotonic() - began
    yield _compared(probe, settings.published().name, public, readable, seconds)

    chosen = lake.chosen()
    if chosen is not None:
        began = time.monotonic()
        manifest = chosen.manifest()
        chosen.check(manifest)
        anew = folder / f"anew_{settings.warehouse().name}"
        mirror.restore(anew, chosen, manifest)
        restored = _contents(anew)
        kept = {name for name, table in manifest.tables.items() if table.kind == "kept"}
        expected = {name: content for name, content in expected.items() if name in kept}
        yield _compared(probe, "lake", expected, restored, time.monotonic() - began)


def _compared(
    probe: Probe, subject: str, expected: Contents, restored: Contents, seconds: float
) -> Finding:
    differing = sorted(
        name for name in expected | restored if expected.get(name) != restored.get(name)
    )
    rows = sum(number for number, _ in restored.values())
    told = f"{count(len(restored))} tables with {count(rows)} rows restored in {seconds:.1f} s"
    told += f"; not the same: {some(differing)}" if differing else ", all the same"
    return probe.found(subject, len(differing), told)


def _contents(file: Path) -> Contents:
    """Rows of each table and a hash of all of them, whatever their order."""
    found = {}
    with storage.in_memory() as connection:
        storage.attach(connection, file, "copy")
        connection.execute("use copy")
        for table in tables(connection):
            found[table.label] = fingerprint(connection, table.sql, table.columns)
    return found


def _log(database: Path) -> Path:
    return database.with_name(database.name + ".wal")
