"""`cdi share`: a file a role, with what the role may see."""

from __future__ import annotations

import sys
from typing import Annotated

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from scripts.share import files
from scripts.share.files import ShareError
from scripts.share.treatments import PolicyError, policies
from scripts.terminal import console, count, errors, refuse, shown

app = typer.Typer(help="A file for each role, with what it may see.", no_args_is_help=True)

MOST_ROWS = 40


@app.callback()
def share_group() -> None:
    """A file for each role, with what it may see."""


@app.command("build")
def build_command(
    roles: Annotated[
        list[str] | None, typer.Argument(help="Roles of access_policies.csv; all, where none is.")
    ] = None,
) -> None:
    """Write the file of each role anew, of the readers' copy of the last good build."""
    try:
        for role in roles or policies():
            console.print(f"{role:<16} {shown(files.build(role))}", soft_wrap=True)
    except (PolicyError, ShareError) as error:
        refuse(str(error))


@app.command("open")
def open_command(
    role: Annotated[str, typer.Argument(help="Whose file.")],
    sql: Annotated[
        str | None, typer.Option("--sql", help="One query; without, they are asked for.")
    ] = None,
) -> None:
    """Query a role's file in a session that can do nothing else: read-only, locked."""
    try:
        connection = files.opened(role)
    except (PolicyError, ShareError) as error:
        refuse(str(error))
    with connection:
        if sql is not None:
            raise typer.Exit(_answer(connection, sql))
        if sys.stdin.isatty():
            console.print(f"{role}: a query ends with `;`, the session with Ctrl-D")
        query = ""
        for line in sys.stdin:
            query += line
            if query.rstrip().endswith(";"):
                _answer(connection, query)
                query = ""
        if query.strip():
            _answer(connection, query)


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Prints the rows of a query, or what is wrong with it; 0 or 1, as an exit code."""
    try:
        result = connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        rows = result.fetchmany(MOST_ROWS + 1)
    except duckdb.Error as error:
        errors.print(f"[red]{escape(str(error).splitlines()[0])}[/red]", soft_wrap=True)
        return 1
    texts = [["" if value is None else str(value) for value in row] for row in rows[:MOST_ROWS]]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    # Columns that do not fit beside each other go below each other, a row at a time.
    if sum(widths) + 2 * len(widths) <= console.width:
        console.print(_beside(names, texts))
    else:
        for number, row in enumerate(texts, start=1):
            console.print(f"[dim]row {count(number)}[/dim]")
            console.print(_below(names, row))
    if len(rows) > MOST_ROWS:
        console.print(f"[dim]… only the first {count(MOST_ROWS)} rows[/dim]")
    return 0


def _beside(names: list[str], rows: list[list[str]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(escape(name), no_wrap=True)
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _below(names: list[str], row: list[str]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in zip(names, row, strict=True):
        table.add_row(escape(name), escape(text))
    return table
