"""The same raw records and SQL on DuckDB and on Spark: equal marts, equal ends of all tests.

Spark reads the lake that DuckDB built from, and judges at the same time.
"""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pyarrow as pa
import pytest
from pyarrow import parquet

from scripts.build import WITHOUT_UNIT_TESTS
from tests.conftest import needs_spark
from tests.end_to_end.conftest import Elsewhere

MODELS = ("--resource-type", "model", "--select")
FEWEST_UNIT_TESTS = 180
# Fewer would say that the comparison looked at next to nothing.
FEWEST_MARTS, FEWEST_ROWS, FEWEST_TESTS = 55, 30_000, 700
OF_THE_BUILD: dict[str, set[str]] = {
    "checks": set(),
    "measures": set(),
    "customer_identity_changes": {"changed_at"},
    "figure_history": {"recorded_at"},
    "int_consents__recorded": {"noted_at"},
    "int_household_ids__assigned": {"assigned_at"},
    "int_record_ids__assigned": {"assigned_at"},
}
"""What tells of a build itself, by table; all columns where none is named."""
BY_ENGINE = {
    "column_profiles": {"distinct_count"},
    "hygiene_audit": {"data_type"},
}
"""Columns each engine has in its own way: how many different values there are is about right, and a
document is text to Spark."""
ROWS_ALIKE = {
    "figure_anomalies": "figure <> 'distinct_share'",
    "figure_history": "figure <> 'distinct_share'",
    "hygiene_audit": "not is_sampled",
}
"""Rows that are not made of such counts, nor of values picked by an engine's own hash, by table."""

pytestmark = [
    pytest.mark.spark,
    pytest.mark.timeout(3600),
    needs_spark,
]


@pytest.fixture(scope="module")
def spark(hybrid: Elsewhere) -> Callable[..., str]:
    """Runs `cdi build --target spark` with more arguments, judging when DuckDB did."""
    ((judged_at,),) = hybrid.query("select max(judged_at) from marts.customer_contactability")
    judged = ("--vars", json.dumps({"judged_at": str(judged_at)}))
    target = {"DBT_TARGET_PATH": str(hybrid.folder / "spark")}

    def build(*arguments: str, code: int = 0, **settings: str) -> str:
        command = ("build", "--target", "spark", *judged, *arguments)
        return hybrid.cdi(*command, settings=target | settings, code=code, timeout=2700)

    return build


@pytest.fixture(scope="module")
def ends(hybrid: Elsewhere, spark: Callable[..., str]) -> dict[str, dict[str, str]]:
    """How each node ended, by engine, when the company was built on both.

    Unit tests have data of their own: `test_every_unit_test_passes` runs them.
    """
    assert "built by Spark" in spark(*WITHOUT_UNIT_TESTS)
    return {
        engine: {
            name: status
            for name, status in statuses(hybrid, folder).items()
            if not name.startswith("unit_test.")
        }
        for engine, folder in (("duckdb", "target"), ("spark", "spark"))
    }


def statuses(company: Elsewhere, folder: str) -> dict[str, str]:
    """How each node of the last build ended, of a target folder."""
    told = json.loads((company.folder / folder / "run_results.json").read_text())
    return {result["unique_id"]: result["status"] for result in told["results"]}


@pytest.fixture
def built(hybrid: Elsewhere, ends: dict[str, dict[str, str]]) -> Elsewhere:
    """The company, built on both."""
    return hybrid


def files_of(company: Elsewhere, schema: str, table: str) -> Path:
    """Where Spark has a table."""
    return company.folder / "warehouse_spark" / "tables" / f"{schema}.db" / table


