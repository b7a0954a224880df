"""Works out how a delimited file is written: encoding, dialect, and where its table stands."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from typing import BinaryIO

import charset_normalizer
import numpy as np
import pyarrow as pa

from ingestion.sources.files.mapping import Format
from ingestion.sources.files.tokens import Dialect, Line, tokenize

USUAL_DELIMITERS = ",;\t|"
# In this order of preference. A space or a colon is common within values, too.
DELIMITERS = USUAL_DELIMITERS + "^~\x1f\x01 :"
SAMPLE_ROWS = 500
SAMPLE_BYTES = 1 << 16
# A habit of the writer shows in this share of the rows, and in more than one of them.
HABIT = 0.1

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_KINDS = {
    "date": re.compile(
        rf"""\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:[T\s]\d{{1,2}}:\d{{2}}.*)?
        | \d{{1,2}}[-\s]{_MONTH}(?:[-\s,]+\d{{2,4}})?""",
        re.VERBOSE | re.IGNORECASE,
    ),
    "time": re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"),
    "number": re.compile(
        r"[-+(]?\s*[$€£¥]?\s*[-+]?\.?\d[\d.,'\s\u00a0]*(?:[eE][-+]?\d+)?\s*[%)€]?"
    ),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "address": re.compile(r"https?://\S+", re.IGNORECASE),
}
_MISSING = frozenset(("", "-", "--", ".", "..", "?", "n/a", "na", "nan", "nil", "none", "null"))


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file are to be read.

    Args:
        name: as Python's codecs know it.
        is_plain: whether the bytes are valid UTF-8 without a mark, so that nothing is to be done.
        is_guess: whether the bytes would be text in another encoding as well.
    """

    name: str
    is_plain: bool = False
    is_guess: bool = False


@dataclass(frozen=True)
class Layout:
    """Where the table of a file is, and what its columns are called.

    Args:
        names: one for each column, each different.
        above: how many rows of the sample stand above the names: titles and notes.
        rows: how many rows of the sample stand before the first row of data.
        heading: of each row of names, those by their column.
        kinds: what the values of each column are, such as `number`; None for text.
        is_ragged: whether rows of this file lack empty fields at their end, or have surplus ones.
    """

    names: list[str]
    above: int = 0
    rows: int = 0
    heading: tuple[dict[int, str], ...] = ()
    kinds: tuple[str | None, ...] = ()
    is_ragged: bool = False

    def fitted(self, fields: list[str]) -> list[str] | None:
        """The fields of a row, as many as there are columns; None for a row that is broken.

        A row shorter than the table is whole where the file's rows end with their last value, and
        what it has are the values its columns should have; else a field is missing, who knows
        which. The same goes for empty fields too many.
        """
        width = len(self.names)
        if len(fields) == width:
            return fields
        surplus = fields[width:]
        if not self.is_ragged or len(fields) < 2 or any(cell.strip() for cell in surplus):
            return None
        if not _fits(fields[:width], self.kinds):
            return None
        return fields[:width] + [""] * (width - len(fields))


# ---------------------------------------------------------------------------- encoding


