"""`cdi identity explain`: why two records are one customer, or why they are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from scripts.identity import evidence
from scripts.identity.evidence import Evidence, IdentityError
from scripts.terminal import console, errors


def explain_command(
    what: Annotated[
        list[str], typer.Argument(help="Two records (source:record_id), or a customer's id.")
    ],
    values: Annotated[
        bool, typer.Option("--values", help="Show what was compared: personal data.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what ties two records, or all records of a customer, the weakest tie first.

    Each attribute weighs so many bits for or against: 10 bits are a thousand to one.
    """
    try:
        with evidence.warehouse() as connection:
            if len(what) == 2:
                told = _two_records(connection, what[0], what[1], values)
            elif len(what) == 1:
                told = _customer(connection, what[0], values)
            else:
                raise IdentityError("name two records, or one customer")
    except IdentityError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    if as_json:
        console.print_json(data=told)
        return
    console.print(escape(told["verdict"]), soft_wrap=True)
    for tie in told["ties"]:
        console.print()
        console.print(f"[bold]{' · '.join(map(escape, tie['records']))}[/bold]", soft_wrap=True)
        console.print(_table(tie, values))


def _two_records(connection: Any, one: str, other: str, values: bool) -> dict[str, Any]:
    entity, (here, there) = evidence.resolve_pair(connection, (one, other))
    ids = dict(
        connection.execute(
            f"select record_key, golden_id from {evidence.IDENTIFIED} "
            "where entity = ? and record_key in (?, ?)",
            [entity, here, there],
        ).fetchall()
    )
    pair = (min(here, there), max(here, there))
    direct = evidence.weigh(connection, [pair], values)[pair]
    if ids[here] != ids[there]:
        verdict = f"{here} is of {ids[here]}, {there} of {ids[there]}; together they weigh:"
        return {"verdict": verdict, "same": False, "ties": [_as_data(direct)]}
    verdict = f"both are of {ids[here]}"
    if direct.decision or direct.bits > 0:
        return {"verdict": f"{verdict}:", "same": True, "ties": [_as_data(direct)]}
    path = evidence.strongest_path(
        evidence.ties(connection, evidence.members(connection, ids[here])), here, there
    )
    weighed = evidence.weigh(connection, path, values)
    steps = [weighed[min(step), max(step)] for step in path]
    verdict += f", by way of {len(steps) - 1} others; the two themselves weigh {direct.bits:+.1f}:"
    return {"verdict": verdict, "same": True, "ties": [*_weakest_first(steps), _as_data(direct)]}


def _customer(connection: Any, golden_id: str, values: bool) -> dict[str, Any]:
    keys = evidence.members(connection, golden_id)
    if len(keys) == 1:
        return {"verdict": f"{golden_id} is one record, {keys[0]}", "ties": []}
    spanning = evidence.spanning_ties(evidence.ties(connection, keys))
    weighed = evidence.weigh(connection, [pair for pair, _ in spanning], values)
    verdict = f"{golden_id} is {len(keys)} records, held together by:"
    return {"verdict": verdict, "records": keys, "ties": _weakest_first(list(weighed.values()))}


def _weakest_first(ties: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [_as_data(tie) for tie in sorted(ties, key=lambda tie: (tie.bits, tie.records))]


def _as_data(tie: Evidence) -> dict[str, Any]:
    return {
        "records": list(tie.records),
        "bits": round(tie.bits, 2),
        "prior": round(tie.prior, 2),
        "dependence": round(tie.dependence, 2),
        "decision": tie.decision,
        "findings": [
            {
                "attribute": finding.attribute,
                "level": finding.level,
                "bits": round(finding.bits, 2),
                "values": list(finding.values),
            }
            for finding in tie.findings
        ],
    }


def _table(tie: dict[str, Any], values: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column("evidence", no_wrap=True)
    if values:
        table.add_column("compared", overflow="fold")
    rows = [(tie["prior"], "[dim]any two records[/dim]", (None, None))]
    rows += [
        (finding["bits"], f"{finding['attribute']} {finding['level']}", tuple(finding["values"]))
        for finding in tie["findings"]
    ]
    rows.append((tie["dependence"], "[dim]what goes together anyway[/dim]", (None, None)))
    for bits, text, (mine, theirs) in rows:
        compared = [f"{escape(mine or '')} · {escape(theirs or '')}"] if mine or theirs else [""]
        table.add_row(f"{bits:+.1f}", text, *(compared if values else []))
    total = f"decided: {tie['decision']}" if tie["decision"] else "in all"
    table.add_row(f"[bold]{tie['bits']:+.1f}[/bold]", f"[bold]{total}[/bold]")
    return table
