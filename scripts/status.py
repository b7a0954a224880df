"""`cdi status`: what is loaded, when, how much; what was found; where things are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.table import Table

from ingestion import settings, storage
from ingestion.contracts import contracts
from ingestion.sources import SOURCES
from scripts.docs import site
from scripts.terminal import console, count, refuse, shown


def status_command(
    tables: Annotated[bool, typer.Option("--tables", help="Each raw table, too.")] = False,
) -> None:
    """Show what is loaded, when and how much by source, what dbt made of it, and where it is."""
    if not settings.warehouse().exists():
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` first")
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        rows = _rows_by_table(connection)
        console.print(_sources(connection, rows, tables))
        console.print(_outcome(rows))


def _rows_by_table(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Rows of every table of the warehouse by (schema, table), and of raw records in a lake."""
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' or starts_with(table_schema, 'raw_')"
    ).fetchall()
    counted = {}
    for schema, table in tables:
        row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
        counted[schema, table] = row[0] if row else 0
    return counted


def _sources(
    connection: duckdb.DuckDBPyConnection, rows: dict[tuple[str, str], int], with_tables: bool
) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("source")
    table.add_column("rows", justify="right")
    table.add_column("quarantined", justify="right")
    table.add_column("last load (UTC)")
    for source in SOURCES:
        schema = f"raw_{source}"
        declared = {name: rows.get((schema, name), 0) for name in contracts(source)}
        (loaded_at,) = connection.execute(
            "select strftime(max(loaded_at), '%Y-%m-%d %H:%M') from raw_loads.load_counts "
            "where source = ?",
            [source],
        ).fetchall()
        table.add_row(
            source,
            count(sum(declared.values())),
            count(_waiting(connection, schema)),
            loaded_at[0] or "[dim]not loaded[/dim]",
        )
        for name, number in declared.items() if with_tables else ():
            table.add_row(f"[dim]  {name}[/dim]", f"[dim]{count(number)}[/dim]")
    return table


def _waiting(connection: duckdb.DuckDBPyConnection, schema: str) -> int:
    """Records of a source that wait in its quarantine."""
    row = connection.execute(
        f"select count(*) from {schema}.quarantine where status = 'waiting'"
    ).fetchone()
    return row[0] if row else 0


def _outcome(rows: dict[tuple[str, str], int]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    if ("marts", "dim_customers") in rows:
        records = rows.get(("marts", "xref_customer_records"), 0)
        customers = rows["marts", "dim_customers"]
        table.add_row("customers", f"{count(customers)} found in {count(records)} records")
        table.add_row("accounts", count(rows.get(("marts", "dim_accounts"), 0)))
    table.add_row("last dbt run", _last_run(settings.dbt_target() / "run_results.json"))
    table.add_row("lineage site", shown(site()) if site().exists() else "none: run `cdi docs`")
    published = settings.published()
    table.add_row("readers' copy", shown(published) if published.exists() else "run `cdi build`")
    table.add_row("warehouse", shown(settings.warehouse()))
    return table


def _last_run(file: Path) -> str:
    """What the last dbt run did, from dbt's own artefact."""
    if not file.exists():
        return "none: run `cdi build`"
    results = json.loads(file.read_text())["results"]
    tested = Counter(
        "passed" if result["status"] in ("pass", "success") else result["status"]
        for result in results
        if result["unique_id"].startswith(("test.", "unit_test."))
    )
    built = sum(
        result["status"] == "success"
        for result in results
        if result["unique_id"].startswith(("model.", "seed."))
    )
    told = ", ".join(f"{count(number)} {status}" for status, number in tested.most_common())
    return f"{count(built)} models and seeds built; tests: {told or 'none'}"
