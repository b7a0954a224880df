"""What is clean already stays as it is: cleaning its own results changes nothing."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import table

Read = Callable[[list[tuple[str | None, ...]]], list[tuple[str | None, ...]]]

PARTS = ("full_name", "given_name", "middle_name", "family_name", "name_suffix")
TITLES = ("Dr.", "dr", "Prof.", "Prof. Dr. med.", "MRS", "Sra.")
SUFFIXES = ("Jr.", "JR", "PhD", ", PhD", "iii", "Esq")
WORDS = (
    "ann", "ANN", "Ann", "Mary-Jane", "o'brien", "O'BRIEN", "McDonald", "MCDONALD", "van", "VAN",
    "de", "la", "y", "&", "and", "Q.", "q", "J.R.", "JP", "NG", "ED", "Елена", "山田", "Ñandú",
    "(Bob)", '"Bill"', "-", "Smith/Jones",
)  # fmt: skip
COMMAS = ("Lee,", "LEE,", ",", "van Dyke,")


@pytest.fixture
def names(compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection) -> Read:
    query = compiled(
        "select title, given, middle, family, suffix from {{ read_names('written') }} order by id"
    )

    def read(rows: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
        columns = dict(zip(PARTS, map(list, zip(*rows, strict=True)), strict=True))
        table(database, "written", **columns)
        return database.execute(query).fetchall()

    return read


def some_names(count: int) -> list[tuple[str | None, ...]]:
    chance = random.Random(20261125)

    def words(some: tuple[str, ...]) -> str | None:
        words = chance.choices(some, k=chance.randint(0, 4))
        title = chance.choices(TITLES, k=chance.random() < 0.2)
        suffix = chance.choices(SUFFIXES, k=chance.random() < 0.2)
        return " ".join(title + words + suffix) or None

    return [
        (words(WORDS + COMMAS), None, None, None, None)
        if chance.random() < 0.5
        else (None, words(WORDS), None, words(WORDS), None)
        for _ in range(count)
    ]


def test_names_that_were_read_are_read_alike(names: Read) -> None:
    written = some_names(20_000)
    once = names(written)
    again = names(
        [(None, given, middle, family, suffix) for _, given, middle, family, suffix in once]
    )
    unlike = [
        (name, first[1:], second[1:])
        for name, first, second in zip(written, once, again, strict=True)
        if first[1:] != second[1:]
    ]
    assert not unlike, unlike[:12]


@pytest.fixture(scope="module")
def changed_addresses(compiled: Callable[[str], str]) -> str:
    """Finds addresses that are read otherwise the second time."""
    return compiled(
        "with once as (select {{ normalize_email('email') }} as email from written) "
        "select email from once where email is distinct from {{ normalize_email('email') }}"
    )


@given(st.lists(st.text(alphabet=string.printable + "éßÑ@.+<>", max_size=40), min_size=1))
@settings(max_examples=100, deadline=None)
def test_an_address_that_was_read_is_read_alike(
    changed_addresses: str, database: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    table(database, "written", email=[f"{text}@example.net" for text in texts])
    assert database.execute(changed_addresses).fetchall() == []
