"""Reads one file of any kind as blocks of text columns, each row with its line."""

from __future__ import annotations

import codecs
import dataclasses
import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import python_calamine

from ingestion.lines import bounded, cut
from ingestion.pipeline import SourceError
from ingestion.quarantine import Rejected
from ingestion.sources.files.detection import (
    SAMPLE_ROWS,
    Layout,
    consistency,
    detect_dialect,
    detect_encoding,
    detect_layout,
    other_tables,
    sample_rows,
    unique_names,
)
from ingestion.sources.files.mapping import Format
from ingestion.sources.files.tokens import MAX_RECORD, Dialect, Line, scan, tokenize

BLOCK_BYTES = 1 << 24
BLOCK_ROWS = 50_000
SAMPLE_BYTES = 1 << 20
SAMPLE_LINES = 2 * SAMPLE_ROWS
# A JSON array is held in memory as a whole.
MAX_ARRAY = 1 << 28
MAX_DEPTH = 100
# How far from the end of a file, or above names that are repeated, notes are looked for.
NOTE_BYTES = 1 << 14
NOTE_LINES = 20

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# Characters nobody writes: of what is no text, they are more than one in twenty.
UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True)
class Skipped:
    """Lines of a file that are no records: notes around its table, names given again.

    Args:
        first: the first of them, from 1.
        last: the last of them.
        reason: what they are, such as `above the table`.
    """

    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class Block:
    """Some lines of a file.

    Args:
        rows: `line` (bigint) and `c0`, `c1`, … (text): one for each column of the file, in order.
        rejected: records among them that could not be read.
        skipped: lines among them that are no records.
    """

    rows: pa.Table
    rejected: list[Rejected] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Args:
        columns: names of its columns; none when the file is empty.
        blocks: its lines, in order: each reads one block, in whatever thread it is called.
        remarks: what a user should know of how the file was read.
    """

    columns: list[str]
    blocks: Iterator[Callable[[], Block]]
    remarks: list[str] = field(default_factory=list)


def read(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    """Reads a file by what it is: its first bytes decide, then the end of its name.

    Args:
        name: name of the file, shown in messages.
        open_file: opens it for reading bytes, unpacked.
        settings: what the mapping says about its format; the rest is detected.
        named: columns the mapping asks for.

    Raises:
        SourceError: the file as a whole cannot be read.
    """
    kind = settings.type or _kind(name, open_file)
    readers = {"excel": _excel, "parquet": _parquet, "json": _json, "jsonl": _json}
    contents = readers.get(kind, _delimited)(name, open_file, settings, named)
    # Names are shown, and nobody should see what a terminal would obey.
    if any(map(CONTROL.search, contents.columns)):
        visible = unique_names([CONTROL.sub(" ", column) for column in contents.columns])
        return dataclasses.replace(contents, columns=visible)
    return contents


def _kind(name: str, open_file: Opener) -> str:
    with open_file() as stream:
        start = stream.read(64)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "excel"
    if start.startswith(b"PAR1"):
        return "parquet"
    return "json" if {".json", ".jsonl", ".ndjson"} & _suffixes(name) else "csv"


def _suffixes(name: str) -> set[str]:
    return set(PurePosixPath(name.lower()).suffixes)


# ---------------------------------------------------------------------------- delimited text


@dataclass(frozen=True)
class _Text:
    """A delimited file.

    Args:
        name: shown in messages.
        dialect: how it is written.
        layout: where its table is.
        lengths: bytes of the lines that are too long to be kept whole, by their number.
    """

    name: str
    dialect: Dialect
    layout: Layout
    lengths: dict[int, int]

    @property
    def width(self) -> int:
        return len(self.layout.names)


def _delimited(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    with open_file() as stream:
        encoding = detect_encoding(stream, settings.encoding)
    remarks = []
    if encoding.is_guess:
        remarks.append(f"not UTF-8, read as {encoding.name}: format.encoding settles it")
    chunks = _utf8(open_file, None if encoding.is_plain else encoding.name)
    first = next(chunks, b"")
    sample = _sample(first)
    if len(UNWRITTEN.findall(sample)) > 20 + len(sample) // 20:
        raise SourceError(f"file {name} is no text: is it packed, or not what its name says?")
    dialect = detect_dialect(sample, settings)
    if "\r" in sample:
        # A carriage return alone ends a line where most lines end so, or that makes a better table.
        mended = sample.replace("\r\n", "\n").replace("\r", "\n")
        alternative = detect_dialect(mended, settings)
        is_usual = 2 * sample.count("\n") < mended.count("\n")
        if is_usual or consistency(mended, alternative) > consistency(sample, dialect):
            chunks = _line_ends(chain([first], chunks))
            first, dialect = next(chunks, b""), alternative
            sample = _sample(first)
    top = list(sample_rows(sample, dialect))
    cells = [line.fields or [line.text] for line in top]
    lines = [line.number for line in top]
    layout = detect_layout(cells, lines, settings, named)
    if not layout.names:
        return Contents([], iter(()), remarks)
    for line, width in other_tables(cells, lines, layout):
        raise SourceError(
            f"file {name} holds several tables: one of {len(layout.names)} columns, and from line "
            f"{line} one of {width}; split it into a file for each"
        )
    start, line = 0, 1
    if layout.rows:
        start = len(sample[: top[layout.rows - 1].end].encode("utf-8", "surrogatepass"))
        line = top[layout.rows - 1].next_number
    lengths: dict[int, int] = {}
    text = _Text(name, dialect, layout, lengths)
    parts = _with_last(bounded(chain([first[start:]], chunks), line, lengths))
    blocks = (_plain_blocks if dialect.is_plain else _other_blocks)(text, parts, line)
    before = partial(Block, _table([], [], text.width), [], _above(layout, lines))
    return Contents(layout.names, chain([before], blocks), remarks)


def _above(layout: Layout, lines: Sequence[int]) -> list[Skipped]:
    """The notes above a table, by the lines its first rows start on."""
    if not layout.above:
        return []
    # Names may follow a row that goes over several lines.
    last = lines[layout.above] - 1 if layout.above < len(lines) else lines[-1]
    return [Skipped(lines[0], last, "above the table")]


def _sample(chunk: bytes) -> str:
    """The start of a text, as far as it is whole lines."""
    sample = chunk[:SAMPLE_BYTES]
    if len(chunk) > SAMPLE_BYTES and b"\n" in sample:
        sample = sample[: sample.rindex(b"\n") + 1]
    rest = sample.split(b"\n", SAMPLE_LINES)[SAMPLE_LINES:]
    return _decoded_start(sample.removesuffix(rest[0]) if rest else sample)


def _decoded_start(data: bytes) -> str:
    """Bytes as text, without a character that is cut off at their end."""
    return codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(data)


def _utf8(open_file: Opener, encoding: str | None) -> Iterator[bytes]:
    """The bytes of a file as UTF-8.

    A byte that is wrong in its encoding becomes a lone surrogate, which `_damaged` finds. A control
    character U+0080 to U+009F is cp1252 punctuation taken for Latin-1 somewhere on its way, and
    becomes what it stood for, as in HTML.
    """
    held = b""
    for chunk in _decoded(open_file, encoding):
        chunk = held + chunk
        held = chunk[-1:] if chunk.endswith(b"\xc2") else b""
        chunk = chunk.removesuffix(held)
        if b"\xc2" in chunk:
            chunk = _CONTROLS.sub(lambda found: _PUNCTUATION[found[0]], chunk)
        yield chunk
    if held:
        yield held


def _decoded(open_file: Opener, encoding: str | None) -> Iterator[bytes]:
    """A file in UTF-8; without an encoding it is so already."""
    with open_file() as stream:
        if encoding is None:
            while chunk := stream.read(BLOCK_BYTES):
                yield chunk
            return
        escape = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(escape)
        while chunk := stream.read(BLOCK_BYTES):
            yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")


_PUNCTUATION = {
    chr(code).encode(): bytes([code]).decode("cp1252", "ignore").encode() or chr(code).encode()
    for code in range(0x80, 0xA0)
}
_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")


def _line_ends(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Text whose lines end with a newline, whatever they ended with."""
    held = b""
    for chunk in chunks:
        chunk = held + chunk
        held = chunk[-1:] if chunk.endswith(b"\r") else b""
        yield chunk.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if held:
        yield b"\n"


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Chunks, and whether each is the last one, which is never too short to hold a few notes."""
    held = next(chunks, b"")
    for chunk in chunks:
        if len(chunk) < NOTE_BYTES:
            held += chunk
        else:
            yield held, False
            held = chunk
    yield held, True


@dataclass(frozen=True)
class _Part:
    """Some whole records of a text in a plain dialect.

    Args:
        data: bytes they are in.
        starts: first byte of each record, or of each line of a record that needs care.
        ends: byte of the newline that ends it.
        lines: its number.
        simple: whether it is a record that any CSV parser reads alike.
        careful: the other records.
        skipped: lines after them that are no records.
    """

    data: bytes
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    simple: npt.NDArray[np.bool_]
    careful: list[Line]
    skipped: list[Skipped]


def _plain_blocks(
    text: _Text, chunks: Iterator[tuple[bytes, bool]], line: int
) -> Iterator[Callable[[], Block]]:
    """Rows of a text in a plain dialect, chunk by chunk; what a chunk cuts goes with the next."""
    pending = b""
    for chunk, at_end in chunks:
        data = pending + chunk
        skipped: list[Skipped] = []
        if at_end:
            data, skipped = _without_footnotes(data, line, text)
        found = scan(data, text.dialect)
        rest = len(data) - (int(found.ends[-1]) + 1 if len(found.ends) else 0)
        if (at_end and rest) or rest > MAX_RECORD:
            # A quote that never closes.
            found = scan(data, text.dialect, by_line=True)
        simple = found.simple.copy()
        careful, resume, count = [], 0, len(found.ends)
        for index in np.flatnonzero(~simple):
            start = int(found.starts[index])
            if start < resume:
                continue
            number = line + int(found.lines[index])
            record, resume = _record_at(data, start, number, text.dialect, at_end)
            if record is None:
                count = int(index)
                break
            careful.append(record)
            simple[index : np.searchsorted(found.starts, resume)] = False
        used = int(found.ends[count - 1]) + 1 if count else 0
        part = _Part(
            data,
            found.starts[:count],
            found.ends[:count],
            found.lines[:count] + line,
            simple[:count],
            careful,
            skipped,
        )
        yield partial(_plain_block, text, part)
        pending = data[used:]
        line += data.count(b"\n", 0, used)


def _record_at(
    data: bytes, start: int, number: int, dialect: Dialect, at_end: bool
) -> tuple[Line | None, int]:
    """The record that starts at a byte, and the byte after it; None when it does not end."""
    size = 1 << 12
    while True:
        is_rest = start + size >= len(data)
        window = _decoded_start(data[start : start + size])
        record = next(tokenize(window, dialect, number, is_rest and at_end), None)
        if record is not None:
            length = len(window[: record.end].encode("utf-8", "surrogatepass"))
            return record, start + length
        if is_rest:
            return None, start
        size <<= 4


def _plain_block(text: _Text, part: _Part) -> Block:
    """Rows of some records: the simple ones are left to Arrow's parser."""
    data, starts, ends = part.data, part.starts, part.ends
    lengths = ends - starts
    view = np.frombuffer(data, np.uint8)
    blank = (lengths == 0) | ((lengths == 1) & (view[starts] == 13))
    good = part.simple & ~blank & ~_damaged(data, starts, ends) & (lengths <= MAX_RECORD)
    records = _Records(text)
    for record in part.careful:
        records.add(record)
    for index in np.flatnonzero(part.simple & ~blank & ~good):
        written = data[starts[index] : ends[index]].removesuffix(b"\r")
        records.add(_line(written, int(part.lines[index]), text.dialect))
    kept = data[: int(ends[-1]) + 1] if len(ends) else b""
    if not good.all():
        kept = view[: len(kept)][np.repeat(good, lengths + 1)].tobytes()
    numbers = part.lines[good]
    rows = records.table()
    if len(numbers):
        parsed, invalid = _parsed(kept, text)
        for at, written_row in invalid:
            records.add(_line(written_row.encode(), int(numbers[at]), text.dialect))
        numbers = np.delete(numbers, [at for at, _ in invalid])
        rows = parsed.add_column(0, "line", pa.array(numbers))
        others = records.table()
        if others.num_rows:
            rows = pa.concat_tables([rows, others]).sort_by("line")
    return _block(text.layout, rows, records.rejected, part.skipped)


