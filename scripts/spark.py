"""Apache Spark in this process: how its session is set up, and how raw tables come to it.

dbt-spark's `session` method starts Spark by what `profiles.yml` says, unless there is a session
already. `prepare` starts one by the same, declares the raw tables in it, and teaches dbt-spark to
run Python models there, which by itself it does on Databricks only.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ingestion import settings, storage
from ingestion.sql import literal, quoted

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TARGET = "spark"


def is_target(arguments: Sequence[str]) -> bool:
    """Whether dbt's arguments ask for Spark in this process."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    return any(
        option in ("-t", "--target") and name == TARGET
        for option, name in pairwise(words)
    )


def prepare() -> None:
    """Has Spark ready for dbt: its session, the raw tables of the warehouse, Python models.

    Raises:
        StorageError: the warehouse cannot be opened.
    """
    started = session()
    declare(started, export(settings.warehouse(), folder() / "raw"))
    run_python_models()


def folder() -> Path:
    """Where Spark keeps its tables and their catalog, beside the warehouse."""
    warehouse = settings.warehouse()
    return warehouse.with_name(f"{warehouse.stem}_spark")


def session() -> SparkSession:
    """The session dbt works in: started as dbt-spark starts it, by the profile."""
    from dbt.config.runtime import load_profile
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context
    from pyspark.sql import SparkSession

    set_invocation_context(os.environ)
    set_from_args(Namespace(PROFILES_DIR=str(settings.PROJECT)), None)
    credentials: Any = load_profile(str(settings.PROJECT), {}, target_override=TARGET).credentials
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in credentials.server_side_parameters.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def export(warehouse: Path, into: Path) -> dict[str, dict[str, Path]]:
    """Writes the raw tables of a warehouse as Parquet files.

    Args:
        warehouse: the DuckDB file.
        into: the folder, where each table has one of its own.

    Returns:
        The folder of each table, by schema and table.
    """
    tables: dict[str, dict[str, Path]] = {}
    with storage.connect(warehouse, read_only=True) as connection:
        columns = connection.execute("""
            select
                table_schema,
                table_name,
                list((column_name, data_type) order by ordinal_position)
            from information_schema.columns
            where starts_with(table_schema, 'raw_')
            group by all
            order by all
        """).fetchall()
        for schema, table, its_columns in columns:
            written = into / schema / table
            written.mkdir(parents=True, exist_ok=True)
            # A document is text to Parquet.
            selected = ", ".join(
                f"cast({quoted(name)} as varchar) as {quoted(name)}" if kind == "JSON"
                else quoted(name)
                for name, kind in its_columns
            )  # fmt: skip
            connection.execute(
                f"copy (select {selected} from {quoted(schema)}.{quoted(table)})"
                f" to {literal(written / 'data.parquet')} (format parquet)"
            )
            tables.setdefault(schema, {})[table] = written
    return tables


def declare(session: SparkSession, tables: dict[str, dict[str, Path]]) -> None:
    """Makes folders of Parquet files tables of Spark, whatever they were before.

    Args:
        session: where they are to be tables.
        tables: the folder of each table, by schema and table.
    """
    for schema, its_tables in tables.items():
        session.sql(f"create database if not exists {schema}")
        for table, files in its_tables.items():
            session.sql(f"drop table if exists {schema}.{table}")
            session.sql(
                f"create table {schema}.{table} using parquet location {literal(files.resolve())}"
            )


class _Table:
    """A table of Spark as a Python model is given it."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def to_arrow_table(self) -> pa.Table:
        """The table, in memory."""
        return self._frame.toArrow()


def run_python_models() -> None:
    """Has dbt-spark run Python models in the session of this process."""
    from dbt.adapters.base import PythonJobHelper
    from dbt.adapters.spark import SparkAdapter

    class InSession(PythonJobHelper):
        def __init__(self, parsed_model: dict[str, Any], credentials: Any) -> None:
            pass

        def submit(self, compiled_code: str) -> None:
            exec(compiled_code, {"spark": session(), "Table": _Table})  # noqa: S102

    adapter: Any = SparkAdapter
    adapter.python_submission_helpers = property(lambda self: {"session": InSession})
    adapter.default_python_submission_method = property(lambda self: "session")
