"""`cdi build`: dbt build on the warehouse, with whatever arguments dbt takes, then publishing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import version

import duckdb
import typer

from ingestion import mirror, pipeline, settings, storage
from ingestion.lock import exclusive
from scripts import manifest, spark
from scripts.dbt_runner import dbt
from scripts.governance.command import look, summary
from scripts.governance.probes.places import last_build
from scripts.privacy.holdings import tables
from scripts.publish import SCHEMAS, publish
from scripts.terminal import console, errors, shown

PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
NOTHING_TO_UNIT_TESTS = {"-q", "--quiet", "-f", "--full-refresh"}
"""Arguments that make no difference to them: to none of them a model is incremental."""
# With any of these dbt builds another target, or nothing.
ELSEWHERE = {"-t", "--target", "-h", "--help"}
MEMORY_OF_TWO = 4_000_000_000
"""Bytes two models can do with that are built at once: of a million customers each takes 2 GB."""


def build_command(context: typer.Context) -> None:
    """Build and test every model: `dbt build`, with its arguments, such as `-s dim_customers+`.

    When everything was built and every test passed, the marts are published together to the file
    that readers open. Until then they see those of the last good build.
    """
    raise typer.Exit(build(context.args))


def build(arguments: Sequence[str] = ()) -> int:
    """Builds, tests and publishes, and says so.

    Unit tests, whose data is their own, run where the code is not as it was when they last passed.

    Returns:
        dbt's exit code, or 1 where a question of governance has no plan.
    """
    with exclusive("cdi build"):
        pipeline.declare_everything()
        if spark.is_target(arguments):
            spark.prepare()
        passed, project = settings.dbt_target() / "unit_tests_passed", _project(arguments)
        have_passed = passed.exists() and passed.read_text() == project and _have_passed()
        if have_passed:
            console.print("unit tests passed before with the same code: not run again")
        given = [*arguments, *threads(arguments)]
        code = dbt("build", *given, *(WITHOUT_UNIT_TESTS if have_passed else ()))
        if code:
            errors.print("not published: readers keep the marts of the last good build")
        elif spark.is_target(arguments):
            console.print(f"built by Spark: {shown(settings.spark())}; readers keep DuckDB's")
        elif not _is_whole(arguments):
            errors.print("not published: only a build of everything is")
        else:
            passed.write_text(project)
            with storage.connect(settings.warehouse(), read_only=True) as connection:
                models = lasting_models(connection)
            mirror.save("cdi build", models)
            console.print(f"published for readers: {shown(publish())}", soft_wrap=True)
            answers = look()
            if answers is not None:
                console.print(summary(answers), soft_wrap=True)
                code = int(any(row["unplanned_count"] for row in answers))
    return code


def threads(arguments: Sequence[str]) -> Sequence[str]:
    """One model at a time where memory is little, unless the caller says how many.

    Alone it has all of the processors, too, so that one by one takes little longer.
    """
    memory = settings.memory()
    told = any(argument.split("=")[0] == "--threads" for argument in arguments)
    if not memory or told or spark.is_target(arguments):
        return ()
    try:
        found = duckdb.execute("select parse_formatted_bytes(?)", [memory]).fetchone()
    except duckdb.Error:
        # As much as it likes: `none`. What is no size is refused when the warehouse is opened.
        return ()
    return ("--threads", "1") if found and found[0] < MEMORY_OF_TWO else ()


def _is_whole(arguments: Sequence[str]) -> bool:
    """Whether dbt, which found no fault, built and tested all of the warehouse."""
    if ELSEWHERE.intersection(argument.split("=")[0] for argument in arguments):
        return False
    done = last_build()
    return done is not None and done.is_good


def _have_passed() -> bool:
    """Whether each unit test passed when it was last run, as far as the warehouse knows."""
    if not settings.warehouse().exists():
        return False
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        try:
            found = connection.execute(
                "select bool_and(status = 'pass') from governance.current_checks "
                "where check_name = 'unit_test'"
            ).fetchone()
        except duckdb.CatalogException:
            return False
    return found == (True,)


def _project(arguments: Sequence[str]) -> str:
    """Tells apart all that unit tests depend on: the project, what runs it, and how it is run."""
    project = [settings.PROJECT / "dbt_project.yml", settings.PROJECT / "profiles.yml"]
    project += sorted(
        file for file in (settings.PROJECT / "dbt_project").rglob("*") if file.is_file()
    )
    told = [argument for argument in arguments if argument not in NOTHING_TO_UNIT_TESTS]
    told += [version(package) for package in ("dbt-core", "dbt-duckdb", "duckdb")]
    digest = hashlib.sha256("\0".join(told).encode())
    for file in project:
        digest.update(f"\0{file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def lasting_models(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables that a build made and a lake keeps: the public ones, and those that only grow."""
    growing = {
        f"{node['schema']}.{node['alias']}"
        for node in manifest.latest()["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["materialized"] == "incremental"
    }
    names = {table.label: table.schema for table in tables(connection)}
    return [name for name, schema in names.items() if schema in SCHEMAS or name in growing]
