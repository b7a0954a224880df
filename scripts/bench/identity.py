"""`cdi bench identity`: who is who, held against the truth, and against Splink in the same run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ingestion import pipeline, settings, storage
from scripts.bench import data, specialist
from scripts.bench.labelled import FILES, LABELLED, truth, write_people
from scripts.bench.measure import BenchError, Measured, Stopwatch, measured
from scripts.bench.models import build_models
from scripts.bench.report import growth_exponent, machine, tell_unmeasured
from scripts.identity.measures import agreement
from scripts.terminal import console, count, errors

CLEANED = (
    "+int_person_records__cleaned",
    "+int_organizations__cleaned",
    "+int_identifiers__normalized",
)
IDENTITY = (
    "+int_records__identified,path:dbt_project/models/intermediate/identity",
    "path:dbt_project/seeds/identity",
)


def identity_command(
    people: Annotated[
        int | None,
        typer.Option(min=1000, help="Also make up so many people, and measure speed and growth."),
    ] = None,
    sets: Annotated[
        Path | None,
        typer.Option("--data", metavar="FOLDER", help="Has the folders fake_1000 and senzing."),
    ] = None,
    repeat: Annotated[
        int, typer.Option(min=1, help="Runs of each side; the fastest of each counts.")
    ] = 1,
    seed: Annotated[int, typer.Option(help="Another seed makes other people.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where the scratch folder is made; several GB.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Measure who is who on every set found, and on made-up people, beside Splink.

    No set is tuned for: columns are mapped by `files.yml`, and the truth is used for nothing but
    the score. Splink is the package of that name (`pip install -e '.[identity]'`); without it its
    columns stay empty. Exits with 1 when a set fails.
    """
    quality: list[dict[str, Any]] = []
    speed: list[dict[str, Any]] = []
    with errors.status("") as status:
        for name in LABELLED:
            quality.append(_labelled(name, sets, folder, status.update))
        if people:
            sizes = sorted({max(1000, people // 10), people})
            speed = [_made_up(size, repeat, seed, folder, status.update) for size in sizes]
    growth = _growth(speed)
    if as_json:
        console.print_json(
            data={"machine": machine(), "sets": quality, "made_up": speed, "growth": growth}
        )
    else:
        console.print(_quality_table([*quality, *speed]))
        if speed:
            console.print(_speed_table(speed))
        if growth:
            console.print(
                f"{growth['times_the_records']:.1f} times the records take "
                f"{growth['times_the_seconds']:.1f} times the seconds "
                f"(growth exponent {growth['exponent']:.2f})"
            )
    tell_unmeasured({result["set"]: result for result in [*quality, *speed]})


def _labelled(
    name: str, sets: Path | None, folder: Path | None, tell: Callable[[str], None]
) -> dict[str, Any]:
    """What was reached on a labelled set, or why that is not known."""
    chosen = LABELLED[name]
    outcome: dict[str, Any] = {"set": name, "goal": chosen.goal}
    if reason := chosen.lacks(sets):
        return outcome | {"skipped": reason}
    try:
        with tempfile.TemporaryDirectory(prefix="cdi-bench-", dir=folder) as scratch:
            place = Path(scratch)
            variables = _variables(place)
            tell(f"{name}: loading and cleaning")
            measured(_load_set, place, name, sets, environment=variables)
            tell(f"{name}: who is who")
            ours = measured(_resolve, place, environment=variables)
            outcome |= {"records": ours.told["records"], "here": ours.told["f1"]}
            if find_spec("splink"):
                tell(f"{name}: Splink")
                splink = measured(specialist.resolve, place, False, True, environment=variables)
                outcome |= {f"splink_{kind}": f1 for kind, f1 in splink.told.items()}
    except BenchError as error:
        return outcome | {"error": str(error)}
    return outcome | {"reached": outcome["here"] >= chosen.goal}


def _made_up(
    people: int, repeat: int, seed: int, folder: Path | None, tell: Callable[[str], None]
) -> dict[str, Any]:
    """What made-up people took on both sides, and what was reached."""
    name = f"{count(people)} people"
    outcome: dict[str, Any] = {"set": name, "people": people}
    try:
        with tempfile.TemporaryDirectory(prefix="cdi-bench-", dir=folder) as scratch:
            place = Path(scratch)
            variables = _variables(place)
            tell(f"{name}: making records, loading and cleaning them")
            measured(_load_people, place, people, seed, environment=variables)
            runs: dict[str, list[Measured]] = {}
            sides: dict[str, tuple[Any, ...]] = {"here": (_resolve, place)}
            if find_spec("splink"):
                sides["splink"] = (specialist.resolve, place, False, True)
                sides["splink_on_sample"] = (specialist.resolve, place, True, False)
            for side, (work, *arguments) in sides.items():
                for _ in range(repeat):
                    tell(f"{name}: {side.replace('_', ' ')}")
                    runs.setdefault(side, []).append(
                        measured(work, *arguments, environment=variables)
                    )
            tell(f"{name}: loading one record in a hundred more")
            measured(_load_later, place, environment=variables)
            tell(f"{name}: who is who, of those too")
            later = measured(_resolve, place, False, environment=variables)
    except BenchError as error:
        return outcome | {"error": str(error)}
    fastest = {side: min(taken, key=lambda run: run.seconds) for side, taken in runs.items()}
    outcome |= {
        "records": fastest["here"].told["records"],
        "here": fastest["here"].told["f1"],
        "seconds": {side: run.seconds for side, run in fastest.items()},
        "peak_mib": {side: run.peak_bytes / 2**20 for side, run in fastest.items()},
        "tables": fastest["here"].told["tables"],
        "dbt_seconds": fastest["here"].told["dbt_seconds"],
        "later": {"seconds": later.seconds, **later.told},
    }
    if "splink" in fastest:
        outcome |= {f"splink_{kind}": f1 for kind, f1 in fastest["splink"].told.items()}
    return outcome


def _variables(folder: Path) -> dict[str, str]:
    return {"CDI_WAREHOUSE": str(folder / "warehouse.duckdb"), "CDI_FILES": str(folder / FILES)}


def _load_set(_: Stopwatch, folder: Path, name: str, sets: Path | None) -> None:
    LABELLED[name].make(folder, sets or folder)
    pipeline.declare_everything()
    result = pipeline.load("files")
    if result.error or result.skipped:
        raise BenchError(str(result.error or result.skipped))
    build_models(folder, *CLEANED)


def _load_people(_: Stopwatch, folder: Path, people: int, seed: int) -> None:
    write_people(folder, people, seed)
    pipeline.declare_everything()
    data.add_records(settings.warehouse(), folder / "records.parquet")
    build_models(folder, *CLEANED)


def _load_later(_: Stopwatch, folder: Path) -> None:
    data.add_records(settings.warehouse(), folder / "later.parquet")
    build_models(folder, *CLEANED)


def _resolve(stopwatch: Stopwatch, folder: Path, anew: bool = True) -> dict[str, Any]:
    """Counts from when the first table of identity is begun until the last is done."""
    built = build_models(folder, *IDENTITY, full_refresh=anew)
    stopwatch.seconds = built.table_seconds
    return {"tables": built.seconds, "dbt_seconds": built.dbt_seconds, **_score(folder)}


def _score(folder: Path) -> dict[str, Any]:
    with closing(data.connect()) as connection:
        storage.attach(connection, settings.warehouse(), "warehouse")
        agreed = agreement(
            connection,
            "(select source || ':' || record_id as record, golden_id as cluster "
            "from warehouse.intermediate.int_records__identified)",
            truth(folder),
        )
    return {"records": agreed.record_count, "f1": agreed.pairwise.f1}


def _growth(speed: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    if len(speed) < 2 or any("error" in each for each in speed):
        return {}
    small, large = speed
    records = large["records"] / small["records"]
    seconds = large["seconds"]["here"] / small["seconds"]["here"]
    return {
        "times_the_records": records,
        "times_the_seconds": seconds,
        "exponent": growth_exponent(seconds, records),
    }


def _quality_table(results: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, title_justify="left")
    table.add_column("pairwise F1", no_wrap=True)
    for heading in ("records", "Splink at 0.95", "at its best", "here"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("to reach", no_wrap=True)
    for result in results:
        if "here" not in result:
            continue
        goal = result.get("goal", result.get("splink_best"))
        verdict = "" if goal is None else f"{goal:.3f}: {_verdict(result['here'] >= goal)}"
        table.add_row(
            result["set"],
            count(result["records"]),
            *(
                f"{result[side]:.4f}" if side in result else "-"
                for side in ("splink_usual", "splink_best", "here")
            ),
            verdict,
        )
    return table


def _speed_table(results: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("seconds", no_wrap=True)
    for heading in ("Splink", "on a sample", "here", "memory", "dbt beside", "1 % more"):
        table.add_column(heading, justify="right", no_wrap=True)
    for result in results:
        if "seconds" not in result:
            continue
        seconds, later = result["seconds"], result["later"]
        table.add_row(
            result["set"],
            *(
                f"{seconds[side]:.1f}" if side in seconds else "-"
                for side in ("splink", "splink_on_sample", "here")
            ),
            f"{result['peak_mib']['here'] / 1024:.1f} GiB",
            f"{result['dbt_seconds'] - seconds['here']:.1f}",
            f"{later['seconds']:.1f} ({later['seconds'] / seconds['here']:.0%})",
        )
    return table


def _verdict(reached: bool) -> str:
    return "yes" if reached else "[red]no[/red]"
