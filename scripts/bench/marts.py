"""`cdi bench marts`: what each mart takes, and how that grows with the number of customers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ingestion import pipeline, settings
from scripts.bench import data
from scripts.bench.measure import BenchError, Stopwatch, measured
from scripts.bench.models import build_models
from scripts.bench.report import growth_exponent, machine, tell_unmeasured
from scripts.terminal import console, count, errors

MARTS = (
    "path:dbt_project/models/intermediate/activity",
    "path:dbt_project/models/marts/core",
    "path:dbt_project/models/marts/customer",
    # Of governance, but made of marts, and who may be contacted rests on it.
    "retention_records",
)
GROWTH_GOAL, MEMORY_GOAL = 12.0, 8 * 2**30
"""Times the seconds for ten times the customers, and bytes, at most."""


def marts_command(
    customers: Annotated[
        int, typer.Option(min=1000, help="How many; a tenth of them is measured before.")
    ] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Another seed makes other data.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where the scratch folder is made; several GB.")
    ] = None,
    memory: Annotated[
        str, typer.Option(help="What the engine may hold, the rest goes to disk: CDI_MEMORY.")
    ] = "5GB",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Measure the marts of made-up customers with ten events and two orders each.

    One in ten also has a subscription, billed monthly for a year, and one in ten a ticket.

    Prints seconds and memory of every model at both sizes, and by which power of the number of
    customers its seconds grow: 1 is in step with them. What the marts rest on (loading, cleaning,
    who is who) is built before and not counted. Exits with 1 when a size fails.
    """
    sizes = sorted({max(1000, customers // 10), customers})
    results = []
    with errors.status("") as status:
        for size in sizes:
            results.append(_outcome(size, seed, folder, memory, status.update))
    growth = _growth(results)
    if as_json:
        console.print_json(data={"machine": machine(), "sizes": results, "growth": growth})
    else:
        console.print(_table(results, growth))
        if growth:
            console.print(
                f"{growth['times_the_customers']:.0f} times the customers take "
                f"{growth['times_the_seconds']:.1f} times the seconds "
                f"(growth exponent {growth['exponent']:.2f}; to reach: at most "
                f"{GROWTH_GOAL:g} times, and {MEMORY_GOAL / 2**30:g} GiB)"
            )
    tell_unmeasured({result["set"]: result for result in results})


def _outcome(
    size: int, seed: int, folder: Path | None, memory: str, tell: Callable[[str], None]
) -> dict[str, Any]:
    """What the marts of so many customers took, or why that is not known."""
    name = f"{count(size)} customers"
    outcome: dict[str, Any] = {"set": name, "customers": size}
    try:
        with tempfile.TemporaryDirectory(prefix="cdi-bench-", dir=folder) as scratch:
            place = Path(scratch)
            environment = {"CDI_WAREHOUSE": str(place / "warehouse.duckdb"), "CDI_MEMORY": memory}
            tell(f"{name}: making them")
            measured(_make, place, size, seed, environment=environment)
            tell(f"{name}: who is who")
            before = measured(_build, place, True, environment=environment)
            tell(f"{name}: the marts")
            built = measured(_build, place, False, environment=environment)
    except BenchError as error:
        return outcome | {"error": str(error)}
    return outcome | {
        "before_seconds": before.seconds,
        "seconds": built.seconds,
        "peak_bytes": max(model["peak_bytes"] for model in built.told.values()),
        "models": built.told,
    }


def _make(_: Stopwatch, folder: Path, size: int, seed: int) -> None:
    pipeline.declare_everything()
    data.fill_activity(settings.warehouse(), folder, size, seed)


def _build(stopwatch: Stopwatch, folder: Path, is_before: bool) -> dict[str, dict[str, float]]:
    """Builds the marts, or what they rest on."""
    if is_before:
        built = build_models(folder, *(f"+{models}" for models in MARTS), exclude=MARTS)
    else:
        built = build_models(folder, *MARTS, threads=1)
    stopwatch.seconds = built.table_seconds
    return {
        name: {"seconds": seconds, "peak_bytes": built.peak_bytes[name]}
        for name, seconds in built.seconds.items()
    }


def _growth(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How the larger size's seconds compare with the smaller one's, in all and by model."""
    if len(results) < 2 or any("error" in result for result in results):
        return {}
    small, large = results
    customers = large["customers"] / small["customers"]
    seconds = large["seconds"] / small["seconds"]
    return {
        "times_the_customers": customers,
        "times_the_seconds": seconds,
        "exponent": growth_exponent(seconds, customers),
        "is_reached": seconds <= GROWTH_GOAL and large["peak_bytes"] <= MEMORY_GOAL,
        "exponents": {
            name: growth_exponent(model["seconds"] / small["models"][name]["seconds"], customers)
            for name, model in large["models"].items()
        },
    }


def _table(results: Sequence[dict[str, Any]], growth: dict[str, Any]) -> Table:
    measured_ones = [result for result in results if "models" in result]
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("model", no_wrap=True)
    for result in measured_ones:
        table.add_column(f"{count(result['customers'])}: s", justify="right", no_wrap=True)
        table.add_column("GiB", justify="right", no_wrap=True)
    table.add_column("exponent", justify="right", no_wrap=True)
    exponents = growth.get("exponents", {})
    names = sorted(
        measured_ones[-1]["models"] if measured_ones else (),
        key=lambda name: -measured_ones[-1]["models"][name]["seconds"],
    )
    for name in names:
        cells = [cell for result in measured_ones for cell in _cells(result["models"][name])]
        table.add_row(name, *cells, f"{exponents[name]:.2f}" if exponents else "")
    cells = [cell for result in measured_ones for cell in _cells(result)]
    exponent = f"{growth['exponent']:.2f}" if growth else ""
    table.add_row("all", *cells, exponent, style="bold")
    return table


def _cells(taken: dict[str, Any]) -> tuple[str, str]:
    return f"{taken['seconds']:.1f}", f"{taken['peak_bytes'] / 2**30:.1f}"
