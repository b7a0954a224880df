"""Audits a raw file before any load: reads it as the files source would, and measures it."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

import duckdb
import fsspec

from ingestion import settings, storage
from ingestion.pipeline import SourceError
from ingestion.sources.files import UNREADABLE
from ingestion.sources.files.detection import detect_dialect, detect_encoding
from ingestion.sources.files.mapping import Format
from ingestion.sources.files.readers import SAMPLE_BYTES, Opener, read

SEEDS = {
    "junk_values": "reference",
    "country_aliases": "reference",
    "region_aliases": "reference",
    "currency_aliases": "reference",
    "boolean_words": "reference",
    "month_names": "reference",
    "canonical_attributes": "governance",
    "attribute_aliases": "governance",
}
AGES = {
    "30 days": "touched_30_days_count",
    "90 days": "touched_90_days_count",
    "1 year": "touched_1_year_count",
    "2 years": "touched_2_years_count",
    "5 years": "touched_5_years_count",
    "earlier": "touched_earlier_count",
}

# What no column is called: an e-mail address, a phone number, a date, a long number.
_VALUE = re.compile(r"\S@\S+\.\S|\d[\d ()./-]{5,}\d")


@dataclass
class RawFile:
    """A file as rows of a table.

    Args:
        name: as it was given.
        connection: has the rows as `file_rows` (line, c0, c1, …), all text.
        columns: names of the columns, in order.
        written: type, encoding and delimiter.
        unreadable: lines that cannot be read, by the rule they break.
        remarks: what a user should know of how it was read.
    """

    name: str
    connection: duckdb.DuckDBPyConnection
    columns: list[str]
    written: dict[str, str]
    unreadable: Counter[str]
    remarks: list[str]


def found(target: str) -> list[str]:
    """The files a target names: a path, a pattern, or an address fsspec understands.

    Returns:
        Their paths or addresses, sorted; none where there is no such file.
    """
    target = target if "://" in target else str(Path(target).expanduser())
    file_system, pattern = fsspec.core.url_to_fs(target)
    if file_system.isfile(pattern):  # its name may hold what looks like a pattern
        return [target]
    paths = sorted(str(path) for path in file_system.glob(pattern) if file_system.isfile(path))
    return [file_system.unstrip_protocol(path) if "://" in target else path for path in paths]


@contextmanager
def opened(name: str) -> Iterator[RawFile]:
    """Reads a whole file into a database of its own, which lasts as long as the context.

    What does not fit into memory goes to a folder nobody else can read, and is removed.

    Raises:
        SourceError: the file cannot be read.
    """
    with (
        tempfile.TemporaryDirectory(prefix="cdi-audit-") as folder,
        storage.in_memory({"temp_directory": folder}) as connection,
    ):
        connection.execute("set TimeZone = 'UTC'")
        try:
            raw = _landed(name, connection)
        except UNREADABLE as error:
            reason = str(error).partition("\n")[0]
            raise SourceError(f"file {name} cannot be read: {reason}") from None
        yield raw


def _landed(name: str, connection: duckdb.DuckDBPyConnection) -> RawFile:
    file_system, path = fsspec.core.url_to_fs(name)
    open_file = partial(file_system.open, path, "rb", compression="infer")
    contents = read(name, open_file, Format(), [])
    if any(_VALUE.search(column) for column in contents.columns):
        # What was taken for names is the first record: names are shown, values must not be.
        contents = read(name, open_file, Format(header=False), [])
    columns = "".join(f", c{index} varchar" for index in range(len(contents.columns)))
    connection.execute(f"create table file_rows (line bigint{columns})")
    unreadable: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for read_block in contents.blocks:
        block = read_block()
        connection.register("block", block.rows)
        connection.execute("insert into file_rows select * from block")
        connection.unregister("block")
        unreadable.update(rejected.rule for rejected in block.rejected)
        for lines in block.skipped:
            skipped[lines.reason] += lines.last - lines.first + 1
    for seed, folder in SEEDS.items():
        csv = settings.PROJECT / "dbt_project" / "seeds" / folder / f"{seed}.csv"
        connection.execute(f"create table {seed} as from read_csv(?)", [str(csv)])
    remarks = list(contents.remarks)
    remarks += [f"{lines:,} lines are no records: {reason}" for reason, lines in skipped.items()]
    written = _written(path, open_file)
    return RawFile(name, connection, contents.columns, written, unreadable, remarks)


def _written(path: str, open_file: Opener) -> dict[str, str]:
    """Type of a file, and of a delimited one its encoding and delimiter, as they are detected."""
    with open_file() as stream:
        start = stream.read(8)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return {"type": "excel"}
    if start.startswith(b"PAR1"):
        return {"type": "parquet"}
    with open_file() as stream:
        encoding = detect_encoding(stream).name
    suffixes = PurePosixPath(path.lower()).suffixes
    if {".json", ".jsonl", ".ndjson"} & set(suffixes):
        return {
            "type": "json" if start.lstrip().startswith(b"[") else "jsonl",
            "encoding": encoding,
        }
    with open_file() as stream:
        sample = stream.read(SAMPLE_BYTES).decode(encoding, "replace")
    return {
        "type": "csv",
        "encoding": encoding,
        "delimiter": detect_dialect(sample, Format()).delimiter,
    }
