"""`cdi bench identity` at a tiny size: what it says can be relied upon. No time is tested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scripts.bench import identity
from scripts.bench.measure import BenchError, Measured
from scripts.cli import app
from scripts.terminal import console

GIVEN = ["Mary", "Robert", "Zoe", "Walter", "Ines", "Oscar", "Paula", "Hector", "Greta", "Yusuf"]
FAMILY = [
    "Blackwell",
    "Ortega",
    "Lindqvist",
    "Novak",
    "Castellano",
    "Huang",
    "Fitzroy",
    "Abara",
    "Dupont",
    "Szabo",
]
CITIES = ["Leeds", "Porto", "Malmo", "Brno", "Turin", "Taipei", "Cork", "Lagos", "Lyon", "Pecs"]


def bench(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["bench", "identity", *arguments])


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A folder of sets, with one in the shape of fake_1000: three records of each of ten people."""
    file = tmp_path / "sets" / "fake_1000" / "fake_1000.csv"
    file.parent.mkdir(parents=True)
    lines = ["unique_id,first_name,surname,dob,city,email,cluster"]
    for person, (given, family, city) in enumerate(zip(GIVEN, FAMILY, CITIES, strict=True)):
        born = f"{1940 + 3 * person}-{1 + 5 * person % 12:02}-{1 + 11 * person % 28:02}"
        email = f"{family}{7919 * (person + 1) % 1000}@mail.example".lower()
        lines += [
            f"{person * 3 + copy},{written},{family},{born},{city},{email},{person}"
            for copy, written in enumerate((given, given.lower(), given[0] + given[2:]))
        ]
    file.write_text("\n".join(lines) + "\n")
    return file.parents[1]


@pytest.mark.timeout(900)
def test_every_set_found_is_resolved_and_scored(sets: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    result = bench("--data", str(sets), "--people", "1000", "--folder", str(scratch), "--json")
    assert result.exit_code == 0, result.output
    assert list(scratch.iterdir()) == [], "the scratch folder was left behind"
    report = json.loads(result.stdout)
    found = {each["set"]: each for each in report["sets"]}
    assert found["fake_1000"]["records"] == 30
    assert found["fake_1000"]["here"] == 1.0
    assert found["fake_1000"]["reached"] is True
    assert found["senzing"]["skipped"] == f"{sets / 'senzing'} is not there"
    (made_up,) = report["made_up"]
    assert made_up["records"] > 1000, "somebody is recorded twice"
    assert made_up["later"]["records"] > made_up["records"], "the later records came, too"
    assert 0.5 < made_up["here"] <= 1
    assert "int_pairs__compared" in made_up["tables"]
    assert made_up["dbt_seconds"] > made_up["seconds"]["here"] > 0


def test_a_set_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fake(work: Callable[..., Any], *given: Any, **more: Any) -> Measured:
        raise BenchError("no space left")

    (tmp_path / "fake_1000").mkdir()
    monkeypatch.setattr(identity, "measured", fake)
    monkeypatch.setattr(console, "width", 140)
    result = bench("--data", str(tmp_path))
    assert result.exit_code == 1
    assert "fake_1000 failed: no space left" in result.output
    assert f"senzing skipped: {tmp_path / 'senzing'} is not there" in result.output.replace(
        "\n", ""
    )