def _parsed(data: bytes, text: _Text) -> tuple[pa.Table, list[tuple[int, str]]]:
    """Columns of simple records, and those with another number of fields, by their position."""
    invalid: list[tuple[int, str]] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        invalid.append((row.number - 1, row.text))
        return "skip"

    quote = text.dialect.quote
    columns = [f"c{index}" for index in range(text.width)]
    table = pa_csv.read_csv(
        pa.py_buffer(data),
        # One thread: the blocks of a file are parsed side by side.
        pa_csv.ReadOptions(column_names=columns, use_threads=False, block_size=2 * MAX_RECORD),
        pa_csv.ParseOptions(
            delimiter=text.dialect.delimiter,
            quote_char=quote if quote and quote.encode() in data else False,
            newlines_in_values=True,
            invalid_row_handler=skip,
        ),
        pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string())),
    )
    return table, invalid


def _line(written: bytes, number: int, dialect: Dialect) -> Line:
    """The one record that some bytes are."""
    [record] = tokenize(_decoded_start(written), dialect, number, at_end=True)
    return record


def _other_blocks(
    text: _Text, chunks: Iterator[tuple[bytes, bool]], line: int
) -> Iterator[Callable[[], Block]]:
    """Rows of a text in a dialect that only `tokenize` reads."""
    pending = b""
    for chunk, at_end in chunks:
        data = pending + chunk
        skipped: list[Skipped] = []
        if at_end:
            data, skipped = _without_footnotes(data, line, text)
        records = _Records(text)
        decoded = _decoded_start(data)
        end = 0
        for record in tokenize(decoded, text.dialect, line, at_end):
            end, line = record.end, record.next_number
            records.add(record)
        yield partial(_block, text.layout, records.table(), records.rejected, skipped)
        pending = data[len(decoded[:end].encode("utf-8", "surrogatepass")) :]


