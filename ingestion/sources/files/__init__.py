"""Dropped files: CSV, Excel, JSON or Parquet, mapped to canonical columns by `files.yml`."""

from __future__ import annotations

import dataclasses
import datetime
import errno
import hashlib
import json
import lzma
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import dlt
import fsspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import python_calamine
from dlt.sources import DltResource

from ingestion import settings
from ingestion.contracts import resource_hints
from ingestion.pipeline import NotConfiguredError, SourceError
from ingestion.quarantine import ReadWhole, Rejected, Remark
from ingestion.sources.files.canonical import ENTITIES, Canonical
from ingestion.sources.files.mapping import (
    Dataset,
    fingerprint,
    read_mapping,
    source_columns,
)
from ingestion.sources.files.readers import Block, Contents, Skipped, read

# What a torn, locked or mislabelled file raises when it is read.
UNREADABLE = (
    OSError,
    EOFError,
    UnicodeError,
    zlib.error,
    lzma.LZMAError,
    pa.ArrowException,
    python_calamine.CalamineError,
)


@dataclasses.dataclass(frozen=True, order=True)
class File:
    """A file that matches the path of a dataset; the later of two is the greater.

    Args:
        modified: when it was last written, UTC.
        name: relative to the project where it is within it.
        path: as its file system knows it.
        size: in bytes.
        tag: changes with its content, where the file system keeps such a thing.
    """

    modified: datetime.datetime
    name: str
    path: str
    size: int
    tag: str | None

    @property
    def version(self) -> str:
        """Sorts as the files do."""
        return f"{self.modified.isoformat(timespec='microseconds')} {self.name}"


@dlt.source(name="files", max_table_nesting=0)
def files() -> Iterator[DltResource]:
    """The datasets of the files mapping (`CDI_FILES`): new and changed files only.

    Raises:
        NotConfiguredError: there is no mapping, or no dataset in it.
        SourceError: the mapping is wrong.
    """
    mapping_file = settings.files_mapping()
    if not mapping_file.exists():
        raise NotConfiguredError(f"write {mapping_file} (see docs/guides/adding-a-file.md)")
    datasets = read_mapping(mapping_file).datasets
    if not datasets:
        raise NotConfiguredError(f"{mapping_file} names no dataset")
    for entity, model in ENTITIES.items():
        of_entity = [dataset for dataset in datasets if dataset.entity == entity]
        yield dlt.resource(_records, **resource_hints(model))(of_entity)


def _records(datasets: list[Dataset]) -> Iterator[Any]:
    """Canonical records of the files that are new, changed, or newer than one of those.

    The last ones are read again because a record keeps what the newest file says of it, also when
    an older file arrives late.
    """
    state = dlt.current.resource_state().setdefault("files", {})
    for dataset in datasets:
        remembered = state.setdefault(dataset.name, {})
        try:
            file_system, found = _find(dataset.path)
        except (OSError, ImportError, ValueError) as error:
            yield Remark(f"dataset {dataset.name}: {dataset.path}: {error}", is_error=True)
            continue
        if not found:
            yield Remark(f"dataset {dataset.name}: no file matches {dataset.path}")
        mapped = fingerprint(dataset)
        changed = [
            file
            for file in found
            if not _is_known(file_system, file, mapped, remembered.get(file.path))
        ]
        for file in found:
            if not changed or file < min(changed):
                continue
            remembered.pop(file.path, None)
            try:
                content = _content(file_system, file)
                yield from _read(file_system, dataset, file)
            except SourceError as error:
                yield Remark(str(error), is_error=True)
            else:
                yield ReadWhole(file.name, dataset.name)
                remembered[file.path] = {
                    "mapping": mapped,
                    "size": file.size,
                    "version": file.version,
                    "tag": file.tag,
                    "content": content,
                }


def _of_part(rejected: Iterable[Rejected], dataset: Dataset) -> list[Rejected]:
    return [dataclasses.replace(record, part=dataset.name) for record in rejected]


def replay(table: str, records: Sequence[Rejected]) -> Iterator[Any]:
    """Rows out of the quarantine, mapped again by the mapping as it is now.

    A line that could not be taken apart stays there: only its file says what its columns are.
    """
    datasets = {
        dataset.name: dataset for dataset in read_mapping(settings.files_mapping()).datasets
    }
    by_file: dict[tuple[str | None, str | None], list[Rejected]] = {}
    for record in records:
        by_file.setdefault((record.part, record.file), []).append(record)
    for (part, file), group in by_file.items():
        rows = {record.line: _cells(record.record) for record in group}
        dataset = datasets.get(part or "")
        legible = [line for line, cells in rows.items() if cells is not None and dataset]
        yield [record for record in group if record.line not in legible]
        if dataset is None or not legible:
            continue
        named = [*source_columns(dataset), *(name for line in legible for name in rows[line] or ())]
        columns = list(dict.fromkeys(named))
        table_of_rows = pa.table(
            {
                "line": pa.array(legible, pa.int64()),
                **{
                    f"c{index}": pa.array([(rows[line] or {}).get(name) for line in legible])
                    for index, name in enumerate(columns)
                },
            }
        )
        repeated = {r.line: r for r in group if r.rule == "duplicate_key"}
        version = _version_of(dataset, file)
        with _folder() as folder:
            delivery = Canonical(
                dataset, file or "", version, partial(_one_block, columns, table_of_rows)
            ).deliver(folder)
            yield _of_part(delivery.rejected, dataset)
            for delivered, _ in delivery.parts:
                batch = pq.read_table(delivered)
                still = _still_repeated(table, batch, list(repeated))
                yield [repeated[line] for line in batch.filter(still)["line"].to_pylist()]
                if accepted := batch.filter(pc.invert(still)):
                    yield accepted