def unequal(company: Elsewhere, models: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Where a table is another on Spark, and how many rows were looked at."""
    found: list[str] = []
    rows_seen = 0
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        for model in sorted(models, key=lambda node: node["name"]):
            schema, table = model["schema"], model["alias"]
            if OF_THE_BUILD.get(table) == set():
                continue
            left_out = OF_THE_BUILD.get(table, set()) | BY_ENGINE.get(table, set())
            kinds = {
                name: kind
                for name, kind in connection.execute(
                    "select column_name, data_type from information_schema.columns"
                    " where table_schema = ? and table_name = ? order by ordinal_position",
                    [schema, table],
                ).fetchall()
                if name not in left_out
            }
            assert kinds, f"nothing of {table} is compared"
            floats = [name for name, kind in kinds.items() if kind in ("DOUBLE", "FLOAT")]
            listed = ", ".join(
                [exactly(name, kind) for name, kind in kinds.items() if name not in floats]
                + [f'"{name}"' for name in floats]
            )
            files = f"{files_of(company, schema, table)}/**/*.parquet"
            alike = ROWS_ALIKE.get(table, "true")
            here = f'select {listed} from "{schema}"."{table}" where {alike}'
            there = (
                f"select {listed} from read_parquet('{files}', hive_partitioning = true)"
                f" where {alike}"
            )
            only_here, only_there = (
                connection.execute(f"{one} except all {other} order by all").fetchall()
                for one, other in ((here, there), (there, here))
            )
            rows_seen += connection.execute(f"select count(*) from ({here})").fetchall()[0][0]
            exact = len(kinds) - len(floats)
            differing = [
                (one, other)
                for one, other in zip_longest(only_here, only_there)
                if not (one and other and one[:exact] == other[:exact])
                or not all(map(is_about, one[exact:], other[exact:]))
            ]
            if differing:
                found.append(f"{schema}.{table}: {len(differing)} rows, such as {differing[0]}")
    return found, rows_seen


def exactly(column: str, kind: str) -> str:
    """A value so that equal ones are equal to DuckDB, whichever engine wrote it."""
    if kind.startswith("TIMESTAMP"):
        return f'epoch_us(cast("{column}" as {kind}))'
    return f'cast("{column}" as varchar)'


def is_about(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same to nine digits, or both missing."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def models_of(company: Elsewhere) -> dict[str, dict[str, Any]]:
    """The models of the project, by name."""
    manifest = json.loads((company.folder / "target" / "manifest.json").read_text())
    nodes = manifest["nodes"].values()
    return {node["unique_id"]: node for node in nodes if node["resource_type"] == "model"}


def test_every_public_mart_is_equal(built: Elsewhere) -> None:
    marts = [
        node
        for node in models_of(built).values()
        if node["config"]["access"] == "public"
        and node["config"]["materialized"] != "view"
        and node["version"] == node["latest_version"]
    ]
    assert len(marts) >= FEWEST_MARTS
    found, rows = unequal(built, marts)
    assert found == []
    assert rows >= FEWEST_ROWS


def test_everything_was_built_and_every_test_ended_as_on_duckdb(
    ends: dict[str, dict[str, str]],
) -> None:
    assert sum(name.startswith("test.") for name in ends["duckdb"]) >= FEWEST_TESTS
    assert ends["spark"] == ends["duckdb"]


@pytest.mark.long
def test_every_unit_test_passes(built: Elsewhere, spark: Callable[..., str]) -> None:
    # A build runs those of the models that it builds.
    spark("--resource-type", "model", "--resource-type", "unit_test")
    found = statuses(built, "spark")
    ended = [status for name, status in found.items() if name.startswith("unit_test.")]
    assert len(ended) >= FEWEST_UNIT_TESTS
    assert set(ended) == {"pass"}


def test_a_second_build_changes_nothing_but_when_it_was(
    built: Elsewhere, spark: Callable[..., str]
) -> None:
    incremental = [
        node
        for node in models_of(built).values()
        if node["config"]["materialized"] == "incremental" and node["name"] != "checks"
    ]
    assert len(incremental) >= 4
    spark(*MODELS, *(node["name"] for node in incremental))
    assert unequal(built, incremental)[0] == []


def test_a_row_that_breaks_a_contract_fails_its_model(
    built: Elsewhere, spark: Callable[..., str]
) -> None:
    files = files_of(built, "intermediate", "int_orders__identified")
    stray = files / "stray.parquet"
    row = parquet.read_table(next(files.glob("*.parquet"))).slice(0, 1)
    place = row.column_names.index("order_key")
    row = row.set_column(place, "order_key", pa.nulls(1, pa.string()))
    parquet.write_table(row, stray, use_deprecated_int96_timestamps=True)
    try:
        said = spark(*MODELS, "fct_orders", code=1)
    finally:
        stray.unlink()
    assert "NOT NULL constraint failed: fct_orders.order_key (rows: 1)" in said
    # Nobody reads what is wrong.
    assert not files_of(built, "marts", "fct_orders").exists()
    spark(*MODELS, "fct_orders")


def test_an_executor_that_is_lost_costs_nothing(
    built: Elsewhere, spark: Callable[..., str]
) -> None:
    lost: list[int] = []
    is_done = threading.Event()

    def kill_one() -> None:
        while not (lost or is_done.is_set()):
            for process in executors(built.warehouse):
                # By then it has been given work.
                time.sleep(3)
                os.kill(process, signal.SIGKILL)
                lost.append(process)
                return
            time.sleep(0.1)

    killer = threading.Thread(target=kill_one)
    killer.start()
    names = ["customer_360", "fct_orders", "customer_rfm"]
    try:
        spark(*MODELS, *names, CDI_SPARK_MASTER="local-cluster[2,1,1024]")
    finally:
        is_done.set()
        killer.join()
    assert lost
    again = [node for node in models_of(built).values() if node["name"] in names]
    assert unequal(built, again)[0] == []


def executors(warehouse: Path) -> list[int]:
    """Processes that are executors of Spark, of a build of this warehouse."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            is_executor = any("CoarseGrainedExecutorBackend" in word for word in process.cmdline())
            if is_executor and process.environ().get("CDI_WAREHOUSE") == str(warehouse):
                found.append(process.pid)
    return found
