"""Takes delimited text apart: into records with their true line numbers, losing none.

Two ways to the same result. `scan` looks at a block with vector operations and finds the lines that
are a record each, which any CSV parser reads alike. `tokenize` reads record by record, in any
dialect: what `scan` leaves over, and what it cannot look at.
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
class Dialect:
    """How the fields of a delimited file are set apart.

    Args:
        delimiter: one character; a space stands for any run of spaces.
        quote: what encloses a field, doubled within; empty when nothing does.
        escape: what takes the meaning of a quote or delimiter after it; empty when nothing does.
        padded: whether spaces after a delimiter belong to it.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    padded: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether any CSV parser knows the dialect."""
        return self.delimiter != " " and not self.escape and not self.padded


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
        simple: whether each is a record that any CSV parser reads alike. From one that is not, the
            record may go on over those that follow.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    simple: npt.NDArray[np.bool_]


def scan(block: bytes, dialect: Dialect, by_line: bool = False) -> Scan:
    """Finds the records that end within a block, and which of them need care.

    Where all quotes stand around whole fields (or doubled within), none does. Else each line is
    looked at by itself, and needs care where a quote stands elsewhere or is left open, or where a
    carriage return is not part of the line's end.

    Args:
        block: lines ended by newline or carriage return and newline.
        dialect: a plain one.
        by_line: whether to look at each line by itself in any case.
    """
    data = np.frombuffer(block, np.uint8)
    newlines = np.flatnonzero(data == 10)
    if not len(newlines):
        return Scan(newlines, newlines, newlines, np.empty(0, bool))
    quotes = returns = np.empty(0, np.int64)
    if dialect.quote:
        quotes = np.flatnonzero(data == ord(dialect.quote))
    if b"\r" in block:
        returns = np.flatnonzero(data[:-1] == 13)
        returns = returns[data[returns + 1] != 10]
    closes = np.arange(len(quotes)) % 2 > 0
    strays = np.searchsorted(quotes, returns) % 2 == 0
    if not by_line and not strays.any() and _are_edges(data, quotes, closes, dialect).all():
        ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        starts = _after(ends)
        lines = np.searchsorted(newlines, starts)
        return Scan(starts, ends, lines, np.ones(len(ends), bool))
    starts = _after(newlines)
    quotes = quotes[: np.searchsorted(quotes, newlines[-1])]
    returns = returns[: np.searchsorted(returns, newlines[-1])]
    of_line = np.diff(np.searchsorted(quotes, newlines), prepend=0)
    first = np.cumsum(of_line) - of_line
    closes = (np.arange(len(quotes)) - np.repeat(first, of_line)) % 2 > 0
    line = np.repeat(np.arange(len(newlines)), of_line)
    simple = of_line % 2 == 0
    simple[line[~_are_edges(data, quotes, closes, dialect)]] = False
    simple[np.searchsorted(newlines, returns)] = False
    return Scan(starts, newlines, np.arange(len(newlines)), simple)


def _after(ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where the records start that end there."""
    return np.concatenate(([0], ends[:-1] + 1))[: len(ends)]


def _are_edges(
    data: npt.NDArray[np.uint8],
    quotes: npt.NDArray[np.int64],
    closes: npt.NDArray[np.bool_],
    dialect: Dialect,
) -> npt.NDArray[np.bool_]:
    """Which quotes stand at the edge of a field, by what comes before or after them."""
    edges = np.zeros(256, bool)
    edges[[10, ord(dialect.delimiter), ord(dialect.quote or dialect.delimiter)]] = True
    beside = quotes + np.where(closes, 1, -1)
    # Before the first byte and after the last one there is the end of a line.
    is_end = (beside < 0) | (beside == len(data))
    neighbours = np.where(is_end, 10, data[np.where(is_end, 0, beside)])
    return edges[neighbours] | (closes & (neighbours == 13))


def tokenize(text: str, dialect: Dialect, line: int = 1, at_end: bool = False) -> Iterator[Line]:
    """Reads a text record by record.

    A quote opens a field only at its start, and closes it only before a delimiter or the end of
    the line. Where it does not close so, that line alone is a broken record and reading goes on
    with the next: an unclosed quote never swallows what follows.

    Args:
        text: lines ended by newline or carriage return and newline.
        dialect: how fields are set apart.
        line: number of the first line.
        at_end: whether nothing follows the text; otherwise an unfinished record is not yielded.
    """
    quote, escape = dialect.quote, dialect.escape
    delimiter, field, closed = _patterns(dialect)
    position = 0
    while position < len(text):
        line_end = text.find("\n", position)
        if line_end < 0:
            if not at_end:
                return
            line_end = len(text)
        written = text[position:line_end].removesuffix("\r")
        if not (quote and quote in written) and not (escape and escape in written):
            bare = written.strip(" ") if dialect.delimiter == " " else written
            split = delimiter.split(bare) if delimiter else bare.split(dialect.delimiter)
            yield Line(line, split, written, line_end + 1, line + 1)
            position, line = line_end + 1, line + 1
            continue
        limit = min(len(text), position + MAX_RECORD)
        end = position
        fields: list[str] = []
        if dialect.delimiter == " ":
            end += len(written) - len(written.lstrip(" "))
        while True:
            found = field.match(text, end, limit)
            if found is None:
                break
            fields.append(_unescaped(found, dialect))
            end = found.end()
            if found["edge"] is None:
                break
        if found is not None and (found["line_end"] or (at_end and end == len(text))):
            lines = text.count("\n", position, end)
            record = text[position:end].removesuffix("\n").removesuffix("\r")
            yield Line(line, fields, record, end, line + lines)
            position, line = end, line + lines
            continue
        open_ended = found is not None or closed is None or closed.match(text, end, limit) is None
        if open_ended and limit == len(text) and not at_end:
            return
        yield Line(line, None, written, line_end + 1, line + 1)
        position, line = line_end + 1, line + 1


def _unescaped(found: re.Match[str], dialect: Dialect) -> str:
    """A field without its quotes and escapes."""
    text = found["plain"]
    if text is None:
        text = found["quoted"].replace(dialect.quote * 2, dialect.quote)
    if dialect.escape and dialect.escape in text:
        special = re.escape(dialect.escape + dialect.quote + dialect.delimiter)
        text = re.sub(rf"{re.escape(dialect.escape)}([{special}])", r"\1", text)
    return text


@lru_cache
def _patterns(
    dialect: Dialect,
) -> tuple[re.Pattern[str] | None, re.Pattern[str], re.Pattern[str] | None]:
    """What sets fields apart if not one character, a field with what ends it, and a quoted one."""
    delimiter, mark = re.escape(dialect.delimiter), re.escape(dialect.quote)
    escape = re.escape(dialect.escape)
    edge, margin = delimiter, ""
    if dialect.delimiter == " ":
        edge, margin = " +", " *"
    elif dialect.padded:
        edge = f"{delimiter} *"
    escaped = f"|{escape}." if escape else ""
    value = rf"(?P<plain>(?:[^{delimiter}\n{escape}]{escaped})*?)"
    inner = f"(?:[^{mark}{escape}]|{mark}{mark}{escaped})*+"
    if mark:
        value = f"{mark}(?P<quoted>{inner}){mark}|(?!{mark}){value}"
    field = rf"(?:{value})(?:(?P<line_end>{margin}\r?\n)|{margin}\r?\Z|(?P<edge>{edge}))"
    return (
        None if edge == delimiter else re.compile(edge),
        re.compile(field, re.DOTALL),
        re.compile(f"{mark}{inner}{mark}", re.DOTALL) if mark else None,
    )
