"""A build killed anywhere is built again as if nothing had been, and readers see no half of it."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.faults.conftest import contents, die, run

MOMENTS = [
    ("junk_values", "before"),
    ("int_person_records__cleaned", "after"),
    ("dim_customers", "after"),
    ("publish", "before"),
    ("publish", "after"),
]


def build(settings: dict[str, str], moment: tuple[str, str] | None = None) -> None:
    """Seeds, models and the readers' copy; dies before or after one of them is made."""
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
    assert dbt("seed", "--quiet") == 0
    assert dbt("run", "--quiet") == 0
    publish.publish()


@pytest.fixture
def changed(company: Any, tmp_path: Path) -> dict[str, str]:
    """Settings of a copy of the company whose raw records have changed since it was built."""
    warehouse = tmp_path / "warehouse.duckdb"
    for name in ("warehouse.duckdb", "warehouse_marts.duckdb"):
        shutil.copy(company.folder / name, tmp_path / name)
    shutil.copytree(company.folder / "target", tmp_path / "target")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from raw_hubspot.contacts where hash(id) % 3 = 0")
        connection.execute("delete from raw_shopify.orders where hash(id) % 3 = 0")
    return {
        "CDI_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
    }


def built(warehouse: Path) -> dict[str, list[tuple]]:
    """What was built, without the account of the runs it took."""
    return contents(warehouse, "governance.checks")


@pytest.mark.timeout(1500)
def test_a_killed_build_is_made_good_by_the_next(changed: dict[str, str], tmp_path: Path) -> None:
    warehouse, readers = tmp_path / "warehouse.duckdb", tmp_path / "warehouse_marts.duckdb"
    before = built(readers)
    undisturbed = tmp_path / "undisturbed" / "warehouse.duckdb"
    undisturbed.parent.mkdir()
    shutil.copy(warehouse, undisturbed)
    assert run(build, changed | {"CDI_WAREHOUSE": str(undisturbed)}) == 0
    expected = built(undisturbed)

    for moment in MOMENTS:
        assert run(build, changed, moment) == -signal.SIGKILL, f"{moment} never came"
        published = built(readers)
        assert published in (before, built(undisturbed.with_stem("warehouse_marts"))), moment
        assert (published == before) == (moment != ("publish", "after")), moment
    assert run(build, changed) == 0
    assert built(warehouse) == expected
    assert built(readers) == built(undisturbed.with_stem("warehouse_marts"))
    assert {file.name for file in tmp_path.glob("*marts*")} == {readers.name}


CUSTOMERS_BY_TABLE = """
    select
        (select count(*) from marts.dim_customers),
        (select count(distinct customer_id) from marts.xref_customer_records),
        (select count(*) from marts.fct_orders),
        (select count(*) from marts.dim_accounts)
"""


@pytest.mark.timeout(900)
def test_readers_see_the_marts_of_one_build_throughout(
    changed: dict[str, str], tmp_path: Path
) -> None:
    readers = tmp_path / "warehouse_marts.duckdb"
    seen: list[tuple] = []
    failures: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                with duckdb.connect(str(readers), read_only=True) as connection:
                    seen.extend(connection.execute(CUSTOMERS_BY_TABLE).fetchall())
            except duckdb.Error as error:
                failures.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert run(build, changed) == 0
    finally:
        is_over.wait(0.5)
        is_over.set()
        reader.join()
    assert not failures
    # Two states and no third: all marts of the old build, then all of the new one.
    states = list(dict.fromkeys(seen))
    assert len(states) == 2
    assert seen == sorted(seen, key=states.index)
    assert all(customers == matched for customers, matched, _, _ in states)


def test_a_build_that_fails_publishes_nothing(changed: dict[str, str], company: Any) -> None:
    with duckdb.connect(changed["CDI_WAREHOUSE"]) as connection:
        connection.execute("update raw_loads.load_counts set records_received = 10_000_000")
    readers = Path(changed["CDI_WAREHOUSE"]).with_stem("warehouse_marts")
    before = contents(readers)
    said = company.cdi("build", "--quiet", settings=changed, code=1)
    assert "not published" in said
    assert contents(readers) == before


def test_a_build_of_a_part_is_not_published(changed: dict[str, str], company: Any) -> None:
    readers = Path(changed["CDI_WAREHOUSE"]).with_stem("warehouse_marts")
    before = contents(readers)
    said = company.cdi("build", "-s", "load_reconciliation", "--quiet", settings=changed)
    assert "only a build of everything" in said
    assert contents(readers) == before
