"""`cdi quarantine`: look at records that broke their contract, load them after all, or let go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from ingestion import pipeline, settings, storage
from ingestion.lock import exclusive
from ingestion.sources import SOURCES
from scripts.load import ended_by_ctrl_c
from scripts.terminal import console, count, errors

app = typer.Typer(
    help="Records that broke their contract: list, show, replay, discard.", no_args_is_help=True
)

Sources = Annotated[
    list[str] | None,
    typer.Argument(help=f"Sources to look at; all by default. One of: {', '.join(SOURCES)}."),
]
Rule = Annotated[str | None, typer.Option("--rule", help="Only records that broke this rule.")]
Ids = Annotated[
    list[str] | None, typer.Option("--id", help="Only this record, by the start of its id.")
]
COLUMNS = (
    "quarantine_id", "table_name", "record", "rule", "detail", "part", "file", "line",
    "contract_version", "load_id", "status", "resolution",
)  # fmt: skip


@app.callback()
def quarantine_group() -> None:
    """Records that broke their contract: list, show, replay, discard."""


@app.command("list")
def list_command(
    sources: Sources = None,
    rule: Rule = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Those replayed and discarded, too.")
    ] = False,
) -> None:
    """Count what is waiting, by table and rule. Values are not shown."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("records", justify="right")
    table.add_column("meant for", no_wrap=True)
    table.add_column("rule: what was wrong", overflow="fold")
    table.add_column("file", overflow="fold")
    table.add_column("one of them", no_wrap=True)
    for source in _known(sources):
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in _rows(source, rule, status=None if everything else "waiting"):
            status = "" if row["status"] == "waiting" else f" ({row['status']})"
            fault = f"{row['rule']}: {row['detail']}{status}"
            groups.setdefault((row["table_name"], fault), []).append(row)
        for (name, fault), rows in sorted(groups.items(), key=lambda group: -len(group[1])):
            files = {row["file"] for row in rows if row["file"]}
            table.add_row(
                count(len(rows)),
                f"{source}.{name}",
                escape(fault),
                f"{len(files)} files" if len(files) > 1 else escape(PurePath(*files).name),
                rows[0]["quarantine_id"][:10],
            )
    console.print(table if table.row_count else "nothing is waiting in the quarantine")


@app.command("show")
def show_command(
    record_id: Annotated[str, typer.Argument(help="Id of the record, or how it starts.")],
) -> None:
    """Show one record as it came, with all that is known of it. It may hold personal data."""
    for source in SOURCES:
        for row in _rows(source, None, ids=[record_id]):
            table = Table(box=None, show_header=False, pad_edge=False)
            table.add_column(style="bold")
            table.add_column(overflow="fold")
            table.add_row("source", source)
            for name in (*COLUMNS[:2], *COLUMNS[3:], "record"):
                if row[name] is not None:
                    table.add_row(name, escape(str(row[name])))
            console.print(table)
            return
    errors.print(f"[red]no record {escape(record_id)}[/red]: `cdi quarantine list` shows ids")
    raise typer.Exit(1)


@app.command("replay")
def replay_command(sources: Sources = None, rule: Rule = None, ids: Ids = None) -> None:
    """Load what is waiting by the contract and the mapping as they are now, each record once.

    Exits with 1 when a record still breaks its contract; it goes on waiting.
    """
    is_clean = True
    with exclusive("cdi quarantine replay"), ended_by_ctrl_c():
        for source in _known(sources):
            rows = _rows(source, rule, ids, status="waiting")
            if rows:
                is_clean &= _replay(source, rows)
    raise typer.Exit(0 if is_clean else 1)


def _replay(source: str, rows: Sequence[dict[str, Any]]) -> bool:
    result = pipeline.replay(source, rows)
    if result.error:
        errors.print(f"{source} [red]failed[/red]: {escape(result.error)}", soft_wrap=True)
        return False
    still = sum(result.rejected.values())
    told = f"{count(len(rows) - still)} of {count(len(rows))} replayed"
    if still:
        told += f"; {count(still)} still break their contract: mend the contract, the mapping or "
        told += "the file, or discard them"
    console.print(f"[bold]{source:<15}[/bold] {told}", soft_wrap=True)
    return not still


@app.command("discard")
def discard_command(
    source: Annotated[str, typer.Argument(help="Source the records came from.")],
    reason: Annotated[str, typer.Option("--reason", help="Why they are of no use; kept.")],
    rule: Rule = None,
    ids: Ids = None,
) -> None:
    """Let records wait no longer. They stay in the quarantine, with the reason."""
    (source,) = _known([source])
    if not (rule or ids):
        errors.print("[red]say which[/red]: give --rule or --id")
        raise typer.Exit(2)
    with exclusive("cdi quarantine discard"):
        rows = _rows(source, rule, ids, status="waiting")
        with storage.connect(settings.warehouse()) as connection:
            connection.execute(
                f"update raw_{source}.quarantine set status = 'discarded', resolution = ?, "
                "resolved_at = now() at time zone 'UTC' "
                "where quarantine_id in (select unnest(?))",
                [reason, [row["quarantine_id"] for row in rows]],
            )
    console.print(f"{count(len(rows))} discarded")


def _known(sources: list[str] | None) -> list[str]:
    unknown = sorted(set(sources or []) - set(SOURCES))
    if unknown:
        errors.print(f"[red]no source {', '.join(unknown)}[/red]: there are {', '.join(SOURCES)}")
        raise typer.Exit(2)
    return list(sources or SOURCES)


def _rows(
    source: str,
    rule: str | None = None,
    ids: Sequence[str] | None = None,
    status: str | None = None,
) -> list[dict[str, Any]]:
    """Rows of a source's quarantine, in the order they came in."""
    if not settings.warehouse().exists():
        return []
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        is_there = connection.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = 'quarantine'",
            [f"raw_{source}"],
        ).fetchone()
        if not is_there:
            return []
        rows = connection.execute(
            f"""
            select {", ".join(COLUMNS)}
            from raw_{source}.quarantine
            where
                ($rule is null or rule = $rule)
                and ($status is null or status = $status)
                and (
                    len($ids) = 0
                    or len(list_filter($ids, lambda start: starts_with(quarantine_id, start))) > 0
                )
            order by load_id, table_name, file, line, quarantine_id
            """,
            {"rule": rule, "status": status, "ids": list(ids or [])},
        ).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