def _one_block(columns: list[str], rows: pa.Table) -> Contents:
    return Contents(columns, iter([partial(Block, rows)]))


def _still_repeated(table: str, rows: pa.Table, repeated: Sequence[int | None]) -> pa.BooleanArray:
    """Which rows, set aside for the key of another row of their file, have a key that is held."""
    ids = rows.filter(pc.is_in(rows["line"], pa.array(repeated, pa.int64())))["record_id"]
    if not len(ids):
        return pa.array([False] * rows.num_rows)
    places = ", ".join(["%s"] * len(ids))
    with dlt.current.pipeline().sql_client() as warehouse:
        held = warehouse.execute_sql(
            f"select record_id from {table} where record_id in ({places})", *ids.to_pylist()
        )
    taken = pa.array([record_id for (record_id,) in held or ()], pa.string())
    return pc.and_(
        pc.is_in(rows["record_id"], taken), pc.is_in(rows["line"], pa.array(repeated, pa.int64()))
    )


def _cells(record: str) -> dict[str, str] | None:
    """Cells of a row kept as a JSON object by column; None for a line kept as it was written."""
    try:
        cells = json.loads(record)
    except ValueError:
        return None
    return cells if isinstance(cells, dict) else None


def _version_of(dataset: Dataset, name: str | None) -> str:
    """Version of a file that is still there; without one, anything held is taken for newer."""
    _, found = _find(dataset.path)
    return next((file.version for file in found if file.name == name), "")


def _find(path: str) -> tuple[fsspec.AbstractFileSystem, list[File]]:
    """The files of a path or pattern, oldest first."""
    url = path if "://" in path else str(settings.PROJECT / Path(path).expanduser())
    file_system, pattern = fsspec.core.url_to_fs(url)
    # A name may hold what looks like a pattern.
    paths = [pattern] if file_system.isfile(pattern) else file_system.glob(pattern)
    paths = [found for found in paths if not found.rpartition("/")[2].startswith("~$")]
    return file_system, sorted(
        _file(file_system, str(found)) for found in paths if file_system.isfile(found)
    )


def _file(file_system: fsspec.AbstractFileSystem, path: str) -> File:
    info = file_system.info(path)
    try:
        modified = file_system.modified(path).astimezone(datetime.UTC).replace(tzinfo=None)
    except NotImplementedError:
        modified = datetime.datetime.min
    name = path if _is_local(file_system) else file_system.unstrip_protocol(path)
    if Path(name).is_relative_to(settings.PROJECT):
        name = str(Path(name).relative_to(settings.PROJECT))
    return File(modified, name, path, info["size"], info.get("ETag") or info.get("etag"))


def _is_local(file_system: fsspec.AbstractFileSystem) -> bool:
    return "file" in file_system.protocol


def _is_known(
    file_system: fsspec.AbstractFileSystem, file: File, mapped: str, known: dict[str, Any] | None
) -> bool:
    """Whether a file was loaded as it is now, by the mapping that holds now."""
    if known is None or (known["mapping"], known["size"]) != (mapped, file.size):
        return False
    if known["version"] == file.version and known["tag"] == file.tag:
        return True
    return known["content"] is not None and known["content"] == _content(file_system, file)


def _content(file_system: fsspec.AbstractFileSystem, file: File) -> str | None:
    """Hash of a local file: a copy of it, or the same file made again, is no news."""
    if not _is_local(file_system):
        return None
    with file_system.open(file.path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(file_system: fsspec.AbstractFileSystem, dataset: Dataset, file: File) -> Iterator[Any]:
    """Canonical records of one file: once all of it could be read, and is still what it was.

    Raises:
        SourceError: it cannot be read, lacks a mapped column, or changed meanwhile.
    """
    opened = partial(file_system.open, file.path, "rb", compression="infer")
    contents = partial(read, file.name, opened, dataset.format, source_columns(dataset))
    with _folder() as folder:
        try:
            canonical = Canonical(dataset, file.name, file.version, contents)
            delivery = canonical.deliver(folder)
        except UNREADABLE as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            reason = str(error).partition("\n")[0]
            raise SourceError(
                f"dataset {dataset.name}: file {file.name} cannot be read: {reason}"
            ) from None
        file_system.invalidate_cache()
        if _file(file_system, file.path) != file:
            raise SourceError(
                f"dataset {dataset.name}: file {file.name} changed while it was read; load again"
            )
        for text in (*canonical.remarks, *_told(delivery.skipped)):
            yield Remark(f"dataset {dataset.name}: file {file.name}: {text}")
        if delivery.rejected:
            yield _of_part(delivery.rejected, dataset)
        for part, rows in delivery.parts:
            # dlt takes the columns from an item; the records themselves stay in the file.
            columns = pq.read_schema(part).empty_table()
            yield dlt.mark.with_file_import(str(part), "parquet", rows, columns)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for records on their way, within that of the load, which the next load empties."""
    with tempfile.TemporaryDirectory(dir=dlt.current.pipeline().pipelines_dir) as folder:
        yield Path(folder)


def _told(skipped: list[Skipped]) -> Iterator[str]:
    """What was skipped, in words: how many lines, where, and what they are."""
    for reason, group in groupby(skipped, key=lambda lines: lines.reason):
        ranges = list(group)
        count = sum(lines.last - lines.first + 1 for lines in ranges)
        first, last = ranges[0].first, ranges[-1].last
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        if len(ranges) > 1:
            where = f"{count} lines from {first} to {last}"
        yield f"{where}: {reason}, no records"
