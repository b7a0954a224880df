"""No output shows a value: canaries are planted in every kind of column and looked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CANARIES = {
    "first name": "Xanthippe",
    "last name": "Quackenbush",
    "e-mail": "xanthippe.quackenbush@zyzzyva.example",
    "phone": "+44 7700 900461",
    "born": "1931-07-19",
    "street": "4711 Wobblethorpe Crescent",
    "passport no": "ZQ8830417",
    "notes": "allergic to zabaglione",
    "mood": "zonked",
    "salary": "87654.32",
    "tags": '{"nick": "Quacky"}',
    "url": "https://zyzzyva.example/quack",
    "visited": "2019-11-23 05:06:07",
    "odd": "%%zonk^^quack~~",
    "native": "Ξανθίππη",
}


@pytest.fixture
def file(write: Callable[..., Path]) -> Path:
    """A file of one canary a column among plainer values, some of them faulty."""
    names = list(CANARIES)
    rows = [["id", *names]]
    for number in range(60):
        rows.append([str(number), *(f"plain{number % 4}" for _ in names)])
    rows[7][1:] = CANARIES.values()
    rows[8][1:] = [f"{value}!" for value in CANARIES.values()]
    return write(rows)


def pieces() -> set[str]:
    """Canaries, and the words and numbers of four signs and more in them."""
    found = set()
    for value in CANARIES.values():
        found |= {value, *(word for word in value.replace("/", " ").split() if len(word) >= 4)}
    return {piece.lower() for piece in found} | {"quack", "zonk", "xanth", "zyzzyva", "4711"}


@pytest.mark.parametrize(
    "options", [[], ["--json"], ["--html", "page.html"], ["--cells", "cells.csv"], ["--write"]],
    ids=["terminal", "json", "page", "cells", "mapping"],
)  # fmt: skip
def test_no_output_of_a_file_shows_a_value(
    cdi: Callable[..., Any], file: Path, tmp_path: Path, options: list[str]
) -> None:
    result = cdi(file, *options)
    assert result.exit_code == 0, result.output
    told = result.output
    for name in ("page.html", "cells.csv", "files.yml"):
        if name in " ".join(options) or (name == "files.yml" and "--write" in options):
            told += (tmp_path / name).read_text("utf-8")
    leaked = {piece for piece in pieces() if piece in told.lower()}
    assert not leaked
    for name in CANARIES:
        if options[:1] != ["--cells"]:
            assert name in told, "columns are told by name"


def test_values_that_would_be_taken_for_names_of_columns_are_not_shown(
    cdi: Callable[..., Any], write: Callable[..., Path]
) -> None:
    result = cdi(write([["ana@zyzzyva.example", "Ana"], ["bob@zyzzyva.example", "Bob"]]))
    assert result.exit_code == 0
    assert "zyzzyva" not in result.output
    assert "header: false" in result.output


def test_what_cannot_be_read_is_not_shown_either(cdi: Callable[..., Any], tmp_path: Path) -> None:
    broken = tmp_path / "people.json"
    broken.write_text('[{"name": "Xanthippe"}, {"name": "Quackenbush"')
    result = cdi(broken)
    assert result.exit_code == 1
    assert "people.json" in result.output
    assert "Quack" not in result.output
    torn = tmp_path / "people.csv"
    torn.write_text('name,city\nXanthippe,Bonn\n"Quackenbush,Ulm\nAna,Ulm,Bonn\n')
    result = cdi(torn)
    assert result.exit_code == 0
    assert "2 lines cannot be read" in result.output
    assert "Quack" not in result.output


def test_nothing_is_left_behind(
    cdi: Callable[..., Any], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spill))
    before = set(tmp_path.rglob("*"))
    assert cdi(file).exit_code == 0
    assert set(tmp_path.rglob("*")) == before
