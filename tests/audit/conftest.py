"""Files and marts to audit, made up here, and the command that audits them."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scripts.cli import app

Rows = list[list[str]]
STORE = ["store", "store_name", "address", "city", "state", "zip", "phone"]
PRODUCT = ["sku", "product", "category"]
CONSONANTS, VOWELS, LETTERS = "bcdfghklmnprstvz", "aeiou", "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def cdi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs `cdi audit` in a folder of the test's own, 100 characters wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("CDI_FILES", str(tmp_path / "files.yml"))

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, ["audit", *map(str, arguments)])

    return run


@pytest.fixture
def audit(cdi: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    """Audits one file or source and gives what `--json` says of it."""

    def run(*arguments: str | Path) -> dict[str, Any]:
        result = cdi(*arguments, "--json")
        assert result.exit_code == 0, result.output
        (audited,) = json.loads(result.stdout)["audits"]
        return audited

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file of rows, the names of the columns first."""

    def file(rows: Rows, name: str = "people.csv", **dialect: Any) -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, **dialect).writerows(rows)
        return path

    return file


def word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(syllables))


@pytest.fixture(scope="session")
def sales() -> Callable[[int, int], Rows]:
    """A table without a fault: sales of products in stores, by seed and number of rows.

    Stores and products each have columns that go together; quantity, day and note are free.
    """

    def table(seed: int, count: int) -> Rows:
        chance = random.Random(seed)
        cities = [
            (word(chance, 3).title(), state)
            for state in (word(chance, 1).upper() for _ in range(6))
            for _ in range(4)
        ]
        stores = []
        for number in range(40):
            city, state = chance.choice(cities)
            stores.append(
                [
                    f"S{100 + number:04}",
                    f"{word(chance, 3).title()} {chance.choice(['Market', 'Store', 'Outlet'])}",
                    f"{chance.randint(1, 999)} {word(chance, 3).title()} Street",
                    city,
                    state,
                    f"{10_000 + 97 * number:05}",
                    f"({chance.randint(200, 999)}) {chance.randint(200, 999)}-{number:04}",
                ]
            )
        products = [
            [f"A-{100 + number}", f"{word(chance, 2)} {word(chance, 3)}",
             chance.choice(["tools", "garden", "kitchen", "toys"])]
            for number in range(30)
        ]  # fmt: skip
        names = [
            "store",
            "store_name",
            "address",
            "city",
            "state",
            "zip",
            "phone",
            "sku",
            "product",
            "category",
        ]
        rows = [[*names, "quantity", "day", "note"]]
        for _ in range(count):
            day = f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            note = f"{word(chance, 2)} {word(chance, 3)}" if chance.random() < 0.5 else ""
            quantity = str(chance.randint(1, 40))
            rows.append([*chance.choice(stores), *chance.choice(products), quantity, day, note])
        return rows

    return table


@pytest.fixture(scope="session")
def spoil() -> Callable[[Rows, int, float, int], set[tuple[int, str]]]:
    """Plants errors: a letter for another sign, a sign left out, the value of another row.

    Takes rows, a seed, the share of cells to spoil and how many columns, from the first, to spoil;
    gives the (line, column) of every cell it changed.
    """

    def plant(rows: Rows, seed: int, share: float, width: int) -> set[tuple[int, str]]:
        chance = random.Random(seed)
        original = [list(row) for row in rows]
        wrong = set()
        for at, row in enumerate(rows[1:], 1):
            for column in range(width):
                value = original[at][column]
                if not value or chance.random() >= share:
                    continue
                place = chance.randrange(len(value))
                spoilt = chance.choice(
                    [
                        value[:place] + chance.choice(LETTERS) + value[place + 1 :],
                        value[:place] + value[place + 1 :],
                        original[chance.randrange(1, len(rows))][column],
                    ]
                )
                if spoilt and spoilt.lower() != value.lower():
                    row[column] = spoilt
                    wrong.add((at + 1, rows[0][column]))
        return wrong

    return plant


@pytest.fixture
def found(cdi: Callable[..., Result], tmp_path: Path) -> Callable[[Path], set[tuple[int, str]]]:
    """The (line, column) of the cells of a file that `--cells` lists."""

    def cells(path: Path) -> set[tuple[int, str]]:
        listed = tmp_path / "cells.csv"
        result = cdi(path, "--cells", listed)
        assert result.exit_code == 0, result.output
        with listed.open(encoding="utf-8", newline="") as stream:
            return {(int(row["line"]), row["column"]) for row in csv.DictReader(stream)}

    return cells


def columns_of(audited: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in audited["tables"]:
        for column in table["columns"]:
            yield column["column_name"], column
