"""Works out how a delimited file is written: encoding, delimiter, quote, and its row of names."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ingestion.sources.files.mapping import Format
from ingestion.sources.files.tokens import Line, tokenize

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 500

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TYPED = re.compile(
    r"""\s*(?:
        [-+(]?\s*[$€£¥]?\s*\d[\d.,'\s\u00a0]*(?:[eE][-+]?\d+)?\s*[%)€]?   # a number or an amount
        | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T\s]\d{1,2}:\d{2}.*)?    # a date, perhaps with a time
        | \d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?                        # a time
        | [^@\s]+@[^@\s]+\.[^@\s]+                                    # an e-mail address
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Dialect:
    """How the fields of a delimited file are set apart."""

    delimiter: str = ","
    quote: str = '"'


@dataclass(frozen=True)
class Header:
    """Where the rows of a table start, and what its columns are called.

    Args:
        names: one for each column, each different.
        rows: how many rows of the sample stand before the first row of data.
    """

    names: list[str]
    rows: int


def detect_encoding(stream: BinaryIO) -> tuple[str, bool]:
    """Encoding of a whole file, and whether its bytes are valid UTF-8 without a mark as they are.

    Bytes that are not UTF-8 make a file cp1252, unless it holds more good UTF-8 characters than
    bad bytes: then it is UTF-8 with damaged lines, and calling it anything else would garble it.
    """
    sample = stream.read(1 << 16)
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding, False
    if sample.count(b"\0") > len(sample) // 4:
        return (
            "utf-16-le" if sample[1::2].count(b"\0") > sample[::2].count(b"\0") else "utf-16-be"
        ), False
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    block = sample
    while block:
        text = decoder.decode(block)
        if not text.isascii():
            damaged = len(re.findall("[\udc80-\udcff]", text))
            bad += damaged
            good += len(re.findall("[^\x00-\x7f]", text)) - damaged
        block = stream.read(1 << 24)
    bad += len(decoder.decode(b"", final=True))
    if not bad:
        return "utf-8", True
    return ("utf-8" if good > bad else "cp1252"), False


def detect_dialect(text: str, settings: Format) -> Dialect:
    """The dialect under which the lines of a sample have the most regular shape.

    The score is that of a consistent table: rows of equal width, more columns better, cells of
    recognisable kinds (after van den Burg, Nazabal and Sutton, "Wrangling messy CSV files").
    """
    if settings.delimiter and settings.quote:
        return Dialect(settings.delimiter, settings.quote)
    delimiters = settings.delimiter or DELIMITERS
    quotes = settings.quote or _quotes(text, delimiters)
    candidates = [Dialect(delimiter, quote) for quote in quotes for delimiter in delimiters]
    return max(candidates, key=lambda dialect: _consistency(text, dialect))


def detect_header(
    rows: Sequence[Sequence[str]], lines: Sequence[int], settings: Format, named: Sequence[str]
) -> Header:
    """Finds the row of names, and so where the data starts, in the first rows of a table.

    Args:
        rows: cells of the first rows, none of them blank.
        lines: line of the file each row starts on.
        settings: `header` in them decides, where given.
        named: columns the mapping asks for; a row that holds one of them is the header.
    """
    if not rows:
        return Header([], 0)
    width = _body_width(rows)
    row = _header_row(rows, lines, width, settings, named)
    if row is None:
        body = next(index for index, cells in enumerate(rows) if len(cells) == width)
        return Header(unique_names([""] * width), body)
    return Header(unique_names([*rows[row], *[""] * (width - len(rows[row]))]), row + 1)


def _header_row(
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    width: int,
    settings: Format,
    named: Sequence[str],
) -> int | None:
    if settings.header is False:
        return None
    if settings.header is not None and settings.header is not True:
        at = [index for index, line in enumerate(lines) if line == settings.header]
        return at[0] if at else 0
    matches = [len(set(named) & {cell.strip() for cell in cells}) for cells in rows[:50]]
    if max(matches) > 0:
        return matches.index(max(matches))
    # Above the table there may be a title or notes: rows that fill few of its columns.
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    usual = sorted(filled)[len(filled) // 2]
    first = 0
    while first < len(rows) - 1 and (
        (usual > 1 and filled[first] <= usual / 2)
        or (len(rows[first]) != width and _names_columns(rows[first + 1], rows[first + 2 :], width))
    ):
        first += 1
    if settings.header or _names_columns(rows[first], rows[first + 1 :], len(rows[first])):
        return first
    return None


def _names_columns(cells: Sequence[str], body: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a row reads as the names of the columns below it, rather than as one more row."""
    if len(cells) != width or not any(cell.strip() for cell in cells):
        return False
    votes = 0
    for column, cell in enumerate(cells):
        below = [row[column] for row in body if len(row) > column and row[column].strip()]
        if below and sum(bool(_TYPED.fullmatch(value)) for value in below) > 0.8 * len(below):
            votes += -1 if _TYPED.fullmatch(cell) else 1
    if votes:
        return votes > 0
    names = [cell.strip() for cell in cells if cell.strip()]
    return (
        len(set(names)) == len(names)
        and not any(_TYPED.fullmatch(name) for name in names)
        and not any(
            cell.strip() and cell == row[column]
            for row in body
            for column, cell in enumerate(cells[: len(row)])
        )
    )


def _body_width(rows: Sequence[Sequence[str]]) -> int:
    """The width most rows have; the greater of two as frequent."""
    widths = Counter(len(cells) for cells in rows)
    return max(widths, key=lambda width: (widths[width], width))


def unique_names(names: Sequence[str]) -> list[str]:
    """Names as given; `col_3` for a column without one, `name_2` for a name used before."""
    unique: dict[str, None] = {}
    for index, name in enumerate(names):
        base = name.strip().lstrip("\ufeff") or f"col_{index}"
        candidate, number = base, 1
        while candidate in unique:
            number += 1
            candidate = f"{base}_{number}"
        unique[candidate] = None
    return list(unique)


def _quotes(text: str, delimiters: str) -> str:
    """The quote characters worth trying: apostrophes only where they enclose whole fields."""
    edge = f"[{re.escape(delimiters)}]"
    enclosed = len(re.findall(rf"(?:^|{edge})'[^'\n]*'(?={edge}|\r?$)", text, re.MULTILINE))
    return "'" if 2 * enclosed > text.count("\n") and '"' not in text else '"'


def _consistency(text: str, dialect: Dialect) -> tuple[float, int]:
    """How much a text looks like a table when read in a dialect; ties go to the usual delimiter."""
    rows = list(sample_rows(text, dialect))
    if not rows:
        return 0.0, -DELIMITERS.find(dialect.delimiter)
    widths = Counter(len(line.fields or [""]) for line in rows)
    shape = sum(count * max((width - 1) / width, 0.001) for width, count in widths.items()) / (
        len(widths) * len(rows)
    )
    cells = [cell for line in rows for cell in (line.fields or [line.text])]
    others = set(DELIMITERS) - {dialect.delimiter}
    known = sum(
        not cell.strip() or bool(_TYPED.fullmatch(cell)) or others.isdisjoint(cell)
        for cell in cells
    )
    return shape * known / len(cells), -DELIMITERS.find(dialect.delimiter)


def sample_rows(text: str, dialect: Dialect) -> Iterator[Line]:
    """The first rows of a text that are not blank, broken ones included."""
    count = 0
    for line in tokenize(text, dialect.delimiter, dialect.quote, at_end=True):
        if line.fields is not None and not any(cell.strip() for cell in line.fields):
            continue
        yield line
        count += 1
        if count == SAMPLE_ROWS:
            return
