"""`cdi strategy`: goals, how far the data grounds each, and what to do next."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from ingestion import settings, storage
from ingestion.sql import rows_of
from scripts.terminal import console, count, errors, refuse, share, shown

STYLES = {"grounded": "green", "partly": "yellow", "not yet": "red"}

Row = dict[str, Any]


def strategy_command(
    goal: Annotated[
        str | None, typer.Option("--goal", help="Only this goal, by the name of its exposure.")
    ] = None,
) -> None:
    """Show each goal: what it needs, what of that is there, fresh and allowed, and what is next."""
    if not settings.warehouse().exists():
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` first")
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        goals = _goals(connection)
    if goals is None:
        errors.print("no goals are built: run `cdi build` first")
        raise typer.Exit(1)
    if goal is not None and goal not in goals:
        errors.print(
            f"[red]no goal {escape(goal)}[/red]: there are {', '.join(goals) or 'none'}",
            soft_wrap=True,
        )
        raise typer.Exit(2)
    chosen = goals if goal is None else {goal: goals[goal]}
    if not chosen:
        console.print("no goals are declared: docs/guides/data-strategy.md says how")
    for number, rows in enumerate(chosen.values()):
        if number:
            console.print()
        _print_goal(rows)


def _goals(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Row]] | None:
    """Rows of `governance.strategy_goals` by goal, largest gap first; nothing where not built."""
    is_built = connection.execute(
        "select 1 from duckdb_tables() "
        "where schema_name = 'governance' and table_name = 'strategy_goals'"
    ).fetchone()
    if not is_built:
        return None
    read = rows_of(
        connection,
        "select * from governance.strategy_goals order by goal, short_count desc, attribute",
    )
    return {goal: list(of_goal) for goal, of_goal in groupby(read, lambda row: row["goal"])}


def _print_goal(rows: list[Row]) -> None:
    goal = rows[0]
    verdict = goal["goal_verdict"]
    console.print(
        f"[bold]{escape(goal['label'])}[/bold]: [{STYLES[verdict]}]{verdict}[/{STYLES[verdict]}]"
    )
    told = Table(box=None, show_header=False, pad_edge=False)
    told.add_column(style="dim", no_wrap=True)
    told.add_column(overflow="fold")
    told.add_row("goal", escape(f"{goal['goal']}: {goal['kind']}, for {goal['owner']}"))
    told.add_row("audience", escape(f"{count(goal['audience_count'])} {goal['audience']}"))
    channel = "" if goal["channel"] == "any" else f" by {goal['channel']}"
    told.add_row("purpose", escape(f"{goal['purpose']}{channel}, by {goal['basis']}"))
    told.add_row("measure", escape(f"{goal['measure']}: {_measured(goal)}"))
    console.print(told)
    console.print(_attributes(rows))
    console.print(f"[dim]next[/dim]      {escape(_next(rows))}", soft_wrap=True)


def _measured(goal: Row) -> str:
    """What the measure comes to, beside what is wanted."""
    by = goal["target_by"]
    if goal["measured_value"] is None:
        return f"nothing to measure; {_amount(by, goal['target_value'])} wanted"
    reached = "reached" if goal["is_target_reached"] else "not reached"
    measured, wanted = (_amount(by, goal[key]) for key in ("measured_value", "target_value"))
    return f"{measured}, {wanted} wanted: {reached}"


def _amount(by: str, value: float) -> str:
    if by == "share":
        return share(value)
    return count(round(value)) if by == "count" else f"{value:,.2f}"


def _attributes(rows: list[Row]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("attribute", no_wrap=True)
    table.add_column("is", no_wrap=True)
    for column in ("there", "valid", "fresh", "days", "may use", "usable", "needed"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("gives most", overflow="fold")
    table.add_column("missing", justify="right", no_wrap=True)
    table.add_column("short", justify="right", no_wrap=True)
    for row in rows:
        age, source = row["median_age_days"], row["main_source"]
        table.add_row(
            escape(row["attribute"]),
            f"[{STYLES[row['verdict']]}]{row['verdict']}[/]",
            *(
                _share(row[f"{figure}_share"])
                for figure in ("there", "valid", "fresh")
            ),
            "" if age is None else count(round(age)),
            *(_share(row[f"{figure}_share"]) for figure in ("allowed", "usable")),
            share(float(row["needed_coverage"])),
            f"{escape(source)} {share(row['main_source_share'])}" if source else "",
            count(row["missing_count"]),
            count(row["short_count"]),
        )  # fmt: skip
    return table


def _share(part: float | None) -> str:
    """A share for people; nothing where there is nothing to have a share of."""
    return "" if part is None else share(part)


def _next(rows: list[Row]) -> str:
    """What to do next of a goal, and where that leaves it."""
    (step, *_) = [*(row for row in rows if row["is_next_of_goal"]), None]
    if step is None:
        return "no step is known" if any(row["short_count"] for row in rows) else "nothing"
    told = f"{step['next_instruction']} ({step['next_cost_days']:.1f} days)"
    if step["known_gain_count"] < step["short_count"]:
        told += (
            f". {count(step['short_count'])} are short of {step['attribute']}, and all steps known "
            f"gain {count(step['known_gain_count'])} at most: it takes another source"
        )
    return told
