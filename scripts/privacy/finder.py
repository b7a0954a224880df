"""Finds the identifiers of people in values and in the bytes of files, plain and encoded."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from string import ascii_letters, digits
from typing import BinaryIO
from urllib.parse import quote

import pyarrow as pa

from ingestion.keys import keyed_hash
from scripts.literals import Literals

SHORTEST = 6
"""Characters of an identifier that is looked for inside of text: shorter ones are everywhere."""
CHUNK = 64 * 2**20
DIGITS_BEYOND_CHANCE = 12
"""Digits of a number that values which lie side by side in a database file do not make up: of 10 GB
of digits, one file in a hundred has a given number of twelve."""
_CORES = os.cpu_count() or 1

_LETTERS = frozenset(f"{ascii_letters}{digits}_".encode())
_INSIDE_WORDS = _LETTERS | frozenset(b".%+-")


@dataclass(frozen=True)
class Hit:
    """An identifier in a value.

    Args:
        row: number of the value, from 0, in what was looked through.
        start: first byte of it within the value.
        end: byte after its last.
        is_whole: whether it stands for itself, rather than within a longer word.
    """

    row: int
    start: int
    end: int
    is_whole: bool


class Finder:
    """Looks for many identifiers at once, whatever their case.

    Args:
        identifiers: as they are written. Those shorter than `SHORTEST` are left out.
    """

    def __init__(self, identifiers: Iterable[str]) -> None:
        self.identifiers = sorted({one for one in identifiers if len(one) >= SHORTEST})
        self.by_chance = {
            number
            for number, identifier in enumerate(self.identifiers)
            if identifier.isdecimal() and len(identifier) < DIGITS_BEYOND_CHANCE
        }
        """Numbers of the identifiers that are in the bytes of a large database by chance."""
        written: dict[bytes, int] = {}
        for number, identifier in enumerate(self.identifiers):
            for form in forms(identifier):
                written.setdefault(form.lower(), number)
        self._of = list(written.values())
        self._literals = Literals(list(written), caseless=True)
        self._longest = max(map(len, written), default=1)

    def without(self, text: str, places: Iterable[tuple[int, int]]) -> str:
        """A text with a mark in place of what is at these places of its bytes.

        The mark is the same for the same identifier, so that what belonged together still does.
        """
        content = text.encode()
        # One identifier may be in another: what overlaps goes together.
        spans: list[tuple[int, int]] = []
        for start, end in sorted(places):
            if spans and start < spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        for start, end in reversed(spans):
            mark = f"erased:{keyed_hash(content[start:end].decode(errors='replace'))[:12]}"
            content = content[:start] + mark.encode() + content[end:]
        return content.decode(errors="replace")

    def in_bytes(self, content: bytes) -> set[int]:
        """Numbers of the identifiers that are anywhere in `content`."""
        return {self._of[form] for form, _, _ in self._literals.places(content)}

    def in_file(self, file: Path) -> set[int]:
        """Numbers of the identifiers that are anywhere in the bytes of a file."""
        found: set[int] = set()
        with file.open("rb") as stream, ThreadPoolExecutor(_CORES) as threads:
            chunks = self._chunks(stream)
            while some := list(islice(chunks, _CORES)):
                found.update(*threads.map(self.in_bytes, some))
        return found

    def _chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        """What is in a file piece by piece, each with the end of the one before."""
        before = b""
        while chunk := stream.read(CHUNK):
            yield before + chunk
            before = chunk[-self._longest :]

    def in_values(self, values: pa.Array) -> Iterator[tuple[int, Hit]]:
        """The identifiers in an array of text, with where they are.

        Yields:
            Number of the identifier, and its place.
        """
        if len(values) == 0:
            return
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        array = values.cast(pa.large_string())
        _, places, data = array.buffers()
        if data is None:
            return
        offsets = memoryview(places).cast("q")[array.offset : array.offset + len(array) + 1]
        content = memoryview(data).cast("B")[offsets[0] : offsets[-1]]
        skipped = offsets[0]
        for form, start, end in self._literals.places(content):
            row = bisect_right(offsets, start + skipped) - 1
            first, last = offsets[row] - skipped, offsets[row + 1] - skipped
            # Values lie one behind the other: what spans two is in neither.
            if start >= first and end <= last:
                before = content[start - 1] if start > first else 0
                after = content[end] if end < last else 0
                is_whole = before not in _INSIDE_WORDS and after not in _LETTERS
                yield self._of[form], Hit(row, start - first, end - first, is_whole)


def forms(identifier: str) -> set[bytes]:
    """The ways an identifier can be written into a file or a text.

    As it is, in UTF-16, as part of an address of the web, in JSON with its escapes, in base64
    wherever it begins in the text, as hexadecimal digits, and hashed as advertisers do.
    """
    found: set[bytes] = set()
    # Only ASCII letters are compared whatever their case.
    for written in {identifier, identifier.lower(), identifier.upper()}:
        plain = written.encode()
        found |= {
            plain,
            written.encode("utf-16-le"),
            quote(written, safe="").encode(),
            json.dumps(written)[1:-1].encode(),
            plain.hex().encode(),
        }
        for shift, skipped in enumerate((0, 2, 3)):
            encoded = base64.b64encode(b"\0" * shift + plain)
            # What the bytes around it have a part in is cut off.
            inner = encoded[skipped : (shift + len(plain)) * 8 // 6]
            if len(inner) >= 8:
                found.add(inner)
    normal = identifier.strip().lower().encode()
    for algorithm in ("md5", "sha1", "sha256"):
        found.add(hashlib.new(algorithm, normal, usedforsecurity=False).hexdigest().encode())
    return found
