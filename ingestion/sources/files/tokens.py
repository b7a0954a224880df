"""Takes delimited text apart: into records with their true line numbers, losing none.

Two ways to the same result. `scan` finds the records of a block with vector operations and leaves
the fields to Arrow; it declines a block whose quoting is irregular. `tokenize` reads any text
record by record and sets aside only the lines that cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

MAX_RECORD = 1 << 22


@dataclass(frozen=True)
class Line:
    """One record of a text.

    Args:
        number: line it starts on, from 1.
        fields: its fields, or None when a quote does not close.
        text: the record as written.
        end: position in the text where the next record starts.
        next_number: line the next record starts on.
    """

    number: int
    fields: list[str] | None
    text: str
    end: int
    next_number: int


@dataclass(frozen=True)
class Scan:
    """Where the records of a block of bytes are.

    Args:
        starts: first byte of each record.
        ends: byte of the newline that ends each record.
        lines: how many newlines of the block come before each record.
        widths: number of fields of each record; 0 for a blank one.
        has_quotes: whether any field is quoted.
        quoted_newlines: whether a newline stands within quotes.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    has_quotes: bool
    quoted_newlines: bool


def scan(block: bytes, delimiter: str, quote: str) -> Scan | None:
    """Finds the records that end within a block, or None when `tokenize` has to read it.

    It declines where a quote stands anywhere but around a whole field (or doubled within), and
    where a carriage return is not part of a line's end: there, counting quotes would mislead.
    """
    data = np.frombuffer(block, np.uint8)
    newlines = np.flatnonzero(data == 10)
    delimiters = np.flatnonzero(data == ord(delimiter))
    quotes = np.flatnonzero(data == ord(quote))
    ends = newlines
    if len(quotes):
        opening, closing = quotes[::2], quotes[1::2]
        before = data[opening[opening > 0] - 1]
        after = data[closing[closing < len(data) - 1] + 1]
        edges = (10, ord(delimiter), ord(quote))
        if not (np.isin(before, edges).all() and np.isin(after, (*edges, 13)).all()):
            return None
        ends = newlines[_outside(newlines, quotes)]
        delimiters = delimiters[_outside(delimiters, quotes)]
    if b"\r" in block:
        returns = np.flatnonzero(data[:-1] == 13)
        returns = returns[data[returns + 1] != 10]
        if _outside(returns, quotes).any():
            return None
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    widths = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
    lengths = ends - starts
    blank = lengths == widths - 1
    if b"\r" in block:
        blank |= (lengths == widths) & (data[np.maximum(ends - 1, 0)] == 13)
    widths[blank] = 0
    lines = np.searchsorted(newlines, starts)
    return Scan(starts, ends, lines, widths, len(quotes) > 0, len(ends) < len(newlines))


def _outside(
    positions: npt.NDArray[np.int64], quotes: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which positions do not lie between an opening and a closing quote."""
    return np.searchsorted(quotes, positions) % 2 == 0


def tokenize(
    text: str, delimiter: str, quote: str, line: int = 1, at_end: bool = False
) -> Iterator[Line]:
    """Reads a text record by record.

    A quote opens a field only at its start, and closes it only before a delimiter or the end of
    the line. Where it does not close so, that line alone is a broken record and reading goes on
    with the next: an unclosed quote never swallows what follows.

    Args:
        text: lines ended by newline or carriage return and newline.
        delimiter: one character.
        quote: one character, doubled within a quoted field.
        line: number of the first line.
        at_end: whether nothing follows the text; otherwise an unfinished record is not yielded.
    """
    field = _field(delimiter, quote)
    closed = _closed(quote)
    position = 0
    while position < len(text):
        line_end = text.find("\n", position)
        if line_end < 0:
            if not at_end:
                return
            line_end = len(text)
        written = text[position:line_end].removesuffix("\r")
        if quote not in written:
            fields = written.split(delimiter)
            yield Line(line, fields, written, line_end + 1, line + 1)
            position, line = line_end + 1, line + 1
            continue
        limit = min(len(text), position + MAX_RECORD)
        fields, end = [], position
        while True:
            found = field.match(text, end, limit)
            if found is None:
                break
            quoted, plain, edge = found.groups()
            fields.append(plain if quoted is None else quoted.replace(quote * 2, quote))
            end = found.end()
            if edge != delimiter:
                break
        if found is not None and (found[3] or (at_end and end == len(text))):
            lines = text.count("\n", position, end)
            record = text[position:end].removesuffix("\n").removesuffix("\r")
            yield Line(line, fields, record, end, line + lines)
            position, line = end, line + lines
            continue
        open_ended = found is not None or closed.match(text, end, limit) is None
        if open_ended and limit == len(text) and not at_end:
            return
        yield Line(line, None, written, line_end + 1, line + 1)
        position, line = line_end + 1, line + 1


@lru_cache
def _field(delimiter: str, quote: str) -> re.Pattern[str]:
    """One field with what ends it; a quoted one has to end where a field can end."""
    edge, mark = re.escape(delimiter), re.escape(quote)
    return re.compile(
        rf"(?:{mark}((?:[^{mark}]|{mark}{mark})*+){mark}|(?!{mark})([^{edge}\n]*?))"
        rf"({edge}|\r?\n|\r?\Z)"
    )


@lru_cache
def _closed(quote: str) -> re.Pattern[str]:
    mark = re.escape(quote)
    return re.compile(rf"{mark}(?:[^{mark}]|{mark}{mark})*+{mark}")