def detect_encoding(stream: BinaryIO, given: str | None = None) -> Encoding:
    """Encoding of a whole file.

    A mark at its start decides, then what is given.

    Bytes that are not UTF-8 are in one of the older encodings, unless the file holds more good
    UTF-8 characters than bad bytes: then it is UTF-8 with damaged lines, and calling it anything
    else would garble it.
    """
    block = stream.read(SAMPLE_BYTES)
    for mark, name in _BOMS:
        if block.startswith(mark):
            return Encoding(name)
    if given and codecs.lookup(given).name != "utf-8":
        return Encoding(given)
    low, high = block[::2].count(b"\0"), block[1::2].count(b"\0")
    if low + high > len(block) // 4 and min(low, high) < max(low, high) // 4:
        return Encoding("utf-16-le" if high > low else "utf-16-be")
    good = bad = 0
    odd = b""
    while block:
        # A character may go on in the next block; then it has at most three bytes in this one.
        following = stream.read(1 << 24)
        cut = len(block)
        while following and cut > len(block) - 4 and block[cut - 1] & 0xC0 == 0x80:
            cut -= 1
        if following and block[cut - 1] >= 0xC0:
            cut -= 1
        else:
            cut = len(block)
        block, following = block[:cut], block[cut:] + following
        good += int(np.count_nonzero(np.frombuffer(block, np.uint8) >= 0xC0))
        if not _is_utf8(block):
            text = block.decode("utf-8", "surrogateescape")
            damage = re.findall("[\udc80-\udcff]+", text)
            bad += len("".join(damage))
            good -= sum(byte >= "\udcc0" for byte in "".join(damage))
            if len(odd) < SAMPLE_BYTES:
                lines = _ODD_LINES.finditer(block)
                odd += b"\n".join(found[0] for found in islice(lines, 1000))[:SAMPLE_BYTES]
        block = following
    if not bad:
        return Encoding("utf-8", is_plain=True)
    if given or good > bad:
        return Encoding("utf-8")
    return Encoding(_legacy_encoding(odd), is_guess=True)


