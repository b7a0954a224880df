"""`cdi build`: dbt build on the warehouse, with whatever arguments dbt takes, then publishing."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import typer

from ingestion import mirror, pipeline, settings, storage
from ingestion.lock import exclusive
from scripts import manifest, spark
from scripts.dbt_runner import dbt
from scripts.governance.command import look, summary
from scripts.privacy.holdings import tables
from scripts.publish import SCHEMAS, publish
from scripts.terminal import console, errors, shown

PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
# With any of these dbt builds a part of the project, or none of it for good.
PARTIAL = {
    "-s", "--select", "-m", "--models", "--exclude", "--selector", "--resource-type",
    "--resource-types", "--exclude-resource-type", "--exclude-resource-types", "--empty",
    "--sample", "-t", "--target", "-h", "--help",
}  # fmt: skip


def build_command(context: typer.Context) -> None:
    """Build and test every model: `dbt build`, with its arguments, such as `-s dim_customers+`.

    When everything was built and every test passed, the marts are published together to the file
    that readers open. Until then they see those of the last good build.
    """
    raise typer.Exit(build(context.args))


def build(arguments: Sequence[str] = ()) -> int:
    """Builds, tests and publishes, and says so.

    Returns:
        dbt's exit code, or 1 where a question of governance has no plan.
    """
    with exclusive("cdi build"):
        pipeline.declare_everything()
        if spark.is_target(arguments):
            spark.prepare()
        code = dbt("build", *arguments)
        if code:
            errors.print("not published: readers keep the marts of the last good build")
        elif spark.is_target(arguments):
            console.print(f"built by Spark: {shown(settings.spark())}; readers keep DuckDB's")
        elif PARTIAL.intersection(argument.split("=")[0] for argument in arguments):
            errors.print("not published: only a build of everything is")
        else:
            with storage.connect(settings.warehouse(), read_only=True) as connection:
                models = lasting_models(connection)
            mirror.save("cdi build", models)
            console.print(f"published for readers: {shown(publish())}", soft_wrap=True)
            answers = look()
            if answers is not None:
                console.print(summary(answers), soft_wrap=True)
                code = int(any(row["unplanned_count"] for row in answers))
    return code


def lasting_models(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables that a build made and a lake keeps: the public ones, and those that only grow."""
    growing = {
        f"{node['schema']}.{node['alias']}"
        for node in manifest.latest()["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["materialized"] == "incremental"
    }
    names = {table.label: table.schema for table in tables(connection)}
    return [name for name, schema in names.items() if schema in SCHEMAS or name in growing]
