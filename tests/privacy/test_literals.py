"""Many byte strings are found at once, wherever they are."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from scripts.literals import Literals

FEW = st.sampled_from([b"a", b"A", b"b", b"\0", b"\\", b"\xc3", b"\xa9", b"\xff", b"\n", b"$"])
TEXTS = st.lists(FEW, max_size=30).map(b"".join)
WORDS = st.lists(FEW, min_size=1, max_size=4).map(b"".join)


@given(content=TEXTS, words=st.lists(WORDS, max_size=5, unique=True), caseless=st.booleans())
def test_every_place_is_found_and_no_other(
    content: bytes, words: list[bytes], caseless: bool
) -> None:
    flags = re.IGNORECASE if caseless else 0
    expected = {
        (number, match.start(), match.start() + len(word))
        for number, word in enumerate(words)
        for match in re.finditer(b"(?=" + re.escape(word) + b")", content, flags)
    }
    places = Literals(words, caseless=caseless).places(content)
    assert set(places) == expected
    assert len(places) == len(expected)
    assert set(Literals(words, caseless=caseless).places(memoryview(content))) == expected


def test_threads_share_it() -> None:
    looking = Literals([b"needle", b"hay"])
    contents = [b"hay" * number + b"needle" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        counted = list(threads.map(lambda content: len(looking.places(content)), contents))
    assert counted == [number + 1 for number in range(200)]
