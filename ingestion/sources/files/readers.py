"""Reads one file of any kind as blocks of text columns, each row with its line."""

from __future__ import annotations

import codecs
import datetime
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import python_calamine

from ingestion.pipeline import SourceError
from ingestion.quarantine import Rejected
from ingestion.sources.files.detection import (
    SAMPLE_ROWS,
    Dialect,
    detect_dialect,
    detect_encoding,
    detect_header,
    sample_rows,
    unique_names,
)
from ingestion.sources.files.mapping import Format
from ingestion.sources.files.tokens import MAX_RECORD, scan, tokenize

BLOCK_BYTES = 1 << 24
BLOCK_ROWS = 50_000
SAMPLE_CHARACTERS = 1 << 18

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True)
class Block:
    """Some rows of a file.

    Args:
        rows: `line` (bigint) and `c0`, `c1`, … (text): one for each column of the file, in order.
        rejected: records among them that could not be read.
    """

    rows: pa.Table
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Args:
        columns: names of its columns; none when the file is empty.
        blocks: its rows, in order.
    """

    columns: list[str]
    blocks: Iterator[Block]


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
    readers = {"excel": _excel, "parquet": _parquet, "json": _json, "jsonl": _json_lines}
    return readers.get(kind, _delimited)(name, open_file, settings, named)


def _kind(name: str, open_file: Opener) -> str:
    with open_file() as stream:
        start = stream.read(64)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "excel"
    if start.startswith(b"PAR1"):
        return "parquet"
    suffixes = PurePosixPath(name.lower()).suffixes
    if {".jsonl", ".ndjson"} & set(suffixes):
        return "jsonl"
    if ".json" in suffixes:
        return "json" if start.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"[") else "jsonl"
    return "csv"


def _delimited(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    with open_file() as stream:
        encoding, is_plain = detect_encoding(stream)
    if settings.encoding and codecs.lookup(settings.encoding) != codecs.lookup(encoding):
        with_mark = encoding in ("utf-8-sig", "utf-16", "utf-32")
        encoding, is_plain = (encoding, False) if with_mark else (settings.encoding, False)
    chunks = _utf8(open_file, None if is_plain else encoding)
    first = next(chunks, b"")
    sample = first[:SAMPLE_CHARACTERS].decode("utf-8", "replace")
    if len(first) > SAMPLE_CHARACTERS and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    dialect = detect_dialect(sample, settings)
    top = list(sample_rows(sample, dialect))
    cells = [line.fields or [line.text] for line in top]
    header = detect_header(cells, [line.number for line in top], settings, named)
    if not header.names:
        return Contents([], iter(()))
    body = top[header.rows - 1] if header.rows else None
    line = body.next_number if body else 1
    skipped = len(sample[: body.end].encode()) if body else 0
    return Contents(
        header.names,
        _blocks(name, _chain(first[skipped:], chunks), line, dialect, len(header.names)),
    )


def _utf8(open_file: Opener, encoding: str | None) -> Iterator[bytes]:
    """The bytes of a file as UTF-8 with newlines as line ends.

    A byte that is wrong in its encoding becomes a lone surrogate, which `_damaged` finds. A control
    character U+0080 to U+009F is cp1252 punctuation taken for Latin-1 somewhere on its way, and
    becomes what it stood for, as in HTML.
    """
    is_old_mac = None
    held = b""
    for chunk in _decoded(open_file, encoding):
        chunk = held + chunk
        held = chunk[-1:] if chunk.endswith(b"\xc2") else b""
        chunk = chunk.removesuffix(held)
        if b"\xc2" in chunk:
            chunk = _CONTROLS.sub(lambda found: _PUNCTUATION[found[0]], chunk)
        if is_old_mac is None:
            is_old_mac = b"\r" in chunk and b"\n" not in chunk
        yield chunk.replace(b"\r", b"\n") if is_old_mac else chunk
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


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _blocks(
    name: str, chunks: Iterator[bytes], line: int, dialect: Dialect, width: int
) -> Iterator[Block]:
    """Rows of delimited text, chunk by chunk; a record that a chunk cuts goes with the next."""
    pending = b""
    for chunk in chunks:
        pending += chunk
        block, used, line = _block(name, pending, line, dialect, width, at_end=False)
        pending = pending[used:]
        if block is not None:
            yield block
    if pending:
        block, _, _ = _block(name, pending, line, dialect, width, at_end=True)
        if block is not None:
            yield block


def _block(
    name: str, data: bytes, line: int, dialect: Dialect, width: int, at_end: bool
) -> tuple[Block | None, int, int]:
    """Rows of one chunk, how many of its bytes they took, and the line of the next record."""
    if at_end and not data.endswith(b"\n"):
        data += b"\n"
    found = scan(data, dialect.delimiter, dialect.quote)
    used = int(found.ends[-1]) + 1 if found is not None and len(found.ends) else 0
    if found is None or (len(data) - used > MAX_RECORD) or (at_end and used < len(data)):
        return _tokenized_block(name, data, line, dialect, width, at_end)
    if not used:
        return None, 0, line
    damaged = _damaged(data, found.starts)
    oversize = found.ends - found.starts > MAX_RECORD
    good = (found.widths == width) & ~damaged & ~oversize
    rejected = [
        _rejected(
            data[found.starts[row] : found.ends[row]].removesuffix(b"\r"),
            int(found.widths[row]),
            width,
            name,
            line + int(found.lines[row]),
        )
        for row in np.flatnonzero(~good & (found.widths > 0))
    ]
    kept = data[:used]
    if not good.all():
        mask = np.repeat(good, found.ends - found.starts + 1)
        kept = np.frombuffer(kept, np.uint8)[mask].tobytes()
    numbers = pa.array(found.lines[good] + line)
    columns = [f"c{index}" for index in range(width)]
    if not len(numbers):
        rows = pa.table({name: pa.array([], pa.string()) for name in columns})
    else:
        rows = pa_csv.read_csv(
            pa.py_buffer(kept),
            pa_csv.ReadOptions(column_names=columns, block_size=2 * MAX_RECORD),
            pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote if found.has_quotes else False,
                newlines_in_values=found.quoted_newlines,
            ),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string())),
        )
    rows = rows.add_column(0, "line", numbers)
    return Block(rows, rejected), used, line + data.count(b"\n", 0, used)


def _tokenized_block(
    name: str, data: bytes, line: int, dialect: Dialect, width: int, at_end: bool
) -> tuple[Block, int, int]:
    text = data.decode("utf-8", "surrogatepass")
    rows: list[list[str]] = []
    numbers: list[int] = []
    rejected = []
    end = 0
    for record in tokenize(text, dialect.delimiter, dialect.quote, line, at_end):
        end, line = record.end, record.next_number
        if record.fields is not None and not any(record.fields):
            continue
        found = len(record.fields) if record.fields is not None else None
        if found != width or len(record.text) > MAX_RECORD or not _is_sound(record.text):
            written = record.text.encode("utf-8", "surrogatepass")
            rejected.append(_rejected(written, found, width, name, record.number))
        elif record.fields is not None:
            rows.append(record.fields)
            numbers.append(record.number)
    used = len(text[:end].encode("utf-8", "surrogatepass"))
    return Block(_table(rows, numbers, width), rejected), used, line


def _damaged(data: bytes, starts: Any) -> Any:
    """Which records hold a byte that is wrong in the file's encoding."""
    damaged = np.zeros(len(starts), bool)
    if b"\xed" in data:
        view = np.frombuffer(data, np.uint8)
        at = np.flatnonzero(view[:-1] == 0xED)
        at = at[view[at + 1] >= 0xA0]
        damaged[np.searchsorted(starts, at, side="right") - 1] = True
    return damaged