def _is_utf8(block: bytes) -> bool:
    offsets = pa.py_buffer(np.array([0, len(block)], np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(block)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


_ODD_LINES = re.compile(rb"[^\n]{0,500}[\x80-\xff][^\n]{0,500}")
# Letters of the languages that are written in each of the older encodings, the likeliest first.
_LATIN = (
    "äöüß",
    "àâçéèêëîïôûùüÿœæ",
    "áéíñóúü",
    "áâãàçéêíóôõúü",
    "äåöæøé",
    "àèéìíòóù",
    "áðéíóúýþæö",
)
_CENTRAL = (
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "ăâîşţ",
    "čćđšž",
    "äöüß",
)
_CYRILLIC = ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",)
_ALPHABETS = {
    "cp1252": _LATIN,
    "cp1250": _CENTRAL,
    "cp437": _LATIN,
    "cp850": _LATIN,
    "mac_roman": _LATIN,
    "iso8859_2": _CENTRAL,
    "cp852": _CENTRAL,
    "cp1254": ("âçğıiîöşüû",),  # noqa: RUF001 (the dotless i)
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1253": _GREEK,
    "iso8859_7": _GREEK,
}
_SIGNS = "–—‘’“”€£¥©®°·…•§«»¿¡"  # noqa: RUF001 (punctuation that is not ASCII)
_MULTIBYTE = ("cp932", "euc_jp", "cp949", "gb18030", "big5")


def _legacy_encoding(lines: bytes) -> str:
    """The encoding in which a text looks most like one of a language; cp1252 if in none.

    Args:
        lines: those that are not ASCII.
    """
    scores = {encoding: _likeness(lines, encoding) for encoding in _ALPHABETS}
    # By far the most common one, where texts are of several languages.
    scores["cp1252"] += 0.1
    best = max(scores, key=lambda encoding: scores[encoding])
    # In the encodings of several bytes a character, these are not ASCII for the most part.
    in_runs = sum(map(len, re.findall(rb"[\x80-\xff]{2,}", lines)))
    if scores[best] < 0.8 and 2 * in_runs > len(re.findall(rb"[\x80-\xff]", lines)):
        for found in charset_normalizer.from_bytes(lines, cp_isolation=list(_MULTIBYTE)):
            # Bytes of Japanese make Korean, too, but of syllables that are hardly used.
            signs = re.sub(r"[\x00-\x7f]", "", str(found))
            usual = sum(len(sign.encode("euc_kr", "ignore")) == 2 for sign in signs)
            if found.encoding != "cp949" or usual > 0.9 * len(signs):
                return found.encoding
    return best if scores[best] > 0 else "cp1252"


def _likeness(lines: bytes, encoding: str) -> float:
    """From 1, for text whose words are all of one language, down to -1."""
    text = lines.decode(encoding, "replace")
    letters: Counter[str] = Counter()
    against = total = 0.0
    for found in re.finditer(r"[^\x00-\x7f\xa0]", text):
        sign, before, after = (
            found[0],
            text[found.start() - 1 : found.start()],
            text[found.end() :][:1],
        )
        total += 1
        is_within = before.isalpha() or after.isalpha()
        if sign.isalpha() and is_within:
            letters[sign.lower()[0]] += 1
            # A capital after a small letter, and letters of two scripts in a word, are misread.
            is_latin = sign <= "\u024f"
            against += 2 * (before.islower() and sign.isupper())
            against += 2 * (not is_latin and re.search("[A-Za-z]", before + after) is not None)
        if sign.isalpha():
            against += before.isdigit() or after.isdigit()
        elif before.isalpha() and after.isalpha():
            against += 0 if sign == "\u2019" else 2
        elif sign in _SIGNS:
            against -= 0.5
    alphabets = _ALPHABETS[encoding]
    # Of one language; or of two, which is a little less likely.
    of_language = max(
        sum(letters[letter] for letter in {*one, *other}) - (one != other) * 0.08 * letters.total()
        for one in alphabets
        for other in alphabets
    )
    return (2 * of_language - letters.total() - against) / total if total else 0.0


# ---------------------------------------------------------------------------- dialect


def detect_dialect(text: str, settings: Format) -> Dialect:
    """The dialect under which the lines of a sample have the most regular shape.

    The score is that of a consistent table: rows of equal width, more columns better, cells of
    recognisable kinds (after van den Burg, Nazabal and Sutton, "Wrangling messy CSV files").
    """
    # The first of two equally good ones.
    return max(_candidates(text, settings), key=lambda dialect: consistency(text, dialect))


def _candidates(text: str, settings: Format) -> Iterator[Dialect]:
    """The dialects worth trying."""
    delimiters = settings.delimiter or [mark for mark in DELIMITERS if mark == "," or mark in text]
    for delimiter in delimiters:
        edge = re.escape(delimiter)
        quote = settings.quote or _quote(text, edge)
        is_escaped = quote and (f"\\{quote}" in text or f"\\{delimiter}" in text)
        is_padded = delimiter != " " and (
            text.count(f"{delimiter} ") > 0.5 * text.count(delimiter)
            or (quote and re.search(f"{edge} +{quote}", text))
        )
        for escape in ("", "\\") if is_escaped else ("",):
            for padded in (False, True) if is_padded else (False,):
                yield Dialect(delimiter, quote, escape, padded)


def _quote(text: str, edge: str) -> str:
    """What encloses fields.

    Apostrophes only where they enclose whole fields throughout; nothing where double quotes open
    fields, but never one that closes.
    """
    enclosed, opened = (
        {mark: len(re.findall(pattern.format(mark), text, re.MULTILINE)) for mark in "\"'"}
        for pattern in (
            rf"(?:^|{edge} *){{0}}(?:[^{{0}}\\]|{{0}}{{0}}|\\.)*{{0}}(?= *(?:{edge}|\r?$))",
            rf"(?:^|{edge}){{0}}",
        )
    )
    if not enclosed['"'] and 2 * enclosed["'"] > text.count("\n"):
        return "'"
    return "" if opened['"'] > 1 and not enclosed['"'] else '"'


def consistency(text: str, dialect: Dialect) -> float:
    """How much a text looks like a table when read in a dialect, up to 1."""
    rows = [line.fields or [] for line in sample_rows(text, dialect)]
    if not rows:
        return 0.0
    widths = Counter(len(fields) for fields in rows)
    shape = sum(
        (count / len(rows)) ** 2 * max(1 - 1 / width, 0.05)
        for width, count in widths.items()
        if width
    )
    others = set(DELIMITERS) - {dialect.delimiter, " ", ":"}
    cells = [cell for fields in rows for cell in fields]
    known = sum(
        not cell.startswith(" ")
        and (
            kind_of(cell) is not None
            # Before a space, a comma or semicolon is punctuation.
            or (
                others.isdisjoint(cell.replace(", ", "").replace("; ", ""))
                and cell.count('"') % 2 == 0
            )
        )
        for cell in cells
    )
    if dialect.delimiter in " :" and not _is_meant(text, rows, dialect.delimiter):
        return 0.0
    # A comma before a space is more often part of a text.
    return shape * known / max(len(cells), 1) * (0.95 if dialect.padded else 1)


def _is_meant(text: str, rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether spaces or colons set fields apart, rather than stand within them."""
    regular = _regular(rows)
    if len(regular[0]) < 3 or len(regular) < 0.8 * len(rows):
        return False
    if delimiter == ":":
        return 5 * len(re.findall(r"(?<!\d)\d{1,2}:\d{2}(?!\d)", text)) < len(rows)
    kinds = column_kinds(regular[1:], len(regular[0]))
    return 2 * sum(kind is not None for kind in kinds) >= len(kinds)


def _regular(rows: Sequence[list[str]] | Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The rows that are as wide as most."""
    widths = Counter(len(fields) for fields in rows)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    return [fields for fields in rows if len(fields) == usual]


def sample_rows(text: str, dialect: Dialect) -> Iterator[Line]:
    """The first rows of a text that are not blank, broken ones included."""
    count = 0
    for line in tokenize(text, dialect, at_end=True):
        if line.fields is not None and not any(cell.strip() for cell in line.fields):
            continue
        yield line
        count += 1
        if count == SAMPLE_ROWS:
            return


# ---------------------------------------------------------------------------- layout


def detect_layout(
    rows: Sequence[Sequence[str]], lines: Sequence[int], settings: Format, named: Sequence[str]
) -> Layout:
    """Finds the names of the columns, and so where the data starts, in the first rows of a file.

    Args:
        rows: cells of the first rows, none of them blank.
        lines: line of the file each row starts on.
        settings: `header` in them decides, where given.
        named: columns the mapping asks for; where a row holds more of them than what is found
            without, that row has the names.
    """
    if not rows:
        return Layout([])
    width = _usual_width(rows)
    first, last, names = _names(rows, lines, width, settings)
    wanted = set(named)
    if settings.header is None and wanted:
        alone = [len(wanted & {cell.strip() for cell in cells}) for cells in rows[:50]]
        if max(alone) > len(wanted & set(names)):
            first = last = alone.index(max(alone))
            names = [cell.strip() for cell in rows[first]]
    if first is None or last is None:
        above = start = next(index for index, cells in enumerate(rows) if len(cells) == width)
    else:
        above, start = first, last + 1
    while len(names) > width and not names[-1]:
        names.pop()
    body = rows[start:]
    if len(names) == width - 1 and _has_row_names(body, width):
        names = ["", *names]
    width, is_ragged = _ends(body, max(width, len(names)))
    return Layout(
        unique_names([*names, *[""] * (width - len(names))]),
        above,
        start,
        tuple(
            {column: cell.strip() for column, cell in enumerate(cells) if cell.strip()}
            for cells in rows[above:start]
            if names
        ),
        tuple(_kinds_of_whole(body, width)),
        is_ragged,
    )


def other_tables(
    rows: Sequence[Sequence[str]], lines: Sequence[int], layout: Layout
) -> Iterator[tuple[int, int]]:
    """Line and width of each other table in a file: a row of names, and rows as wide as it."""
    for width, run in groupby(range(len(rows)), key=lambda index: len(rows[index])):
        indexes = list(run)
        first, *body = (rows[index] for index in indexes)
        is_other = width > 1 and len(body) > 2 and not layout.fitted(list(first))
        if is_other and _reads_as_names(first, body):
            yield lines[indexes[0]], width


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """How many fields the rows of the table have; a wide row counts for more than a narrow note."""
    widths = Counter(len(cells) for cells in rows)
    return max(widths, key=lambda width: (widths[width] * math.log2(width), widths[width], width))


def _ends(body: Sequence[Sequence[str]], width: int) -> tuple[int, bool]:
    """How many columns the table has, and whether its rows vary at their ends.

    Where a good share of the rows is shorter than others, and what all of them hold fits the
    columns, their writer leaves out the empty fields at the end of a row.
    """
    filled = Counter(
        max((column for column, cell in enumerate(cells, 1) if cell.strip()), default=0)
        for cells in body
    )
    habit = max(2, HABIT * len(body))
    wider = [other for other in filled if other > width and filled[other] >= habit]
    for candidate in (*sorted(wider, reverse=True), width):
        kinds = _kinds_of_whole(body, candidate)
        uneven = [
            cells
            for cells in body
            if 1 < len(cells) < candidate
            or (len(cells) > candidate and not any(cell.strip() for cell in cells[candidate:]))
        ]
        if len(uneven) >= habit and all(_fits(cells[:candidate], kinds) for cells in uneven):
            return candidate, True
    return width, False


def _kinds_of_whole(body: Sequence[Sequence[str]], width: int) -> list[str | None]:
    """What the values of each column are, in the rows that have all of them if there are a few."""
    whole = [cells for cells in body if len(cells) >= width]
    return column_kinds(whole if len(whole) > 2 else body, width)


def _fits(cells: Sequence[str], kinds: Sequence[str | None]) -> bool:
    """Whether cells are of the kinds of their columns, as far as these are of any."""
    pairs = [(kind_of(cell), kind) for cell, kind in zip(cells, kinds, strict=False) if kind]
    return bool(pairs) and all(found in (kind, "missing") for found, kind in pairs)


def _names(
    rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, settings: Format
) -> tuple[int | None, int | None, list[str]]:
    """The first and the last row with names of columns, and the names."""
    if settings.header is False:
        return None, None, []
    if settings.header is not None and settings.header is not True:
        first = lines.index(settings.header) if settings.header in lines else 0
        return first, first, [cell.strip() for cell in rows[first]]
    # Above the table there may be a title or notes: rows that fill few of its columns.
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    usual = sorted(filled)[len(filled) // 2]
    first = 0
    while first < len(rows) - 1 and (
        (
            usual > 1
            and filled[first] <= usual / 2
            and not _goes_on(rows[first], rows[first + 1 : first + 2], rows[first + 2 :])
        )
        or (
            len(rows[first]) != width
            and len(rows[first + 1]) == width
            and _reads_as_names(rows[first + 1], rows[first + 2 :])
        )
    ):
        first += 1
    if not settings.header and not _reads_as_names(rows[first], rows[first + 1 :]):
        return None, None, []
    names = [cell.strip() for cell in rows[first]]
    last = first
    while _goes_on(names, rows[last + 1 : last + 2], rows[last + 2 :]):
        last += 1
        names = _joined(names, rows[last])
    if first and lines[first - 1] + 1 == lines[first] and _are_groups(rows[first - 1], names):
        first -= 1
        names = _joined(rows[first], names)
    return first, last, names


def _reads_as_names(cells: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a row reads as the names of the columns below it, rather than as one more row."""
    if not any(cell.strip() for cell in cells):
        return False
    body = [row for row in body if list(row) != list(cells)]  # names may be given again
    numbering = _is_numbering(cells) and not (body and _is_numbering(body[0]))
    kinds = column_kinds(body, len(cells), codes=True)
    votes = 0
    for cell, kind in zip(cells, kinds, strict=True):
        found = kind_of(cell)
        if kind is None or found == "missing":
            continue
        if kind not in _KINDS:
            found = _shape(cell)
        votes += 1 if found != kind or numbering else -1
    if votes:
        return votes > 0
    names = [cell.strip() for cell in cells if cell.strip()]
    return (
        len(set(names)) == len(names)
        and (numbering or not any(kind_of(name) for name in names))
        and not any(
            cell.strip() and cell == row[column]
            for row in body
            for column, cell in enumerate(cells[: len(row)])
        )
    )


def _is_numbering(cells: Sequence[str]) -> bool:
    """Whether cells count up, as years, months or hours above the columns of a table do."""
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\s*\d{1,4}\s*", cell)]
    return len(numbers) > 2 and all(after - before == 1 for before, after in pairwise(numbers))


def _goes_on(
    names: Sequence[str], following: Sequence[Sequence[str]], body: Sequence[Sequence[str]]
) -> bool:
    """Whether the row after one of names has more of them.

    Either it has names where there is none yet, or parts of a group of columns, beside others that
    have theirs; or it has text (such as units) wherever the columns below hold something else.
    """
    if not following or not body or len(following[0]) > len(names):
        return False
    [row] = following
    filled = {column for column, cell in enumerate(row) if cell.strip()}
    kinds = column_kinds(body, len(row))
    typed = {column for column, kind in enumerate(kinds) if kind}
    if not filled & typed or any(kind_of(row[column]) for column in filled):
        return False
    is_open = [not name or not after for name, after in zip(names, [*names[1:], "x"], strict=True)]
    stands_alone = any(name and column not in filled for column, name in enumerate(names))
    if stands_alone and not all(names) and all(is_open[column] for column in filled):
        return True
    return len(typed) > 1 and typed <= filled and all(names[column] for column in typed)


def _are_groups(labels: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row names groups of columns: with its labels, names that repeat do not."""
    given = [name for name in names if name]
    grouped = [name for name in _joined(labels, names) if name]
    return (
        len(labels) == len(names)
        and sum(bool(label.strip()) for label in labels) > 1
        and len(set(given)) < len(given)
        and len(set(grouped)) == len(grouped)
    )


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Names of two rows; a name of the upper one holds for the unnamed columns after it, too."""
    names = []
    group = ""
    for column, above in enumerate(upper):
        below = lower[column].strip() if column < len(lower) else ""
        group = above.strip() or group
        names.append(f"{group} {below}".strip() if below else above.strip())
    return names


def _has_row_names(body: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the first column is one of row names, which R writes without a name of its own."""
    whole = [cells for cells in body if len(cells) == width]
    firsts = {cells[0] for cells in whole}
    return len(firsts) == len(whole) and any(cells[-1].strip() for cells in whole)


def column_kinds(
    rows: Sequence[Sequence[str]], width: int, codes: bool = False
) -> list[str | None]:
    """What the values of each column are, where nearly all are of one kind.

    Args:
        rows: cells of some rows.
        width: number of columns.
        codes: whether values that are written alike, such as `C-0017`, are a kind, too.
    """
    kinds: list[str | None] = []
    for column in range(width):
        cells = [row[column] for row in rows if len(row) > column]
        found = [kind for kind in map(kind_of, cells) if kind != "missing"]
        kind, count = next(iter(Counter(found).most_common(1)), (None, 0))
        if codes and kind is None and count:
            kind, count = Counter(map(_shape, cells)).most_common(1)[0]
        kinds.append(kind if count > 0.8 * len(found) else None)
    return kinds


def kind_of(cell: str) -> str | None:
    """What a cell is beyond text: `number`, `date` and so on; `missing` when it stands for none."""
    text = cell.strip()
    if text.lower() in _MISSING:
        return "missing"
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(text)), None)


def _shape(cell: str) -> str | None:
    """How a cell with digits is written: `A-9` for `C-0017`."""
    text = cell.strip()
    if not any(character.isdigit() for character in text):
        return None
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", text))


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
