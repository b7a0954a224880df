"""`cdi bench load`: loading and cleaning, in ratios to what the bare engine takes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from scripts.bench.cases import CASES
from scripts.bench.measure import BenchError, Measured, measured
from scripts.bench.report import machine, tell_unmeasured
from scripts.terminal import console, count, errors


def load_command(
    cases: Annotated[
        list[str] | None,
        typer.Option("--case", help=f"Only this case, or these: {', '.join(CASES)}."),
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=1000, help="Rows of each case instead of its full size.")
    ] = None,
    repeat: Annotated[
        int, typer.Option(min=1, help="Runs of each side; the fastest of each counts.")
    ] = 1,
    seed: Annotated[int, typer.Option(help="Another seed makes other data.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where the scratch folder is made; several GB.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Measure loading and cleaning against what the bare engine takes for the same data.

    Each side of a case runs in a process of its own; the data is made up, and removed at the end.
    Only ratios within one run mean something on another machine. Exits with 1 when a case fails.
    """
    unknown = sorted(set(cases or []) - set(CASES))
    if unknown:
        errors.print(
            f"[red]no case {escape(', '.join(unknown))}[/red]: there are {', '.join(CASES)}"
        )
        raise typer.Exit(2)
    results = []
    for name in cases or CASES:
        with errors.status(name) as status:
            results.append(_outcome(name, rows, repeat, seed, folder, status.update))
    if as_json:
        console.print_json(data={"machine": machine(), "cases": results})
    else:
        console.print(_table(results))
    tell_unmeasured({result["case"]: result for result in results})


def _outcome(
    name: str,
    rows: int | None,
    repeat: int,
    seed: int,
    folder: Path | None,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """What a case took on both sides, or why that is not known."""
    case = CASES[name]
    rows = rows or case.rows
    outcome = {"case": name, "rows": rows, "against": case.against, "goal": str(case.goal)}
    if case.needs and find_spec(case.needs) is None:
        return outcome | {"skipped": f"it needs the package {case.needs}, which is not installed"}
    sides: dict[str, list[Measured]] = {"ours": [], "bare": []}
    try:
        with (
            tempfile.TemporaryDirectory(prefix="cdi-bench-", dir=folder) as scratch,
            case.surroundings() as variables,
        ):
            place = Path(scratch)
            environment = {"CDI_WAREHOUSE": str(place / "warehouse.duckdb")}
            environment |= case.environment(place) | variables
            tell(f"{name}: making {count(rows)} rows")
            measured(case.make, place, rows, seed, environment=environment)
            for _ in range(repeat):
                for side, runs in sides.items():
                    tell(f"{name}: {side}")
                    runs.append(measured(getattr(case, side), place, environment=environment))
    except BenchError as error:
        return outcome | {"error": str(error)}
    ours, bare = (min(runs, key=lambda run: run.seconds) for runs in sides.values())
    reached = case.goal.is_reached(rows, ours, bare) if rows >= case.rows else None
    return outcome | {
        "ours": _figures(rows, ours) | ours.told,
        "bare": _figures(rows, bare),
        "ratio": ours.seconds / bare.seconds,
        "reached": reached,
    }


def _figures(rows: int, taken: Measured) -> dict[str, float]:
    return {
        "seconds": taken.seconds,
        "rows_per_second": rows / taken.seconds,
        "peak_mib": taken.peak_bytes / 2**20,
    }


def _table(results: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("case", no_wrap=True)
    for heading in ("rows", "bare engine", "here", "ratio", "rows/s", "memory"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("to reach")
    for result in results:
        if "ratio" not in result:
            continue
        ours = result["ours"]
        verdict = {True: "yes", False: "[red]no[/red]", None: "only at its full size"}
        table.add_row(
            result["case"],
            count(result["rows"]),
            f"{result['bare']['seconds']:.1f} s",
            f"{ours['seconds']:.1f} s",
            f"{result['ratio']:.1f}x",
            count(round(ours["rows_per_second"])),
            f"{ours['peak_mib'] / 1024:.1f} GiB",
            f"{result['goal']}: {verdict[result['reached']]}",
        )
    return table
