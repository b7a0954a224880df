"""`cdi governance`: the six questions, answered with evidence, and what is planned for every no."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from ingestion import settings, storage
from ingestion.lock import exclusive
from ingestion.sql import rows_of
from scripts.governance import ledger
from scripts.governance.drill import drill
from scripts.governance.probes import probe
from scripts.terminal import console, count, errors, shown

app = typer.Typer(invoke_without_command=True)

STYLES = {"yes": "green", "no": "red"}
MOST_CHECKS = 40
MOST_OFFENDERS = 5
FAILING = """
    select * from governance.current_checks
    where dimension = ? and is_failing
    order by coalesce(failures, 0) desc, check_name, check_id
"""

Row = dict[str, Any]


class Dimension(StrEnum):
    """What is asked of data."""

    integrity = "integrity"
    availability = "availability"
    usability = "usability"
    quality = "quality"
    compliance = "compliance"
    security = "security"


@app.callback()
def governance_command(
    context: typer.Context,
    dimension: Annotated[
        Dimension | None, typer.Option("--dimension", help="The checks of one dimension, too.")
    ] = None,
    network: Annotated[
        bool, typer.Option("--network", help="Ask for known vulnerabilities of what is installed.")
    ] = False,
) -> None:
    """Answer the six questions of data governance; an error where a blocking answer is no.

    It rests on what builds found, and looks anew at what changes between them: ages, files,
    requests, incidents.
    """
    if context.invoked_subcommand is not None:
        return
    with exclusive("cdi governance"):
        answers = look(with_network=network)
        if answers is None:
            errors.print(
                f"nothing is built at {shown(settings.warehouse())}: run `cdi build` first"
            )
            raise typer.Exit(1)
        for row in answers:
            _print_answer(row)
        if dimension is not None:
            _print_checks(dimension)
    if any(row["answer"] == "no" and row["is_blocking"] for row in answers):
        raise typer.Exit(1)


@app.command("drill")
def drill_command() -> None:
    """Restore the warehouse from a copy, as after a loss, and compare every table with it."""
    with exclusive("cdi governance drill"):
        findings = drill()
        with storage.connect(settings.warehouse()) as connection:
            if ledger.is_kept(connection):
                ledger.write(connection, findings)
    for found in findings:
        style = {"pass": "green", "fail": "red"}.get(found.status, "yellow")
        told = f"{found.subject}: {found.detail}"
        console.print(f"[{style}]{found.status}[/{style}] {escape(told)}", soft_wrap=True)
    if any(found.status == "fail" for found in findings):
        raise typer.Exit(1)


def look(*, with_network: bool = False) -> list[Row] | None:
    """Looks anew at what changes between builds, and writes down what it found.

    Args:
        with_network: whether to ask for known vulnerabilities of what is installed.

    Returns:
        Rows of `governance.scorecard` in order, each with the checks that fail as `failing`, worst
        first; nothing where there is no scorecard.
    """
    if not settings.warehouse().exists():
        return None
    with storage.connect(settings.warehouse()) as connection:
        if not ledger.is_kept(connection):
            return None
        ledger.write(connection, probe(connection, with_network=with_network))
        answers = rows_of(connection, "select * from governance.scorecard order by position")
        for row in answers:
            row["failing"] = rows_of(connection, FAILING, [row["dimension"]])
        return answers


def summary(answers: list[Row]) -> str:
    """The answers in a line."""
    noes = [row["dimension"] for row in answers if row["answer"] == "no"]
    if not noes:
        return "governance: all six questions answered yes"
    told = f"governance: answered no: {', '.join(noes)} (`cdi governance` says why)"
    unplanned = sorted(
        {
            check["check_name"]
            for row in answers
            for check in row["failing"]
            if check["plan"] is None
        }
    )
    if unplanned:
        told += f"; no plan says what to do about {', '.join(unplanned)}: add rows to plans.csv"
    return told


def _print_answer(row: Row) -> None:
    style = STYLES[row["answer"]]
    console.print(
        f"[bold]{row['dimension']}[/bold]  [dim]{escape(row['question'])}[/dim]  "
        f"[bold {style}]{row['answer']}[/bold {style}]",
        soft_wrap=True,
    )
    told = Table(box=None, show_header=False, pad_edge=False)
    told.add_column(style="dim", no_wrap=True)
    told.add_column(overflow="fold")
    counted = [
        f"{count(row[f'{status}_count'])} {status.replace('_', ' ')}"
        for status in ("passed", "warned", "failed", "not_run")
        if row[f"{status}_count"]
    ]
    told.add_row("  checks", ", ".join(counted) or "none")
    if row["answered_since"] is not None:
        told.add_row("  since", f"{row['answered_since']:%Y-%m-%d %H:%M} UTC")
    for number, check in enumerate(row["failing"][:MOST_OFFENDERS]):
        of = ".".join(filter(None, (check["model"], check["column_name"])))
        told.add_row("" if number else "  worst", escape(_told(check, of)))
    plans = dict.fromkeys(
        f"{check['plan']} ({check['plan_owner']})" for check in row["failing"] if check["plan"]
    )
    for number, plan in enumerate(plans):
        told.add_row("" if number else "  plan", escape(plan))
    if row["plan_due_at"] is not None:
        told.add_row("  due", f"{row['plan_due_at']:%Y-%m-%d %H:%M} UTC")
    if row["unplanned_count"]:
        told.add_row("  plan", f"[red]none for {count(row['unplanned_count'])} of them[/red]")
    console.print(told)


def _told(check: Row, of: str) -> str:
    """A check and what it found, in a line."""
    failures = check["failures"]
    rows = f"{count(failures)} {'row' if failures == 1 else 'rows'}" if failures else ""
    found = check["detail"] or rows
    return f"{check['check_name']}{f' of {of}' if of else ''}{f': {found}' if found else ''}"


def _print_checks(dimension: Dimension) -> None:
    """The checks of a dimension by kind, and each that found something."""
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        kinds = rows_of(
            connection,
            "select check_name, count(*) as check_count, "
            "count(*) filter (status = 'pass') as passed, "
            "count(*) filter (status = 'warn') as warned, "
            "count(*) filter (is_failing) as failed, "
            "count(*) filter (status = 'not run') as not_run "
            "from governance.current_checks where dimension = ? group by 1 order by 1",
            [str(dimension)],
        )
        found = rows_of(
            connection,
            "select * from governance.current_checks where dimension = ? and status <> 'pass' "
            "order by is_failing desc, status = 'warn' desc, coalesce(failures, 0) desc, check_id",
            [str(dimension)],
        )
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(str(dimension), no_wrap=True)
    for heading in ("checks", "passed", "warned", "failed", "not run"):
        table.add_column(heading, justify="right")
    for kind in kinds:
        numbers = [kind[name] for name in ("check_count", "passed", "warned", "failed", "not_run")]
        table.add_row(kind["check_name"], *(count(number) if number else "" for number in numbers))
    console.print()
    console.print(table)
    if not found:
        return
    console.print()
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("found", no_wrap=True)
    table.add_column("check", no_wrap=True)
    table.add_column("of", overflow="fold")
    table.add_column("detail", overflow="fold")
    for check in found[:MOST_CHECKS]:
        of = ".".join(filter(None, (check["model"], check["column_name"])))
        detail = check["detail"] or (
            f"{count(check['failures'])} rows" if check["failures"] else ""
        )
        table.add_row(check["status"], check["check_name"], escape(of), escape(detail))
    console.print(table)
    if len(found) > MOST_CHECKS:
        console.print(f"… and {count(len(found) - MOST_CHECKS)} more in governance.current_checks")