class _Records:
    """Rows and rejects made of records that were read one by one."""

    def __init__(self, text: _Text) -> None:
        self._text = text
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self.rejected: list[Rejected] = []

    def add(self, record: Line) -> None:
        """Takes a record for what it is: a row, a reject, or blank and nothing."""
        text, fields = self._text, record.fields
        if fields is not None and not any(cell.strip() for cell in fields):
            return
        row = text.layout.fitted(fields) if fields is not None else None
        if row is None or len(record.text) > MAX_RECORD or not _is_sound(record.text):
            self.rejected.append(_rejected(text, record))
        else:
            self._rows.append(row)
            self._lines.append(record.number)

    def table(self) -> pa.Table:
        """The rows so far."""
        return _table(self._rows, self._lines, self._text.width)


def _damaged(
    data: bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which records hold a byte that is wrong in the file's encoding."""
    damaged = np.zeros(len(starts), bool)
    if b"\xed" in data and len(ends):
        view = np.frombuffer(data, np.uint8)
        at = np.flatnonzero(view[: ends[-1]] == 0xED)
        at = at[view[at + 1] >= 0xA0]
        damaged[np.searchsorted(starts, at, side="right") - 1] = True
    return damaged


def _is_sound(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _rejected(text: _Text, record: Line) -> Rejected:
    """A record that cannot be read, with the first reason that holds."""
    written, fields, line = record.text, record.fields, record.number
    if not _is_sound(written):
        # Show the damaged bytes as they were.
        written = written.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        detail = "a byte is not valid in the encoding of the file"
        return Rejected(written, "invalid_encoding", detail, text.name, line)
    if fields is None:
        detail = "a quoted field does not close before a delimiter or the end of its line"
        return Rejected(written, "broken_quotes", detail, text.name, line)
    if len(written) > MAX_RECORD:
        return Rejected(written, *_oversize(line, text.lengths), text.name, line)
    detail = f"{len(fields)} fields, where the file has {text.width} columns"
    return Rejected(written, "wrong_number_of_fields", detail, text.name, line)


def _oversize(line: int, lengths: dict[int, int]) -> tuple[str, str]:
    """Rule and detail of a record that is too long."""
    if line not in lengths:
        return "oversize_record", f"longer than {MAX_RECORD >> 20} MiB"
    return cut(lengths[line])


def _without_footnotes(data: bytes, line: int, text: _Text) -> tuple[bytes, list[Skipped]]:
    """The end of a text without what stands below its table: after a blank line, no more rows."""
    if data and not data.endswith(b"\n"):
        data += b"\n"
    marks = (text.dialect.delimiter + text.dialect.quote + " \t\r").encode()
    lines = data[-NOTE_BYTES:].split(b"\n")
    while lines and not lines[-1].strip(marks):
        lines.pop()
    blank = [index for index, written in enumerate(lines) if not written.strip(marks)]
    if not blank or text.width < 2:
        return data, []
    notes = lines[blank[-1] + 1 :]
    below = b"\n".join(notes).decode("utf-8", "replace")
    quotes = below.count(text.dialect.quote) if text.dialect.quote else 0
    records = list(tokenize(below, text.dialect, at_end=True))
    # After an odd number of quotes, the blank line was part of a field.
    if quotes % 2 or any(text.layout.fitted(record.fields or []) for record in records):
        return data, []
    start = data.rindex(b"\n".join(notes))
    first = line + data.count(b"\n", 0, start)
    return data[:start], [Skipped(first, first + len(notes) - 1, "below the table")]


def _block(
    layout: Layout, rows: pa.Table, rejected: list[Rejected], skipped: list[Skipped]
) -> Block:
    """A block without rows that give the names again, as in files put one after the other."""
    again = sorted(_names_again(layout, rows))
    if not again:
        return Block(rows, rejected, skipped)
    lines = rows["line"].to_numpy()
    broken = {record.line for record in rejected if record.line}
    gone: set[int] = set()
    for index in again:
        last = int(lines[index])
        first = _title_of(last, layout, rows, gone | broken)
        gone |= set(range(first, last + 1))
        skipped.append(Skipped(first, last, "names given again"))
    kept = ~np.isin(lines, list(gone))
    rejected = [record for record in rejected if record.line not in gone]
    return Block(rows.filter(kept), rejected, skipped)


def _title_of(names: int, layout: Layout, rows: pa.Table, unread: set[int]) -> int:
    """The first line of what stands between a blank line and the line of names, below it or not.

    Args:
        names: the line of names.
        layout: of the table.
        rows: with `line`.
        unread: other lines that are not blank.
    """
    lines = rows["line"].to_numpy()
    first = names
    for line in range(names - 1, names - NOTE_LINES, -1):
        at = int(np.searchsorted(lines, line))
        filled = 1 if line in unread else 0
        if at < len(lines) and lines[at] == line:
            filled = len(_filled(rows, at))
        if filled > max(1, len(layout.names) // 2):
            break
        if filled:
            first = line
        elif first < names:
            return first
    return names


def _names_again(layout: Layout, rows: pa.Table) -> Iterator[int]:
    for names in layout.heading:
        # A row with a wrong byte is never given.
        if len(names) > 1 and all(map(_is_sound, names.values())):
            column = min(names)
            alike = pc.equal(pc.utf8_trim_whitespace(rows[f"c{column}"]), names[column])
            for index in np.flatnonzero(alike.to_numpy()):
                if _filled(rows, int(index)) == names:
                    yield int(index)


def _filled(rows: pa.Table, index: int) -> dict[int, str]:
    """The cells of a row that are not blank, by their column."""
    cells = enumerate(column[index].as_py() or "" for column in rows.columns[1:])
    return {column: cell.strip() for column, cell in cells if cell.strip()}


def _table(rows: Sequence[Sequence[str | None]], numbers: Sequence[int], width: int) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
    arrays = {f"c{index}": pa.array(column, pa.string()) for index, column in enumerate(columns)}
    return pa.table({"line": pa.array(numbers, pa.int64()), **arrays})


# ---------------------------------------------------------------------------- other kinds


def _excel(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    with open_file() as stream:
        workbook = python_calamine.CalamineWorkbook.from_filelike(stream)
    sheet = settings.sheet or workbook.sheet_names[0]
    if sheet not in workbook.sheet_names:
        sheets = ", ".join(workbook.sheet_names)
        raise SourceError(f'file {name} has no sheet "{sheet}"; its sheets: {sheets}')
    written = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    rows = [[_cell(value) for value in row] for row in written]
    filled = [(line, row) for line, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    top = filled[:SAMPLE_ROWS]
    lines = [line for line, _ in top]
    layout = detect_layout([row for _, row in top], lines, settings, named)
    skipped = _above(layout, lines)

    def blocks() -> Iterator[Callable[[], Block]]:
        yield partial(Block, _table([], [], len(layout.names)), [], skipped)
        body = filled[layout.rows :]
        for start in range(0, len(body), BLOCK_ROWS):
            part = body[start : start + BLOCK_ROWS]
            rows = _table([row for _, row in part], [line for line, _ in part], len(layout.names))
            yield partial(_block, layout, rows, [], [])

    return Contents(layout.names, blocks())


def _cell(value: Any) -> str:
    """A cell of a sheet as canonical text: ISO dates, whole numbers without a fraction."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return str(value)


def _parquet(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    with open_file() as stream:
        columns = pq.ParquetFile(stream).schema_arrow.names

    def blocks() -> Iterator[Callable[[], Block]]:
        line = 1
        with open_file() as stream, duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            for batch in pq.ParquetFile(stream).iter_batches(BLOCK_ROWS):
                typed = pa.table(batch.columns, [f"c{index}" for index in range(len(columns))])
                kinds = connection.from_arrow(typed).types
                texts = [_as_text(f"c{index}", str(kind)) for index, kind in enumerate(kinds)]
                connection.register("typed", typed)
                rows = connection.execute(f"select {', '.join(texts)} from typed").to_arrow_table()
                numbers = pa.array(range(line, line + rows.num_rows), pa.int64())
                yield partial(Block, rows.add_column(0, "line", numbers))
                line += rows.num_rows

    return Contents(unique_names(columns), blocks())


def _as_text(column: str, kind: str) -> str:
    """SQL that writes a typed column as canonical text."""
    text = f"cast({column} as varchar)"
    if kind in ("FLOAT", "DOUBLE"):
        text = (
            f"case when {column} = trunc({column}) and abs({column}) < 1e15 "
            f"then cast(cast({column} as bigint) as varchar) else {text} end"
        )
    elif kind.startswith("TIMESTAMP"):
        text = f"regexp_replace({text}, ' 00:00:00(\\+00)?$', '')"
    elif kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        text = f"cast(to_json({column}) as varchar)"
    return f"{text} as {column}"


def _json(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    """Objects as a table: a nested field is a column `outer.inner`, a list is its JSON text.

    The file is read twice: which columns there are is known when all objects are.
    """
    records = partial(_json_records, name, open_file, settings)
    columns: dict[str, None] = {}
    for _, found in records():
        if isinstance(found, dict):
            columns |= dict.fromkeys(found)

    def blocks() -> Iterator[Callable[[], Block]]:
        rows: list[list[str | None]] = []
        lines: list[int] = []
        rejected: list[Rejected] = []
        for line, found in records():
            if isinstance(found, Rejected):
                rejected.append(found)
            else:
                rows.append([found.get(column) for column in columns])
                lines.append(line)
            if len(rows) + len(rejected) == BLOCK_ROWS:
                yield partial(Block, _table(rows, lines, len(columns)), rejected)
                rows, lines, rejected = [], [], []
        yield partial(Block, _table(rows, lines, len(columns)), rejected)

    return Contents(list(columns), blocks())


def _json_records(
    name: str, open_file: Opener, settings: Format
) -> Iterator[tuple[int, dict[str, str | None] | Rejected]]:
    """The fields of each object of a file, or why it is none, with its line."""
    with open_file() as stream:
        encoding = detect_encoding(stream, settings.encoding)
    with open_file() as stream:
        start = stream.read(64).lstrip(codecs.BOM_UTF8 + b" \t\r\n\0")
    is_array = start.startswith(b"[") and not {".jsonl", ".ndjson"} & _suffixes(name)
    if settings.type in ("json", "jsonl"):
        is_array = settings.type == "json"
    chunks = _decoded(open_file, None if encoding.is_plain else encoding.name)
    lengths: dict[int, int] = {}
    values = _array_values(name, chunks) if is_array else _line_values(bounded(chunks, 1, lengths))
    for line, text, value in values:
        fault = None
        if not _is_sound(text):
            fault = "invalid_encoding", "a byte is not valid in the encoding of the file"
            text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        elif len(text) > MAX_RECORD:
            fault = _oversize(line, lengths)
        elif isinstance(value, ValueError):
            fault = "invalid_json", _json_fault(value)
        elif not isinstance(value, dict):
            fault = "not_an_object", f"a record must be an object, this is a {type(value).__name__}"
        elif text.count("{") + text.count("[") > MAX_DEPTH and _is_deep(value, MAX_DEPTH):
            fault = "invalid_json", f"nested more than {MAX_DEPTH} levels deep"
        yield line, Rejected(text, *fault, name, line) if fault else dict(_flattened(value))


def _line_values(chunks: Iterable[bytes]) -> Iterator[tuple[int, str, Any]]:
    """The JSON value of each line that is not blank, or the error of one that has none."""
    decoder = _json_decoder()
    pending, line = b"", 0
    for chunk in chain(chunks, [b"\n"]):
        *lines, pending = (pending + chunk).split(b"\n") if b"\n" in chunk else [pending + chunk]
        for written in lines:
            line += 1
            text = _decoded_start(written).removeprefix("\ufeff")
            if text.strip():
                try:
                    value = decoder.decode(text) if len(text) <= MAX_RECORD else None
                except RecursionError:
                    value = ValueError("nested too deeply")
                except ValueError as error:
                    value = error
                yield line, text, value


def _array_values(name: str, chunks: Iterable[bytes]) -> Iterator[tuple[int, str, Any]]:
    """The values of a JSON array, however it is broken into lines."""
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MAX_ARRAY:
            raise SourceError(
                f"file {name} is a JSON array of more than {MAX_ARRAY >> 20} MiB; write one object "
                "a line (.jsonl)"
            )
    text = data.decode("utf-8", "surrogatepass")
    decoder = _json_decoder()
    position, line = text.find("[") + 1, 1
    line += text.count("\n", 0, position)
    try:
        while True:
            start = _JSON_SPACE.match(text, position).end()  # type: ignore[union-attr]
            if text.startswith("]", start):
                return
            line += text.count("\n", position, start)
            value, end = decoder.raw_decode(text, start)
            yield line, text[start:end], value
            line += text.count("\n", start, end)
            position = _JSON_SPACE.match(text, end).end()  # type: ignore[union-attr]
            line += text.count("\n", end, position)
            if not text.startswith((",", "]"), position):
                raise json.JSONDecodeError("an array goes on with , or ends with ]", text, position)
            position += text.startswith(",", position)
    except RecursionError:
        fault = f"file {name} is not valid JSON at line {line}: nested too deeply"
    except ValueError as error:
        at = error.lineno if isinstance(error, json.JSONDecodeError) else line
        fault = f"file {name} is not valid JSON at line {at}: {error}"
    raise SourceError(fault)


_JSON_SPACE = re.compile(r"[ \t\r\n]*")


def _json_decoder() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_distinct, parse_constant=_no_number)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field is given twice")
    return fields


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON value")


def _json_fault(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}"
    return str(error)


def _is_deep(value: Any, levels: int) -> bool:
    """Whether objects and lists lie within each other on more levels than so many."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(_is_deep(item, levels - 1) for item in inner)


def _flattened(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _flattened(inner, f"{prefix}{name}.")
        elif isinstance(inner, list):
            yield prefix + name, json.dumps(inner, ensure_ascii=False)
        else:
            yield prefix + name, None if inner is None else _cell(inner)