def _is_sound(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _rejected(written: bytes, fields: int | None, width: int, name: str, line: int) -> Rejected:
    """A record that cannot be read, with the first reason that holds.

    Args:
        written: the record in UTF-8, with lone surrogates for damaged bytes.
        fields: how many it has; None when a quote of it does not close.
        width: how many it should have.
        name: the file.
        line: its line.
    """
    text = written.decode("utf-8", "surrogatepass")
    if not _is_sound(text):
        # Show the damaged bytes as they were.
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        detail = "a byte is not valid in the encoding of the file"
        return Rejected(text, "invalid_encoding", detail, name, line)
    if fields is None:
        detail = "a quoted field does not close before a delimiter or the end of its line"
        return Rejected(text, "broken_quotes", detail, name, line)
    if fields != width:
        detail = f"{fields} fields, where the file has {width} columns"
        return Rejected(text, "wrong_number_of_fields", detail, name, line)
    return Rejected(text, "oversize_record", f"longer than {MAX_RECORD >> 20} MiB", name, line)


def _table(rows: Sequence[Sequence[str | None]], numbers: Sequence[int], width: int) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
    arrays = {f"c{index}": pa.array(column, pa.string()) for index, column in enumerate(columns)}
    return pa.table({"line": pa.array(numbers, pa.int64()), **arrays})


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
    header = detect_header([row for _, row in top], [line for line, _ in top], settings, named)

    def blocks() -> Iterator[Block]:
        body = filled[header.rows :]
        for start in range(0, len(body), BLOCK_ROWS):
            part = body[start : start + BLOCK_ROWS]
            yield Block(_table([r for _, r in part], [n for n, _ in part], len(header.names)))

    return Contents(header.names, blocks())


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

    def blocks() -> Iterator[Block]:
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
                yield Block(rows.add_column(0, "line", numbers))
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
    """An array of objects, however it is broken into lines."""
    text = _json_text(open_file, settings)
    decoder = _json_decoder()
    found: list[tuple[int, str, Any]] = []
    position, line = text.find("[") + 1, 1
    line += text.count("\n", 0, position)
    try:
        while True:
            start = _JSON_SPACE.match(text, position).end()  # type: ignore[union-attr]
            if text.startswith("]", start):
                break
            value, end = decoder.raw_decode(text, start)
            line += text.count("\n", position, start)
            found.append((line, text[start:end], value))
            line += text.count("\n", start, end)
            position = _JSON_SPACE.match(text, end).end()  # type: ignore[union-attr]
            line += text.count("\n", end, position)
            if not text.startswith((",", "]"), position):
                raise json.JSONDecodeError("an array goes on with , or ends with ]", text, position)
            position += text.startswith(",", position)
    except ValueError as error:
        at = error.lineno if isinstance(error, json.JSONDecodeError) else line
        raise SourceError(f"file {name} is not valid JSON at line {at}: {error}") from None
    return _json_contents(name, found, [])


def _json_lines(name: str, open_file: Opener, settings: Format, named: Sequence[str]) -> Contents:
    """One object a line."""
    decoder = _json_decoder()
    found: list[tuple[int, str, Any]] = []
    rejected = []
    for line, text in enumerate(_json_text(open_file, settings).split("\n"), 1):
        if not text.strip():
            continue
        try:
            found.append((line, text, decoder.decode(text)))
        except ValueError as error:
            rejected.append(Rejected(text, "invalid_json", _json_fault(error), name, line))
    return _json_contents(name, found, rejected)


_JSON_SPACE = re.compile(r"[ \t\r\n]*")


def _json_text(open_file: Opener, settings: Format) -> str:
    with open_file() as stream:
        encoding = settings.encoding or detect_encoding(stream)[0]
    with open_file() as stream:
        return stream.read().decode(encoding, "backslashreplace").removeprefix("\ufeff")


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


def _json_contents(
    name: str, found: list[tuple[int, str, Any]], rejected: list[Rejected]
) -> Contents:
    """Objects as a table: a nested field is a column `outer.inner`, a list is its JSON text."""
    flat: list[dict[str, str | None]] = []
    lines = []
    for line, text, value in found:
        if isinstance(value, dict):
            flat.append(dict(_flattened(value)))
            lines.append(line)
        else:
            detail = f"a record must be an object, this is a {type(value).__name__}"
            rejected.append(Rejected(text, "not_an_object", detail, name, line))
    columns = list(dict.fromkeys(column for record in flat for column in record))

    def blocks() -> Iterator[Block]:
        if rejected:
            yield Block(_table([], [], len(columns)), rejected)
        for start in range(0, len(flat), BLOCK_ROWS):
            part = flat[start : start + BLOCK_ROWS]
            rows = [[record.get(column) for column in columns] for record in part]
            yield Block(_table(rows, lines[start : start + BLOCK_ROWS], len(columns)))

    return Contents(columns, blocks())


def _flattened(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _flattened(inner, f"{prefix}{name}.")
        elif isinstance(inner, list):
            yield prefix + name, json.dumps(inner, ensure_ascii=False)
        else:
            yield prefix + name, None if inner is None else _cell(inner)
