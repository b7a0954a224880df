"""`cdi bench load` at a tiny size: what it says can be relied upon. No time is tested."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scripts.bench import data, load
from scripts.bench.cases import CASES, Goal
from scripts.bench.measure import BenchError, Measured, Stopwatch, measured
from scripts.cli import app
from scripts.terminal import console

ROWS = 5_000


def bench(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["bench", "load", *arguments])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run of all cases says."""
    folder = tmp_path_factory.mktemp("scratch")
    result = bench("--rows", str(ROWS), "--folder", str(folder), "--json")
    assert result.exit_code == 0, result.output
    assert list(folder.iterdir()) == [], "the scratch folder was left behind"
    return json.loads(result.stdout)


def test_every_case_is_measured_on_both_sides(report: dict[str, Any]) -> None:
    assert [case["case"] for case in report["cases"]] == list(CASES)
    for case in report["cases"]:
        assert case["rows"] == ROWS
        for side in ("ours", "bare"):
            assert case[side]["seconds"] > 0
            assert case[side]["rows_per_second"] == pytest.approx(ROWS / case[side]["seconds"])
            assert 10 < case[side]["peak_mib"] < 4_096
        assert case["ratio"] == pytest.approx(case["ours"]["seconds"] / case["bare"]["seconds"])
        assert case["reached"] is None, "a goal is for the full size"
    assert report["machine"]["cores"] == os.cpu_count()


def test_what_is_measured_loses_no_record(report: dict[str, Any]) -> None:
    by_name = {case["case"]: case["ours"] for case in report["cases"]}
    for name in ("events", "customers_csv", "postgres"):
        ours = by_name[name]
        kept = ours["records_loaded"] + ours["records_quarantined"]
        assert ours["records_received"] == ROWS == kept + ours["identical_redeliveries"], name
        assert bool(ours["records_quarantined"]) == (name != "postgres"), name
    assert by_name["cleaning"]["tables"] >= 2
    assert by_name["cleaning"]["dbt_seconds"] > by_name["cleaning"]["seconds"]


def test_a_case_that_lacks_its_package_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "find_spec", lambda name: None)
    result = bench("--case", "postgres")
    assert result.exit_code == 0
    assert "postgres skipped: it needs the package pgserver" in result.output


def test_a_case_that_fails_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(work: Callable[..., Any], *given: Any, **more: Any) -> Measured:
        if work.__name__ == "_load_events":
            raise BenchError("no space left")
        return Measured(4.0 if work.__name__ == "_load_customers" else 2.0, 2**30, {})

    monkeypatch.setattr(load, "measured", fake)
    monkeypatch.setattr(console, "width", 140)
    result = bench("--case", "events", "--case", "customers_csv")
    assert result.exit_code == 1
    assert "events failed: no space left" in result.output
    (row,) = [line for line in result.output.splitlines() if line.startswith("customers_csv")]
    words = ["1,000,000", "2.0 s", "4.0 s", "2.0x", "250,000", "1.0 GiB", "at most 4x: yes"]
    assert all(word in row for word in words), row


def test_the_fastest_of_several_runs_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0, 8, 4, 6, 2])  # making the data, then ours and bare in turn

    def fake(*given: Any, **more: Any) -> Measured:
        return Measured(float(next(seconds)), 0, {})

    monkeypatch.setattr(load, "measured", fake)
    result = bench("--case", "events", "--repeat", "2", "--json")
    (case,) = json.loads(result.stdout)["cases"]
    assert (case["ours"]["seconds"], case["bare"]["seconds"]) == (6, 2)


def test_a_case_there_is_not() -> None:
    result = bench("--case", "evnets")
    assert result.exit_code == 2
    assert "no case evnets" in result.output and "events" in result.output


@pytest.mark.parametrize(
    ("goal", "ours", "bare", "is_reached"),
    [
        (Goal(ratio=3), Measured(3, 0, None), Measured(1, 0, None), True),
        (Goal(ratio=3), Measured(3.1, 0, None), Measured(1, 0, None), False),
        (Goal(ratio=3, gib=2), Measured(1, 2**31, None), Measured(1, 0, None), True),
        (Goal(ratio=3, gib=2), Measured(1, 2**31 + 1, None), Measured(1, 0, None), False),
        (Goal(rows_per_second=50), Measured(2, 0, None), Measured(1, 0, None), True),
        (Goal(rows_per_second=50), Measured(2.1, 0, None), Measured(1, 0, None), False),
        (Goal(rows_per_second=50), Measured(9, 0, None), Measured(2.1, 0, None), True),
        (Goal(seconds=30), Measured(30, 0, None), Measured(1, 0, None), True),
        (Goal(seconds=30), Measured(31, 0, None), Measured(1, 0, None), False),
    ],
)
def test_when_a_goal_is_reached(
    goal: Goal, ours: Measured, bare: Measured, is_reached: bool
) -> None:
    assert goal.is_reached(100, ours, bare) is is_reached


def hold(stopwatch: Stopwatch, size: int) -> str | None:
    held = bytearray(b"x" * size)
    with stopwatch.running():
        del held
    return os.environ.get("HELD")


def hold_beside_a_child(stopwatch: Stopwatch, size: int) -> None:
    held = bytearray(b"x" * size)
    subprocess.run(["true"], check=True)
    del held


def fail(stopwatch: Stopwatch) -> None:
    raise ValueError("the reason")


def die(stopwatch: Stopwatch) -> None:
    os._exit(7)


def test_a_process_of_its_own_is_measured() -> None:
    small, large = (measured(hold, size, environment={"HELD": "yes"}) for size in (1, 300 * 2**20))
    assert small.told == "yes" and "HELD" not in os.environ
    assert large.peak_bytes - small.peak_bytes > 250 * 2**20
    assert 0 < large.seconds < 5


def test_what_a_child_begins_with_is_not_counted_twice() -> None:
    alone, beside = (measured(work, 300 * 2**20) for work in (hold, hold_beside_a_child))
    assert abs(beside.peak_bytes - alone.peak_bytes) < 100 * 2**20


@pytest.mark.parametrize(
    ("work", "reason"), [(fail, "ValueError: the reason"), (die, "ended with code 7")]
)
def test_work_that_fails_in_its_process_is_told(work: Any, reason: str) -> None:
    with pytest.raises(BenchError, match=reason):
        measured(work)


def test_a_seed_makes_the_same_data_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "EVENTS_PER_FILE", 2_000)
    contents = []
    for go, seed in enumerate((1, 1, 2)):
        data.write_events(tmp_path / f"events{go}", ROWS, seed)
        data.write_customers(tmp_path / f"{go}.csv", 100, seed)
        files = sorted((tmp_path / f"events{go}").iterdir())
        assert [file.name for file in files] == ["000.jsonl.gz", "001.jsonl.gz", "002.jsonl.gz"]
        lines = b"".join(gzip.decompress(file.read_bytes()) for file in files)
        assert lines.count(b"\n") == ROWS
        contents.append((lines, (tmp_path / f"{go}.csv").read_bytes()))
    assert contents[0] == contents[1]
    assert contents[0][0] != contents[2][0] and contents[0][1] != contents[2][1]
