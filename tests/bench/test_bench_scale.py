"""`cdi bench`: what is delivered is loaded, and what was measured is written. No time is tested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ingestion import pipeline, settings
from ingestion.settings import PROJECT
from scripts.bench import data, scale
from scripts.bench.measure import BenchError, Measured, Stopwatch
from scripts.cli import app

Query = Callable[..., list[tuple]]


def bench(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["bench", *arguments])


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in scale._variables(tmp_path, "1GB").items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_what_is_delivered_is_loaded_and_the_second_round_is_of_known_and_new(
    variables: Path, query: Query
) -> None:
    data.deliver(variables, 2010, 1, 2000, 0, 1)
    first = scale._load(Stopwatch(), variables)
    assert first["records"] == 2000 + 200 + 2 * 2000 + 10 * 2000
    assert first["bytes"] == settings.warehouse().stat().st_size > 0

    data.deliver(variables, 2010, 1991, 2010, 1, 1)
    second = scale._load(Stopwatch(), variables)

    assert second["records"] == 20 + 2 + 2 * 20 + 10 * 20
    for table, rows in {
        "files.customers": 2211, "files.orders": 4040, "segment_events.events": 20_200
    }.items():  # fmt: skip
        assert query(f"select count(*) from raw_{table}") == [(rows,)]
        assert query(f"select count(*) from raw_{table.split('.')[0]}.quarantine") == [(0,)]
    ((known,),) = query(
        "select count(*) from raw_files.customers as customers "
        "where exists (from raw_segment_events.events where user_id = customers.user_id)"
    )
    assert known == 2010
    assert pipeline.load("files").rows == {}


def test_the_bare_engine_and_dlt_get_the_same_events(variables: Path) -> None:
    data.deliver(variables, 300, 1, 300, 0, 1)
    assert scale._bare_load(Stopwatch(), variables)["bytes"] > 0
    assert scale._dlt_defaults(Stopwatch(), variables)["records"] == 3000
    assert scale._same_here(Stopwatch(), variables)["records"] == 3000


def fake(seconds: Callable[[str], float]) -> Callable[..., Measured]:
    """Measures nothing, and says that each step took what `seconds` gives for its function."""
    stages = {"stages": {"who is who": 8.0, "tests": 2.0}, "idle_seconds": 3.0}
    told: dict[str, Any] = {
        "_parse": None,
        "_some_ids": ["a", "b", "c"],
        "_read_one": None,
        "_profile": {"fct_orders": {"operators": {"HASH_JOIN": {"seconds": 1.5, "rows": 12}}}},
        "_build": stages | {"models": {"fct_orders": 4.0}, "bytes": 2_000_000_000},
    }

    def measured(work: Any, *_: Any, environment: dict[str, str]) -> Measured:
        assert environment["CDI_MEMORY"] == "3GB"
        name = work.__name__
        return Measured(seconds(name), 2**30, told.get(name, {"bytes": 1_000_000, "records": 7}))

    return measured


def test_figures_are_written_as_json_and_as_a_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sizes = iter([1.0] * 17 + [100.0] * 17)
    taken: dict[str, list[float]] = {}

    def seconds(name: str) -> float:
        factor = next(sizes)
        took = factor * (0.02 if name == "_read_one" else 0.5 if name == "_bare_load" else 1)
        taken.setdefault(name, []).append(took)
        return took

    monkeypatch.setattr(scale, "measured", fake(seconds))
    monkeypatch.setattr(scale, "find_spec", lambda name: None)
    arguments = ["--customers", "1000", "--customers", "10000", "--memory", "3GB", "--profile", "1"]
    result = bench("scale", *arguments, "--folder", str(tmp_path), "--write", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "out" / "scale.json").read_text())
    small, large = report["sizes"]
    assert (small["customers"], large["customers"]) == (1000, 10_000)
    assert small["load"]["seconds"] == 1.0
    assert large["load"]["seconds"] == 100.0
    assert report["growth"]["1000 to 10000"]["build"] == pytest.approx(2)
    assert report["machine"]["duckdb"]
    page = (tmp_path / "out" / "scale.md").read_text()
    assert "| load, to the bare engine reading the same files | 2.00 | 2.00 |" in page
    assert "| `fct_orders` | HASH_JOIN | 1.5 | 12 |" in page
    assert "20 ms, 20 ms" in page
    assert "| who is who | 8.0 | 8.0 | 8.0 | 8.0 |" in page
    assert report["goals"] == []
    assert "To reach" not in page


def test_goals_are_asked_after_at_a_million_customers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    took = {"_build": 660.0, "_read_one": 0.045}
    monkeypatch.setattr(scale, "measured", fake(lambda name: took.get(name, 1.0)))
    monkeypatch.setattr(scale, "find_spec", lambda name: None)
    arguments = ["--customers", "1000000", "--memory", "3GB", "--write", str(tmp_path)]
    result = bench("scale", *arguments, "--folder", str(tmp_path))
    assert result.exit_code == 0, result.output
    page = (tmp_path / "scale.md").read_text()
    assert "| build of everything | 10 minutes | 11.0 minutes | no |" in page
    assert "| memory of it | 12 GiB | 1.0 GiB | yes |" in page
    assert "| build of 1 % more, to that | 15 % | 100.0 % | no |" in page
    assert "| dbt itself, where nothing is new | 25 s | 3.0 s | yes |" in page
    assert "| a customer by id | 50 ms | 45.0 ms | yes |" in page


def test_a_size_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: Any, **__: Any) -> Measured:
        raise BenchError("no space left")

    monkeypatch.setattr(scale, "measured", broken)
    result = bench("scale", "--customers", "1000", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "1,000 customers failed: no space left" in result.output


def test_without_a_command_it_is_everything_and_written(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(scale, "scale_command", lambda **given: asked.update(given))
    assert bench().exit_code == 0
    assert asked == {"write": PROJECT / "docs" / "benchmarks"}


def test_time_in_which_nothing_is_done_is_what_no_span_covers() -> None:
    assert scale._covered([(0, 2), (1, 3), (1, 1.5), (5, 6)]) == 4
    assert scale._covered([]) == 0


def test_queries_are_those_that_the_log_has_of_the_last_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def ended(at: str, seconds: float) -> str:
        return f"\x1b[0m{at} [debug] [Thread-1 (]: SQL status: OK in {seconds} seconds\n"

    running = "\x1b[0m23:59:00.000000 [info ] [MainThread]: Running with dbt=1.11.16\n"
    (tmp_path / "dbt.log.2").write_text(running + ended("23:59:01.000000", 1))
    (tmp_path / "dbt.log.1").write_text(running + ended("23:59:50.500000", 0.25))
    (tmp_path / "dbt.log").write_text("select 1\n" + ended("00:00:02.000000", 4))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path))
    midnight = scale.DAY
    assert scale._queries() == [(midnight - 9.75, midnight - 9.5), (midnight - 2, midnight + 2)]


def test_where_splink_fails_all_else_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = fake(lambda name: 2.0)

    def measured(work: Any, *given: Any, environment: dict[str, str]) -> Measured:
        if work is scale._splink:
            raise BenchError("no pairs to learn from")
        return whole(work, *given, environment=environment)

    monkeypatch.setattr(scale, "find_spec", lambda name: name)
    arguments = ["--customers", "1000", "--memory", "3GB", "--folder", str(tmp_path), "--json"]
    monkeypatch.setattr(scale, "measured", measured)
    (failed,) = json.loads(bench("scale", *arguments).output)["sizes"]
    assert failed["splink"] == {"error": "no pairs to learn from"}
    assert failed["reading"]["reads"] == 3
    page = bench("scale", *arguments[:-1]).output
    assert "to Splink as documented, alone | Splink failed |" in page

    monkeypatch.setattr(scale, "measured", whole)
    page = bench("scale", *arguments[:-1]).output
    assert "to Splink as documented, alone | 4.00 |" in page


def test_survivorship_is_a_stage_beside_who_is_who(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    names = {"int_pairs__compared": 1, "int_record_ids__assigned": 2, "int_candidates__ranked": 4}
    folder = "dbt_project/models/intermediate/identity"
    nodes = {
        f"model.cdi.{name}": {
            "resource_type": "model",
            "name": name,
            "original_file_path": f"{folder}/{name}.sql",
        }
        for name in names
    }
    pairs, ids, ranked = nodes
    parents = {pairs: [], ids: [pairs], ranked: [ids]}
    results = [
        {"unique_id": f"model.cdi.{name}", "execution_time": seconds, "timing": []}
        for name, seconds in names.items()
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": nodes, "parent_map": parents}))
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results, "elapsed_time": 9}))
    monkeypatch.setattr(scale, "_queries", lambda: [(1, 4), (3, 5)])
    assert scale._stages()["stages"] == {"who is who": 3, "survivorship": 4}
    assert scale._stages()["idle_seconds"] == 5
