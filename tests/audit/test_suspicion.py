"""Cells that look wrong: found in tables they were planted in, and not in those without a fault."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Rows = list[list[str]]
Found = Callable[[Path], set[tuple[int, str]]]
Audit = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_table_without_a_fault_raises_no_alarm(
    sales: Callable[[int, int], Rows], write: Callable[..., Path], found: Found, seed: int
) -> None:
    assert not found(write(sales(seed, 1500)))


@pytest.mark.parametrize("share", [0.01, 0.04])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_errors_are_found_and_little_else(
    sales: Callable[[int, int], Rows],
    spoil: Callable[..., set[tuple[int, str]]],
    write: Callable[..., Path],
    found: Found,
    seed: int,
    share: float,
) -> None:
    rows = sales(seed, 1500)
    wrong = spoil(rows, seed, share, width=10)
    cells = found(write(rows))
    assert len(wrong & cells) >= 0.95 * len(wrong), sorted(wrong - cells)[:10]
    assert len(wrong & cells) >= 0.95 * len(cells), sorted(cells - wrong)[:10]


def test_dependencies_are_told_and_keys_are_none(
    sales: Callable[[int, int], Rows], write: Callable[..., Path], audit: Audit
) -> None:
    rows = sales(1, 800)
    rows = [["n", *rows[0]], *([str(n), *row] for n, row in enumerate(rows[1:]))]
    found = audit(write(rows))["suspicions"]["dependencies"]
    assert {"store → city", "sku → product", "sku → category"} <= set(found)
    assert not [told for told in found if told.startswith("n →") or told.endswith("→ n")]
    assert not [told for told in found if "quantity" in told]


def test_two_columns_may_determine_a_third_together(
    write: Callable[..., Path], audit: Audit, found: Found
) -> None:
    chance = random.Random(1)
    prices = [[str(chance.randint(100, 120)) for _ in range(8)] for _ in range(6)]
    rows = [["shop", "product", "price", "day"]]
    for _ in range(960):
        shop, product = chance.randrange(6), chance.randrange(8)
        day = f"day {chance.randrange(90)}"
        rows.append([f"shop {shop}", f"thing {product}", prices[shop][product], day])
    rows[501][2] = next(row[2] for row in rows[1:] if row[2] != rows[501][2])
    file = write(rows)
    assert audit(file)["suspicions"]["dependencies"] == ["shop, product → price"]
    assert found(file) == {(502, "price")}


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (["Hamburg"] * 150 + ["Bremen"] * 140 + ["Hambrug"], "misspelt"),
        (["12345"] * 100 + ["54321"] * 100 + ["90210"] * 90 + ["1x345"], "odd shape"),
        (
            [f"p{n}@example.com" for n in range(290)] + ["p.example.com"],
            "does not fit the attribute",
        ),
        (["red", "green", "blue"] * 97 + ["n/a"], "placeholder"),
    ],
    ids=["misspelt", "shape", "attribute", "placeholder"],
)
def test_a_cell_may_look_wrong_by_itself(
    write: Callable[..., Path], audit: Audit, found: Found, column: list[str], reason: str
) -> None:
    name = "email" if reason.startswith("does") else "thing"
    file = write([["n", name], *([str(n), value] for n, value in enumerate(column))])
    assert found(file) == {(len(column) + 1, name)}
    assert audit(file)["suspicions"]["reasons"][reason] == 1


def test_names_that_are_like_each_other_are_no_misspellings(
    write: Callable[..., Path], found: Found
) -> None:
    names = ["Maria"] * 60 + ["Marie"] * 50 + ["Marta"] * 40 + ["Mario"] * 30 + ["Marla"] * 9
    names += ["Marlo"] * 3 + ["Marja", "Marya", "Mirja"]
    assert not found(write([["n", "first name"], *([str(n), v] for n, v in enumerate(names))]))


def test_a_large_table_is_searched_in_part_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
    sales: Callable[[int, int], Rows],
    write: Callable[..., Path],
    audit: Audit,
) -> None:
    monkeypatch.setattr("scripts.audit.suspicion.ROWS", 500)
    monkeypatch.setattr("scripts.audit.suspicion.RELATED_COLUMNS", 5)
    found = audit(write(sales(1, 900)))["suspicions"]
    assert found["searched_rows"] == 500
    assert found["notes"] == [
        "the first 500 of 900 rows were searched",
        "dependencies were looked for among 5 of 13 columns",
    ]


def test_the_result_does_not_depend_on_the_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
    sales: Callable[[int, int], Rows],
    spoil: Callable[..., set[tuple[int, str]]],
    write: Callable[..., Path],
    cdi: Callable[..., Any],
) -> None:
    rows = sales(5, 1500)
    spoil(rows, 5, 0.03, width=10)
    file = write(rows)
    first = cdi(file, "--json").stdout
    connect = duckdb.connect
    monkeypatch.setattr(
        "duckdb.connect",
        lambda *given, config=None: connect(*given, config={**(config or {}), "threads": "1"}),
    )
    again = cdi(file, "--json").stdout
    told = [[line for line in said.splitlines() if "as_of" not in line] for said in (first, again)]
    assert told[0] == told[1]
