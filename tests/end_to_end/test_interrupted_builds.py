"""A build killed anywhere is built again as if nothing had been, and readers see no half of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end.conftest import Company
from tests.faults.conftest import contents, die, run

MOMENTS = [
    ("junk_values", "before"),
    ("int_person_records__cleaned", "after"),
    ("dim_customers", "after"),
    ("publish", "before"),
    ("publish", "after"),
]


def build(
    settings: dict[str, str], moment: tuple[str, str] | None = None, is_built: bool = False
) -> None:
    """Seeds, models and the readers' copy; dies before or after one of them is made.

    Args:
        settings: the environment.
        moment: when to die: a seed's name, a model's, or `publish`, and `before` or `after`.
        is_built: whether only the readers' copy is left to make.
    """
    os.environ.update(settings)
    from dbt.task.run import ModelRunner
    from dbt.task.seed import SeedRunner

    from scripts import publish
    from scripts.dbt_runner import dbt

    def dying(function: Any, name: Any) -> Any:
        def called(*given: Any, **more: Any) -> Any:
            if moment == (name(*given), "before"):
                die()
            result = function(*given, **more)
            if moment == (name(*given), "after"):
                die()
            return result

        return called

    for runner in (ModelRunner, SeedRunner):
        runner.execute = dying(runner.execute, lambda self, node, manifest: node.name)
    # Libraries put files in their place, too, such as arviz once a day.
    publish.Path.replace = dying(
        publish.Path.replace, lambda self, new: "publish" if "marts" in self.name else self.name
    )
    if not is_built:
        kinds = ("--resource-type", "seed", "--resource-type", "model")
        assert dbt("build", "--quiet", *kinds) == 0
    publish.publish()


@pytest.fixture
def changed(restored: Company) -> Company:
    """The company, whose raw records have changed since it was built."""
    with duckdb.connect(str(restored.warehouse)) as connection:
        connection.execute("delete from raw_hubspot.contacts where hash(id) % 3 = 0")
        connection.execute("delete from raw_shopify.orders where hash(id) % 3 = 0")
    return restored


def built(warehouse: Path) -> dict[str, list[tuple]]:
    """What was built, without the account of the runs it took, and views that tell the time."""
    of_runs = ("checks", "current_checks", "measures", "scorecard", "service_levels")
    return contents(warehouse, *(f"governance.{name}" for name in of_runs))


CUSTOMERS_BY_TABLE = """
    select
        (select count(*) from marts.dim_customers),
        (select count(distinct customer_id) from marts.xref_customer_records),
        (select count(*) from marts.fct_orders),
        (select count(*) from marts.dim_accounts)
"""


@contextmanager
def read(readers: Path) -> Iterator[list[tuple]]:
    """What a reader sees who looks all the while; fails where it cannot look."""
    seen: list[tuple] = []
    failures: list[str] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            try:
                with duckdb.connect(str(readers), read_only=True) as connection:
                    seen.extend(connection.execute(CUSTOMERS_BY_TABLE).fetchall())
            except duckdb.Error as error:
                failures.append(str(error))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield seen
    finally:
        is_over.wait(0.5)
        is_over.set()
        reader.join()
    assert not failures


@pytest.mark.timeout(1500)
def test_a_killed_build_is_made_good_by_the_next_and_readers_see_one_throughout(
    changed: Company,
) -> None:
    before = built(changed.readers)
    with changed.restored():
        with read(changed.readers) as seen:
            assert run(build, changed.environment) == 0
        expected, published = built(changed.warehouse), built(changed.readers)
    assert published != before
    # Two states and no third: all marts of the old build, then all of the new one.
    states = list(dict.fromkeys(seen))
    assert len(states) == 2
    assert seen == sorted(seen, key=states.index)
    assert all(customers == matched for customers, matched, _, _ in states)

    for moment in MOMENTS:
        is_built = moment == ("publish", "after")
        assert run(build, changed.environment, moment, is_built) == -signal.SIGKILL, moment
        assert built(changed.readers) == (published if is_built else before), moment
    assert run(build, changed.environment) == 0
    assert built(changed.warehouse) == expected
    assert built(changed.readers) == published
    assert {file.name for file in changed.folder.glob("*marts*")} == {changed.readers.name}


def test_a_build_that_fails_publishes_nothing(changed: Company) -> None:
    with duckdb.connect(str(changed.warehouse)) as connection:
        connection.execute("update raw_loads.load_counts set records_received = 10_000_000")
    before = contents(changed.readers)
    said = changed.cdi("build", "--quiet", code=1)
    assert "not published" in said
    assert contents(changed.readers) == before


def test_a_build_of_a_part_is_not_published(changed: Company) -> None:
    before = contents(changed.readers)
    said = changed.cdi("build", "-s", "load_reconciliation", "--quiet")
    assert "only a build of everything" in said
    assert contents(changed.readers) == before
