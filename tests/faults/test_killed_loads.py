"""A load that is killed at any moment, and run again, ends as one that nothing disturbed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Company, contents, die, run

SOURCES = ("files", "segment_events")
# dlt's steps, and each statement of the one transaction at the end.
STEPS = ("sync_destination", "extract", "normalize", "sync_schema")
STATEMENTS = (1, 4, 9, 14, 20, 27, 35)
Moment = tuple[str, Any]
MOMENTS: list[Moment] = [
    *((f"{when} {step}", (step, when)) for step in STEPS for when in ("before", "after")),
    *((f"statement {number}", ("statement", number)) for number in STATEMENTS),
    ("before commit", ("commit", "before")),
    ("after commit", ("commit", "after")),
]
IN_LAKE: list[Moment] = [
    *MOMENTS,
    ("before the manifest", ("put_manifest", "before")),
    ("after the manifest", ("put_manifest", "after")),
]
STORAGES = ("warehouse", "lake")


def load(settings: dict[str, str], moment: Any = None, kill_after: float | None = None) -> None:
    """Loads both sources; dies at a moment of the first load that reaches it, or after a time."""
    os.environ.update(settings)
    from ingestion import landing, pipeline
    from ingestion.lake import Lake

    if kill_after is not None:
        threading.Thread(target=lambda: (time.sleep(kill_after), die()), daemon=True).start()
    if moment is not None and moment[0] in ("statement", "commit"):
        connect = landing.storage.connect
        landing.storage = Dying(landing.storage, lambda *a, **k: Fragile(connect(*a, **k), moment))
    elif moment is not None:
        step, when = moment
        owner: Any = Lake if step == "put_manifest" else pipeline.dlt.Pipeline
        method = getattr(owner, step)

        def dying(self: Any, *given: Any, **more: Any) -> Any:
            if when == "before":
                die()
            result = method(self, *given, **more)
            die()
            return result

        setattr(owner, step, dying)
    for source in SOURCES:
        result = pipeline.load(source)
        assert result.error is None, result.error


class Dying:
    """A module with another `connect`."""

    def __init__(self, module: Any, connect: Callable[..., Any]) -> None:
        self._module = module
        self.connect = connect

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class Fragile:
    """A connection that dies at its n-th statement after `begin`, or around the commit."""

    def __init__(self, connection: Any, moment: Any) -> None:
        self._connection, self._moment, self._count = connection, moment, -1_000

    def begin(self) -> None:
        self._count = 0
        self._connection.begin()

    def execute(self, *given: Any) -> Any:
        self._count += 1
        if self._moment == ("statement", self._count):
            die()
        return self._connection.execute(*given)

    def commit(self) -> None:
        if self._moment == ("commit", "before"):
            die()
        self._connection.commit()
        if self._moment == ("commit", "after"):
            die()

    def __enter__(self) -> Fragile:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@dataclass(frozen=True)
class SecondDay:
    """A warehouse that holds the first day and is to be loaded with the second.

    Args:
        warehouse: the file.
        settings: the environment that loads it.
        expected: what it holds after a load that nothing disturbs.
    """

    warehouse: Path
    settings: dict[str, str]
    expected: dict[str, list[tuple]]

    def load(self, *disturbance: Any) -> int:
        return run(load, self.settings, *disturbance)


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company of two days, with warehouses `first` and `second` that nothing disturbed.

    In `lake` the first day is once more, in a lake.
    """
    company = Company(tmp_path_factory.mktemp("company"))
    company.deliver(1)
    first, second = company.folder / "first.duckdb", company.folder / "second.duckdb"
    assert run(load, company.settings(first)) == 0
    assert run(load, company.settings(company.folder / "lake.duckdb", "lake")) == 0
    company.deliver(2)
    shutil.copy(first, second)
    assert run(load, company.settings(second)) == 0
    return company


@pytest.fixture
def second_day(two_days: Company, tmp_path: Path, request: pytest.FixtureRequest) -> SecondDay:
    storage = getattr(request, "param", "warehouse")
    warehouse = tmp_path / "warehouse.duckdb"
    first = two_days.folder / ("lake.duckdb" if storage == "lake" else "first.duckdb")
    shutil.copy(first, warehouse)
    if storage == "lake":
        shutil.copytree(first.with_suffix(".lake"), warehouse.with_suffix(".lake"))
    expected = contents(two_days.folder / "second.duckdb")
    return SecondDay(warehouse, two_days.settings(warehouse, storage), expected)


@pytest.mark.parametrize(
    ("second_day", "moment"),
    [
        pytest.param(storage, moment, id=f"{storage} {name}")
        for storage in STORAGES
        for name, moment in (IN_LAKE if storage == "lake" else MOMENTS)
    ],
    indirect=["second_day"],
)
def test_killed_at_a_moment(second_day: SecondDay, moment: Moment) -> None:
    assert second_day.load(moment) == -signal.SIGKILL, "the moment never came"
    assert second_day.load() == 0
    # Killed after it was done, the load is one load more to count, which found nothing new. What
    # is done in a lake is so before the warehouse file follows.
    done: list[Any] = [("commit", "after")]
    if second_day.settings["CDI_STORAGE"] == "lake":
        done += [("commit", "before"), ("put_manifest", "after")]
    uncounted = ("raw_loads.load_counts",) if moment in done else ()
    for table in uncounted:
        second_day.expected.pop(table)
    assert contents(second_day.warehouse, *uncounted) == second_day.expected
    assert not Path(f"{second_day.warehouse}.loading").exists(), "raw records were left behind"


@pytest.mark.parametrize("second_day", STORAGES, indirect=True)
def test_killed_at_random_moments(second_day: SecondDay) -> None:
    moments = random.Random(20260101)
    killed = 0
    for _ in range(12):
        killed += second_day.load(None, moments.uniform(0, 2.5)) == -signal.SIGKILL
    assert killed, "it was never killed"
    assert second_day.load() == 0
    second_day.expected.pop("raw_loads.load_counts")
    assert contents(second_day.warehouse, "raw_loads.load_counts") == second_day.expected


def test_a_killed_load_shows_nothing_of_what_it_had_begun(second_day: SecondDay) -> None:
    before = contents(second_day.warehouse)
    assert second_day.load(("commit", "before")) == -signal.SIGKILL
    assert contents(second_day.warehouse) == before
