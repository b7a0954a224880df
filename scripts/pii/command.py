"""`cdi pii`: follows personal data through every model, and looks for what is undeclared."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import duckdb
import typer

from ingestion import settings, storage
from scripts.dbt_runner import dbt
from scripts.pii.classes import Classes, Classified, classify
from scripts.pii.detector import detect
from scripts.pii.lineage import LineageError
from scripts.seeds import seed_file, seed_rows
from scripts.terminal import console, count, errors, refuse, shown

COLUMNS = (
    "table_schema",
    "table_name",
    "column_name",
    "pii",
    "is_declared",
    "declassified",
    "made_of",
)

app = typer.Typer(help="Personal data: where it is, and of which class.", no_args_is_help=True)


@app.callback()
def pii_group() -> None:
    """Personal data: where it is, and of which class."""


@app.command()
def sync(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 where it is out of date.")
    ] = False,
) -> None:
    """Write the class of every column, by what it is made of, to the seed `column_classes`.

    Fails where a column declares a weaker class than what it is made of, and does not say how.
    """
    try:
        classes = classify(compiled_manifest(), settings.PROJECT)
    except LineageError as error:
        errors.print(f"[red]{error}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    if classes.violations:
        for violation in classes.violations:
            errors.print(violation, soft_wrap=True)
        raise typer.Exit(1)
    file, text = seed(), seed_text(classes)
    is_stale = not file.exists() or file.read_text("utf-8") != text
    if check and is_stale:
        errors.print(f"out of date: {file.relative_to(settings.PROJECT)}; run `cdi pii sync`")
        raise typer.Exit(1)
    if is_stale:
        file.write_text(text, "utf-8")
    personal = sum(one.pii != "none" for one in classes.columns)
    console.print(
        f"{count(len(classes.columns))} columns followed, {count(personal)} of them personal data: "
        + ("written" if is_stale else "up to date")
    )


@app.command()
def scan(
    sample: Annotated[
        int, typer.Option(min=1, help="Different values to look at of each column.")
    ] = 1000,
) -> None:
    """Look for columns that hold personal data by their names and values, but are declared none.

    Exits with 1 where there are any. No value is shown.
    """
    if not settings.warehouse().exists():
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` first")
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        columns = scanned(connection)
        declared = declared_classes()
        suspects = [
            suspect
            for suspect in detect(connection, columns, sample)
            if declared.get((suspect.schema, suspect.table, suspect.column), "none") == "none"
        ]
    for suspect in suspects:
        is_known = (suspect.schema, suspect.table, suspect.column) in declared
        console.print(
            f"{suspect.schema}.{suspect.table}.{suspect.column}: looks like {suspect.kind} "
            f"({suspect.evidence}), {'declared none' if is_known else 'not declared'}; "
            f"its class should be {suspect.pii}",
            soft_wrap=True,
            markup=False,
        )
    console.print(f"{count(len(columns))} columns looked at, {count(len(suspects))} to be classed")
    raise typer.Exit(1 if suspects else 0)


def scanned(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Columns of the tables where data comes in and where it is public, dlt's own left out."""
    return connection.execute(
        """
        select schema_name, table_name, column_name
        from duckdb_columns()
        where
            database_name = current_database()
            and (
                schema_name in ('marts', 'governance', 'activation')
                or starts_with(schema_name, 'raw_')
            )
            and not starts_with(table_name, '_dlt_')
            and not starts_with(column_name, '_dlt_')
        order by all
        """
    ).fetchall()


def declared_classes() -> dict[tuple[str, str, str], str]:
    """The class of each column that has one, by schema, table and name."""
    return {
        (row["table_schema"], row["table_name"], row["column_name"]): row["pii"]
        for row in seed_rows("column_classes")
    }


def seed() -> Path:
    """The generated seed of every column's class."""
    return seed_file("column_classes")


def seed_text(classes: Classes) -> str:
    """What the seed has to say: a row a column, in the order of their names."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(classes.columns, key=lambda each: each.column):
        schema, table = one.column.relation.split(".")
        writer.writerow([schema, table, one.column.name, *_described(one)])
    return text.getvalue()


def _described(one: Classified) -> list[str | None]:
    made_of = "; ".join(map(str, one.origins)) if one.pii != "none" else None
    return [one.pii, str(one.is_declared).lower(), one.declassified, made_of]


def compiled_manifest() -> dict[str, Any]:
    """The manifest of dbt with the SQL of every model, compiled against an empty warehouse.

    Raises:
        typer.Exit: dbt could not compile the project; it has said why.
    """
    with TemporaryDirectory() as folder:
        # Incremental models are followed as they are built anew, wherever this runs.
        code = dbt(
            "compile", "--quiet", "--no-print", "--target-path", folder, "--log-path", folder,
            "--exclude", "resource_type:test", "resource_type:unit_test",
            warehouse=Path(folder, "empty.duckdb"),
        )  # fmt: skip
        if code:
            raise typer.Exit(code)
        return json.loads(Path(folder, "manifest.json").read_text("utf-8"))
