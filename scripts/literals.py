"""Looks for many byte strings at once, much faster than for one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from threading import local

import hyperscan


class Literals:
    """Byte strings to look for.

    Args:
        literals: what to look for; none of them empty.
        caseless: whether ASCII letters are the same in either case.
    """

    def __init__(self, literals: Sequence[bytes], *, caseless: bool = False) -> None:
        self._lengths = [len(literal) for literal in literals]
        self._database = hyperscan.Database()
        if literals:
            # As patterns: literals of this library end at their first NUL.
            self._database.compile(
                expressions=["".join(f"\\x{byte:02x}" for byte in one) for one in literals],
                ids=range(len(literals)),
                elements=len(literals),
                flags=[hyperscan.HS_FLAG_CASELESS if caseless else 0] * len(literals),
            )
        self._of_thread = local()

    def places(self, content: bytes | memoryview) -> list[tuple[int, int, int]]:
        """Where they are, also within each other.

        Returns:
            The number of a literal, where it begins and where it ends; by their ends.
        """
        found: list[tuple[int, int, int]] = []
        if self._lengths and len(content):
            lengths = self._lengths

            def note(number: int, _: int, end: int, *__: object) -> None:
                found.append((number, end - lengths[number], end))

            self._database.scan(content, match_event_handler=note, scratch=self._scratch())
        return found

    def _scratch(self) -> hyperscan.Scratch:
        """The working memory of this thread: two cannot scan in the same."""
        if not hasattr(self._of_thread, "scratch"):
            self._of_thread.scratch = hyperscan.Scratch(self._database)
        scratch: hyperscan.Scratch = self._of_thread.scratch
        return scratch
