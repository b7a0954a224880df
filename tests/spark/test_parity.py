"""A sandbox company built on DuckDB and on Spark: the same marts, the same ends of all tests.

Both builds judge at one time, and begin from the same raw tables.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from scripts import spark

CUSTOMERS = 120
JUDGED_AT = "2026-12-01 00:00:00"
# Fewer would say that the comparison looked at next to nothing.
FEWEST_TABLES, FEWEST_ROWS, FEWEST_TESTS = 60, 10_000, 800
# What tells of the build itself, by table; all columns where none is named.
OF_THE_BUILD = {
    "checks": set(),
    "current_checks": set(),
    "scorecard": set(),
    "measures": set(),
    "service_levels": set(),
    "figure_history": {"recorded_at"},
}
# How many different values there are is about right, and each engine is off in its own way; a
# document is text to Spark.
BY_ENGINE = {
    "column_profiles": {"distinct_count"},
    "figure_history": {"figure_value", "recorded_at"},
    "hygiene_audit": {"data_type"},
}

pytestmark = [
    pytest.mark.spark,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        not (find_spec("pyspark") and find_spec("dbt.adapters.spark")),
        reason="the extra `spark` is not installed: pip install -e .[spark]",
    ),
]


@dataclass
class Built:
    """One company built on both engines.

    Args:
        folder: holds the sandbox, the warehouse, Spark's tables and dbt's targets.
    """

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def run(self, target: str, *command: str) -> int:
        environment = os.environ | {
            "CDI_WAREHOUSE": str(self.warehouse),
            "DBT_TARGET_PATH": str(self.folder / target),
            "DBT_LOG_PATH": str(self.folder / "logs"),
        }
        cdi = str(Path(sys.executable).with_name("cdi"))
        words = [cdi if word == "cdi" else word for word in ("cdi", *command)]
        with (self.folder / f"{target}.txt").open("a") as said:
            return subprocess.run(
                words, env=environment, stdout=said, stderr=said, check=False
            ).returncode

    def results(self, target: str) -> dict[str, dict[str, Any]]:
        document = json.loads((self.folder / target / "run_results.json").read_text())
        return {result["unique_id"]: result for result in document["results"]}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    company = Built(tmp_path_factory.mktemp("spark"))
    sandbox = ("--folder", str(company.folder / "sandbox"))
    judged = ("--vars", json.dumps({"judged_at": JUDGED_AT}))
    people = ("--customers", str(CUSTOMERS))
    assert company.run("duckdb", "sandbox", "generate", *people, *sandbox) == 0
    assert company.run("duckdb", "sandbox", "serve", *sandbox, "--", "cdi", "load") == 0
    # What each says is compared below, rather than that it ended well.
    company.run("duckdb", "build", *judged)
    company.run("spark", "build", "--target", "spark", *judged)
    yield company


def of_spark(built: Built, schema: str, table: str) -> str:
    files = built.folder / "warehouse_spark" / "tables" / f"{schema}.db" / table
    return f"read_parquet('{files}/**/*.parquet', hive_partitioning = true)"


def compared(column: str, kind: str) -> str:
    """A value so that equal ones are equal to DuckDB, whichever engine wrote it."""
    quoted = f'"{column}"'
    if kind in ("DOUBLE", "FLOAT"):
        # Nine places, and a tenth for what rounding makes of them.
        return f"round({quoted}, 9 - cast(ceil(log10(abs(nullif({quoted}, 0)))) as integer))"
    if kind.startswith("TIMESTAMP"):
        return f"epoch_us({quoted})"
    return f"cast({quoted} as varchar)"


def test_every_public_mart_is_equal(built: Built) -> None:
    manifest = json.loads((built.folder / "duckdb" / "manifest.json").read_text())
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["config"]["access"] == "public"
        and node["config"]["materialized"] != "view"
        and node["version"] == node["latest_version"]
    ]
    unequal: list[str] = []
    rows_seen = 0
    with duckdb.connect(str(built.warehouse), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        for model in sorted(models, key=lambda node: node["name"]):
            schema, table = model["schema"], model["alias"]
            if OF_THE_BUILD.get(table) == set():
                continue
            left_out = OF_THE_BUILD.get(table, set()) | BY_ENGINE.get(table, set())
            kinds = connection.execute(
                "select column_name, data_type from information_schema.columns"
                " where table_schema = ? and table_name = ? order by ordinal_position",
                [schema, table],
            ).fetchall()
            wanted = [(name, kind) for name, kind in kinds if name not in left_out]
            assert wanted, f"nothing of {table} is compared"
            columns = ", ".join(compared(name, kind) for name, kind in wanted)
            duck = f'select {columns} from "{schema}"."{table}"'
            sparks = f"select {columns} from {of_spark(built, schema, table)}"
            try:
                only_duckdb, only_spark, rows = connection.execute(
                    f"select (select count(*) from ({duck} except all {sparks})),"
                    f" (select count(*) from ({sparks} except all {duck})),"
                    f" (select count(*) from ({duck}))"
                ).fetchone()
            except duckdb.Error as error:
                unequal.append(f"{schema}.{table}: {str(error).splitlines()[0]}")
                continue
            rows_seen += rows
            if only_duckdb or only_spark:
                unequal.append(
                    f"{schema}.{table}: of {rows} rows {only_duckdb} only on DuckDB,"
                    f" {only_spark} only on Spark"
                )
    assert len(models) >= FEWEST_TABLES
    assert rows_seen >= FEWEST_ROWS
    assert unequal == []


def test_every_test_ran_on_spark_and_ended_as_on_duckdb(built: Built) -> None:
    on_duckdb, on_spark = built.results("duckdb"), built.results("spark")
    tests = {name for name in on_duckdb if name.split(".")[0] in ("test", "unit_test")}
    assert len(tests) >= FEWEST_TESTS
    ended = {
        name: (on_duckdb[name]["status"], on_spark.get(name, {"status": "absent"})["status"])
        for name in tests
    }
    assert {name: ends for name, ends in ended.items() if ends[0] != ends[1]} == {}


def test_every_model_was_built_on_spark(built: Built) -> None:
    on_duckdb, on_spark = built.results("duckdb"), built.results("spark")
    models = {name for name in on_duckdb if name.split(".")[0] in ("model", "seed")}
    assert {name for name in models if on_spark[name]["status"] != "success"} == set()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--target", "spark"], True),
        (["-t", "spark", "-s", "x"], True),
        (["--target=spark"], True),
        (["--target", "duckdb"], False),
        (["-s", "spark"], False),
        ([], False),
    ],
)
def test_target_is_read_from_dbts_arguments(arguments: list[str], expected: bool) -> None:
    assert spark.is_target(arguments) is expected


def test_letters_with_marks_are_those_of_unicode() -> None:
    import unicodedata

    from ingestion.macros import project_macros

    letters = project_macros()["marked_letters"]()
    assert len(letters["marked"]) == len(letters["unmarked"]) > 900
    for marked, unmarked in zip(letters["marked"], letters["unmarked"], strict=True):
        bare = [
            letter
            for letter in unicodedata.normalize("NFD", marked)
            if not unicodedata.category(letter).startswith("M")
        ]
        assert unicodedata.normalize("NFC", "".join(bare)) == unmarked
    pairs = 0
    for mark, (taking, made) in letters["composed"].items():
        for letter, composed in zip(taking, made, strict=True):
            assert unicodedata.normalize("NFC", letter + mark) == composed
            pairs += 1
    assert pairs > 900
