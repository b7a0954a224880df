"""`cdi bench marts` at a tiny size: what it says can be relied upon. No time is tested."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ingestion.settings import PROJECT
from scripts.bench import marts
from scripts.bench.measure import BenchError, Measured
from scripts.cli import app
from scripts.terminal import console


def bench(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["bench", "marts", *arguments])


@pytest.mark.timeout(900)
def test_every_mart_is_measured(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    result = bench("--customers", "1000", "--folder", str(scratch), "--json")
    assert result.exit_code == 0, result.output
    assert list(scratch.iterdir()) == [], "the scratch folder was left behind"
    report = json.loads(result.stdout)
    (size,) = report["sizes"]  # a tenth would be less than is measured
    assert size["customers"] == 1000
    folder = PROJECT / "dbt_project" / "models" / "marts"
    there_are = {
        file.stem for room in ("core", "customer") for file in folder.glob(f"{room}/*.sql")
    }
    assert there_are <= set(size["models"])
    assert 0 < max(model["seconds"] for model in size["models"].values()) < size["seconds"]
    assert size["peak_bytes"] == max(model["peak_bytes"] for model in size["models"].values()) > 0
    assert report["growth"] == {}


def test_growth_is_by_the_larger_size_against_the_smaller(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seconds = iter([0, 0, 2.0, 0, 0, 200.0])  # making and building before, and the marts, twice

    def fake(*_: Any, environment: dict[str, str]) -> Measured:
        assert environment["CDI_MEMORY"] == "3GB"
        took = next(seconds)
        return Measured(took, 1, {"fct_orders": {"seconds": took, "peak_bytes": 2**30}})

    monkeypatch.setattr(marts, "measured", fake)
    arguments = ("--customers", "10000", "--memory", "3GB", "--folder", str(tmp_path))
    growth = json.loads(bench(*arguments, "--json").stdout)["growth"]
    assert growth["times_the_customers"] == 10
    assert growth["times_the_seconds"] == 100
    assert growth["exponent"] == pytest.approx(2)
    assert growth["exponents"] == {"fct_orders": pytest.approx(2)}
    assert growth["is_reached"] is False


def test_a_size_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fake(*_: Any, **__: Any) -> Measured:
        raise BenchError("no space left")

    monkeypatch.setattr(marts, "measured", fake)
    monkeypatch.setattr(console, "width", 140)
    result = bench("--customers", "1000", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "1,000 customers failed: no space left" in result.output
