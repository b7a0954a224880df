"""`cdi status`: what is loaded, when, how much; what was found; where things are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import duckdb
import typer
from rich.table import Table

from ingestion import settings
from ingestion.contracts import contracts
from ingestion.sources import SOURCES
from scripts.docs import site
from scripts.terminal import console, count, errors


def status_command() -> None:
    """Show what is loaded, when and how much by source, what dbt made of it, and where it is."""
    if not settings.warehouse().exists():
        errors.print(f"no warehouse at {settings.warehouse()}: run `cdi load` first")
        raise typer.Exit(1)
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        rows = _rows_by_table(connection)
        console.print(_sources(connection, rows))
        console.print(_outcome(rows))


def _rows_by_table(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Rows of every table of the warehouse by (schema, table)."""
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_type = 'BASE TABLE'"
    ).fetchall()
    counted = {}
    for schema, table in tables:
        row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
        counted[schema, table] = row[0] if row else 0
    return counted


def _sources(connection: duckdb.DuckDBPyConnection, rows: dict[tuple[str, str], int]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("source")
    table.add_column("rows", justify="right")
    table.add_column("quarantined", justify="right")
    table.add_column("last load (UTC)")
    table.add_column("tables")
    for source in SOURCES:
        schema = f"raw_{source}"
        declared = {name: rows.get((schema, name), 0) for name in contracts(source)}
        loaded_at = None
        if sum(declared.values()):
            loaded_at = connection.execute(
                f"select strftime(max(inserted_at) at time zone 'UTC', '%Y-%m-%d %H:%M') "
                f"from {schema}._dlt_loads where status = 0"
            ).fetchone()
        table.add_row(
            source,
            count(sum(declared.values())),
            count(rows.get((schema, "quarantine"), 0)),
            loaded_at[0] if loaded_at else "[dim]nothing loaded[/dim]",
            "[dim]" + ", ".join(f"{name} {count(n)}" for name, n in declared.items()) + "[/dim]",
        )
    return table


def _outcome(rows: dict[tuple[str, str], int]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    if ("marts", "dim_customers") in rows:
        records = rows.get(("marts", "xref_customer_records"), 0)
        customers = rows["marts", "dim_customers"]
        table.add_row("customers", f"{count(customers)} found in {count(records)} records")
        table.add_row("accounts", count(rows.get(("marts", "dim_accounts"), 0)))
    tests = _test_results(settings.dbt_target() / "run_results.json")
    if tests:
        table.add_row("last dbt run", tests)
    if site().exists():
        table.add_row("lineage site", str(site()))
    table.add_row("warehouse", str(settings.warehouse()))
    return table


def _test_results(file: Path) -> str | None:
    """Tests of the last dbt run by outcome, from dbt's own artefact."""
    if not file.exists():
        return None
    results = json.loads(file.read_text())["results"]
    outcomes = Counter(
        result["status"]
        for result in results
        if result["unique_id"].split(".")[0] in ("test", "unit_test")
    )
    models = sum(result["status"] == "success" for result in results)
    told = ", ".join(f"{count(number)} {status}" for status, number in outcomes.most_common())
    return f"{count(models)} models and seeds built; tests: {told or 'none'}"
