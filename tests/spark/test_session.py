"""Spark in this process: the raw tables it is given, and the rules of contracts it looks at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import lake, mirror, pipeline, settings, storage
from ingestion.lake import Lake
from ingestion.settings import StorageError
from scripts import spark
from tests.conftest import needs_spark
from tests.faults.conftest import Company


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


def test_what_is_encrypted_is_not_written_as_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDI_ENCRYPTION_KEY", "First-key-0123456789-abcdefghijklm")
    with pytest.raises(StorageError, match="not encrypted by it: unset it"):
        spark.prepare()
    assert not settings.spark().exists()


def rows_of(connection: duckdb.DuckDBPyConnection, columns: dict[str, str], of: str) -> list[tuple]:
    """Rows of a relation in an order of their own, as both engines tell of them."""
    listed = ", ".join(
        f'epoch_us("{name}")' if kind.startswith("TIMESTAMP") else f'cast("{name}" as varchar)'
        for name, kind in columns.items()
    )
    return connection.execute(f"select {listed} from {of} order by all").fetchall()


def add_with_fewer_columns(held: Lake, name: str) -> None:
    """Adds a file of one record to a table, as from before it had most of its columns."""
    with (
        storage.connect(settings.warehouse()) as connection,
        mirror.committing(connection, held, "test") as commit,
    ):
        columns = [*commit.tables[name].key, "_dlt_load_id", "_dlt_id"]
        row = "select " + ", ".join(f"'added' as {column}" for column in columns)
        commit.add(connection, name, row, "load_id=1", columns=columns)


@needs_spark
@pytest.mark.spark
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["warehouse", "lake"])
def test_raw_tables_are_the_same_to_spark(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Company(tmp_path)
    for variable, value in company.settings(settings.warehouse(), kind).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("CDI_SPARK", str(tmp_path / "spark"))
    monkeypatch.setenv("CDI_LAKE", str(tmp_path / "a {lake}, it's one?"))
    for delivery in (1, 2):
        company.deliver(delivery)
        for source in ("files", "segment_events"):
            assert pipeline.load(source).error is None

    held = lake.chosen()
    if held:
        add_with_fewer_columns(held, "raw_files.customers")
    started = spark.session()
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        tables: dict[str, dict[str, str]] = {}
        for schema, table, column, of_kind in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where starts_with(schema_name, 'raw_') and table_name <> 'lake' order by column_index"
        ).fetchall():
            tables.setdefault(f"{schema}.{table}", {})[column] = of_kind
        expected = {name: rows_of(connection, tables[name], name) for name in tables}
    made = spark.raw_tables()
    if held:
        files = held.manifest().tables["raw_files.customers"].files
        assert any(file.supersedes for file in files), "no record has a later version"
        assert made["raw_files.customers"][0] == "view"
        assert made["raw_loads.load_counts"][0] == "table"
    spark.declare(started, made)

    assert set(made) == set(tables)
    assert len(expected["raw_files.customers"]) == 301 + bool(held)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, columns in tables.items():
            found: Any = started.table(name).toArrow()
            connection.register("found", found)
            assert found.column_names == list(columns), name
            assert rows_of(connection, columns, "found") == expected[name], name
