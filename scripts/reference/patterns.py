"""What a regular expression says of a number of which only the first digits are known.

The patterns libraries keep of phone numbers and postcodes are finite: characters, classes, groups,
`?`, `{m,n}`, `|` and a closing `$`. They are read into the automaton of their positions, which
tells whether the digits still to come can make a difference. Only where they can does a walk over
all numbers have to look at them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DIGITS = frozenset("0123456789")
# Where a match may stop: anywhere, or only where the number does.
ANYWHERE, AT_END = -1, -2


class UndecidedError(Exception):
    """The digits known so far leave open what the pattern says."""


@dataclass(frozen=True)
class Number:
    """A number of which some digits are known.

    Args:
        known: its first digits.
        unknown: how many more there are.
    """

    known: str
    unknown: int

    def __len__(self) -> int:
        return len(self.known) + self.unknown

    def example(self) -> str:
        """One of the numbers it may be."""
        return self.known + "0" * self.unknown

    def after(self, digits: int, put_before: str = "") -> Number:
        """What is left without its first digits, with others put before.

        Args:
            digits: how many are dropped; no more than there are.
            put_before: known digits that take their place.
        """
        unknown = self.unknown - max(0, digits - len(self.known))
        return Number(put_before + self.known[digits:], unknown)


class Pattern:
    """A regular expression that matches texts of bounded length alone.

    Args:
        text: the expression.
        is_whole: whether the number has to match from its first digit to its last.

    Raises:
        ValueError: the expression uses more than is understood here.
    """

    def __init__(self, text: str, is_whole: bool = False) -> None:
        self.text = text
        self._compiled = re.compile(f"(?:{text})\\Z" if is_whole else text)
        # Of each position in the expression: the characters it takes, and the positions after it.
        self._taken: list[frozenset[str]] = []
        self._follow: list[frozenset[int]] = []
        last = frozenset({AT_END if is_whole else ANYWHERE})
        self._after = {"": _Reader(text, self._position).read()(last)}
        self._lengths: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
        self._wild: dict[int, bool] = {}

    def match(self, number: Number) -> re.Match[str] | None:
        """The match at the start of a number, digits yet unknown shown as zeros.

        Raises:
            UndecidedError: the unknown digits decide whether, or where, it matches.
        """
        if number.unknown and not self._is_decided(number):
            raise UndecidedError(self.text)
        return self._compiled.match(number.example())

    def paths(self) -> Iterator[list[frozenset[str]]]:
        """Every sequence of positions that is a match: the characters each position takes."""

        def onward(positions: frozenset[int]) -> Iterator[list[frozenset[str]]]:
            for position in sorted(positions):
                if position < 0:
                    yield []
                else:
                    for rest in onward(self._follow[position]):
                        yield [self._taken[position], *rest]

        return onward(self._after[""])

    def _is_decided(self, number: Number) -> bool:
        return all(
            self._takes_any_digit(position)
            for position in self._states(number.known)
            if position >= 0 and self._can_stop(position, number.unknown)
        )

    def _states(self, known: str) -> frozenset[int]:
        """Positions that may come next once the known digits are read."""
        if known not in self._after:
            before = self._states(known[:-1])
            self._after[known] = frozenset(
                following
                for position in before
                if position >= 0 and known[-1] in self._taken[position]
                for following in self._follow[position]
            )
        return self._after[known]

    def _takes_any_digit(self, position: int) -> bool:
        """Whether no digit from this position on makes a difference."""
        if position not in self._wild:
            self._wild[position] = self._taken[position] == DIGITS and all(
                following < 0 or self._takes_any_digit(following)
                for following in self._follow[position]
            )
        return self._wild[position]

    def _can_stop(self, position: int, digits: int) -> bool:
        anywhere, at_end = self._stops(position)
        return digits in at_end or any(length <= digits for length in anywhere)

    def _stops(self, position: int) -> tuple[frozenset[int], frozenset[int]]:
        """Digits left to read from a position to where a match may stop, and to where it has to."""
        if position < 0:
            none: frozenset[int] = frozenset()
            return (frozenset({0}), none) if position == ANYWHERE else (none, frozenset({0}))
        if position not in self._lengths:
            stops = [self._stops(following) for following in self._follow[position]]
            self._lengths[position] = (
                frozenset(1 + length for anywhere, _ in stops for length in anywhere),
                frozenset(1 + length for _, at_end in stops for length in at_end),
            )
        return self._lengths[position]

    def _position(self, taken: frozenset[str], follow: frozenset[int]) -> frozenset[int]:
        self._taken.append(taken)
        self._follow.append(follow)
        return frozenset({len(self._taken) - 1})


# What comes first in a part of an expression, given what follows the part.
Part = Callable[[frozenset[int]], frozenset[int]]


class _Reader:
    """Reads an expression, by recursive descent, into a function that lays out its positions."""

    def __init__(
        self, text: str, position: Callable[[frozenset[str], frozenset[int]], frozenset[int]]
    ) -> None:
        self._text = text
        self._at = 0
        self._position = position

    def read(self) -> Part:
        part = self._alternatives()
        if self._at < len(self._text):
            raise self._not_understood()
        return part

    def _alternatives(self) -> Part:
        parts = [self._sequence()]
        while self._skip("|"):
            parts.append(self._sequence())
        return lambda follow: frozenset().union(*(part(follow) for part in parts))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._item()))

        def laid_out(follow: frozenset[int]) -> frozenset[int]:
            for part in reversed(parts):
                follow = part(follow)
            return follow

        return laid_out

    def _item(self) -> Part:
        if self._skip("(?:") or self._skip("("):
            part = self._alternatives()
            if not self._skip(")"):
                raise self._not_understood()
            return part
        if self._skip("$"):
            return lambda _: frozenset({AT_END})
        if self._skip("\\d"):
            return lambda follow: self._position(DIGITS, follow)
        found = re.compile(r"\[(?!\^)((?:\\?[^\]])+)\]|([0-9A-Za-z -])").match(self._text, self._at)
        if found is None:
            raise self._not_understood()
        self._at = found.end()
        taken = _class(found[1]) if found[1] else frozenset(found[2])
        return lambda follow: self._position(taken, follow)

    def _repeated(self, part: Part) -> Part:
        if self._skip("?"):
            least, most = 0, 1
        elif found := re.compile(r"\{(\d+)(?:,(\d+))?\}").match(self._text, self._at):
            self._at = found.end()
            least, most = int(found[1]), int(found[2] or found[1])
        else:
            return part

        def laid_out(follow: frozenset[int]) -> frozenset[int]:
            first = follow
            for number in range(most, 0, -1):
                first = part(first) | (follow if number > least else frozenset())
            return first

        return laid_out

    def _skip(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _not_understood(self) -> ValueError:
        return ValueError(
            f"cannot read the pattern {self._text!r} at character {self._at}: "
            "scripts/reference/patterns.py has to learn it"
        )


def _class(text: str) -> frozenset[str]:
    """Characters of a class, given what stands between its brackets."""
    text = text.replace("\\d", "0-9")
    return frozenset(
        chr(code)
        for low, high in re.findall(r"\\?(.)(?:-(.))?", text)
        for code in range(ord(low), ord(high or low) + 1)
    )
