"""The walk over a pattern leaves no number out: ranges say what the expression says."""

from __future__ import annotations

import itertools
import re

import pytest

from scripts.reference.patterns import Number, Pattern
from scripts.reference.phones import ranges

PATTERNS = [
    "1", "[2-9]\\d", "0(?:1\\d|[23])", "(?:12|1)3?", "1{2}\\d{1,2}", "([2-4]\\d{2})$|1",
    "0?(?:(11|2[0-2])15)?", "\\d{2,3}|9", "(?:1|12)(\\d{1,2})?", "",
]  # fmt: skip


@pytest.mark.parametrize("is_whole", [False, True])
@pytest.mark.parametrize("text", PATTERNS)
@pytest.mark.parametrize("length", range(1, 6))
def test_ranges_hold_just_the_numbers_that_match(text: str, length: int, is_whole: bool) -> None:
    read = Pattern(text, is_whole)

    def outcome(number: Number) -> int | None:
        found = read.match(number)
        return found and found.end()

    listed = {}
    for first, last, end in ranges(length, outcome):
        assert len(first) == len(last)
        for number in range(int(f"1{first}"), int(f"1{last}") + 1):
            listed[str(number)[1:]] = end
    for digits in map("".join, itertools.product("0123456789", repeat=length)):
        compiled = re.compile(text)
        found = compiled.fullmatch(digits) if is_whole else compiled.match(digits)
        told = [end for beginning, end in listed.items() if digits.startswith(beginning)]
        assert told == ([found.end()] if found else []), digits


@pytest.mark.parametrize("text", ["1+", "1*", "(?=1)2", "^1", "1.", "[^1]", "1(?!2)"])
def test_a_pattern_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read the pattern"):
        Pattern(text)
