"""The letters that Spark is told of are those that Unicode composes."""

from __future__ import annotations

import unicodedata

from ingestion.macros import project_macros


def test_letters_with_marks_are_those_of_unicode() -> None:
    letters = project_macros()["marked_letters"]()
    assert len(letters["marked"]) == len(letters["unmarked"]) > 900
    for marked, unmarked in zip(letters["marked"], letters["unmarked"], strict=True):
        bare = [
            letter
            for letter in unicodedata.normalize("NFD", marked)
            if not unicodedata.category(letter).startswith("M")
        ]
        assert unicodedata.normalize("NFC", "".join(bare)) == unmarked
    pairs = 0
    for mark, (taking, made) in letters["composed"].items():
        for letter, composed in zip(taking, made, strict=True):
            assert unicodedata.normalize("NFC", letter + mark) == composed
            pairs += 1
    assert pairs > 900
