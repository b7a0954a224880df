"""The page of `cdi bench`: its figures as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scripts.terminal import count

_STEPS = {
    "bare load": "the bare engine reads the files",
    "load": "`cdi load`",
    "bare build": "the bare engine reads and writes what was built",
    "build": "`cdi build`: everything, all tests, the readers' copy",
    "load of 1 % more": "`cdi load` of one in a hundred more",
    "build of 1 % more": "`cdi build` of it",
    "build of nothing new": "`cdi build` again, nothing new",
}


def markdown(report: Mapping[str, Any]) -> str:
    """A page of tables: steps, ratios, growth, stages, the slowest models, the machine."""
    sizes = [result for result in report["sizes"] if "error" not in result]
    parts = ["# Benchmarks of the whole way", _told_of(report)]
    if sizes:
        parts += [
            "## Steps",
            _steps(sizes),
            *(["## To reach, on two cores", _goals(report["goals"])] if report["goals"] else []),
            "## Ratios, within the same run",
            _ratios(sizes),
            "## By which power of the customers seconds grow",
            _growth(report["growth"]),
            "## Where a build's time goes",
            _stages(sizes),
            "## The slowest models",
            _models(sizes[-1]),
        ]
        if profiled := [result for result in sizes if result.get("profile")]:
            parts += ["## DuckDB's profiles", _profiles(profiled[-1])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _told_of(report: Mapping[str, Any]) -> str:
    machine = report["machine"]
    versions = ", ".join(
        f"{name} {machine[name]}" for name in ("python", "duckdb", "dlt", "dbt-core", "pyarrow")
    )
    return (
        f"One run of `cdi bench` on {machine['cores']} cores ({machine['system']}; {versions}), "
        f"with CDI_MEMORY {report['memory']} and seed {report['seed']}. Each customer has ten "
        "events and two orders, and one in ten a second record. Seconds tell of one machine at one "
        "moment; ratios within a run mean something elsewhere."
    )


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _steps(sizes: Sequence[Mapping[str, Any]]) -> str:
    heading = ["step"]
    for result in sizes:
        heading += [f"{count(result['customers'])}: s", "GiB", "GB on disk"]
    rows = []
    for step, told in _STEPS.items():
        row = [told]
        for result in sizes:
            taken = result[step]
            row += [
                f"{taken['seconds']:.1f}",
                f"{taken['peak_bytes'] / 2**30:.1f}",
                f"{taken['bytes'] / 1e9:.2f}",
            ]
        rows.append(row)
    reading = ["`customer_360` of one id, by a new process: median, slowest"]
    for result in sizes:
        taken = result["reading"]
        shown = f"{taken['seconds'] * 1000:.0f} ms, {taken['slowest_seconds'] * 1000:.0f} ms"
        reading += [shown, "", ""]
    return _table(heading, [*rows, reading])


def _goals(goals: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [
            goal["goal"],
            f"{goal['at_most']} {goal['unit']}",
            f"{goal['measured']:.1f} {goal['unit']}",
            "yes" if goal["reached"] else "no",
        ]
        for goal in goals
    ]
    return _table(["goal", "at most", "measured", "reached"], rows)


def _ratios(sizes: Sequence[Mapping[str, Any]]) -> str:
    rows = {
        "load, to the bare engine reading the same files": ("load", "bare load"),
        "build, to the bare engine reading and writing what was built": ("build", "bare build"),
        "build of 1 % more, to that of everything": ("build of 1 % more", "build"),
        "events, to dlt by its defaults": ("the same here", "dlt's defaults"),
    }
    table = [
        [told, *(f"{result[one]['seconds'] / result[other]['seconds']:.2f}" for result in sizes)]
        for told, (one, other) in rows.items()
    ]
    if all("splink" in result for result in sizes):
        table.append(
            [
                "who is who (seconds of its models, beside others), to Splink as documented, alone",
                *(
                    f"{result['build']['stages']['who is who'] / result['splink']['seconds']:.2f}"
                    if "seconds" in result["splink"]
                    else "Splink failed"
                    for result in sizes
                ),
            ]
        )
    return _table(["ratio", *(count(result["customers"]) for result in sizes)], table)


def _growth(growth: Mapping[str, Mapping[str, float]]) -> str:
    if not growth:
        return "Takes two sizes."
    steps = next(iter(growth.values()))
    rows = [[step, *(f"{one[step]:.2f}" for one in growth.values())] for step in steps]
    return _table(["step", *growth], rows)


def _stages(sizes: Sequence[Mapping[str, Any]]) -> str:
    heading = ["stage (seconds of work, models side by side)"]
    heading += [count(result["customers"]) for result in sizes]
    heading += [f"{count(result['customers'])}, 1 % more" for result in sizes]
    names = dict.fromkeys(name for result in sizes for name in result["build"]["stages"])
    rows = []
    for name in names:
        row = [name]
        for step in ("build", "build of 1 % more"):
            row += [f"{result[step]['stages'].get(name, 0):.1f}" for result in sizes]
        rows.append(row)
    idle = ["dbt itself, while no query is under way"]
    for step in ("build", "build of 1 % more"):
        idle += [f"{result[step]['idle_seconds']:.1f}" for result in sizes]
    return _table(heading, [*rows, idle])


def _models(result: Mapping[str, Any]) -> str:
    models = result["build"]["models"]
    again = result["build of 1 % more"]["models"]
    rows = [
        [f"`{name}`", f"{seconds:.1f}", f"{again[name]:.1f}" if name in again else ""]
        for name, seconds in models.items()
    ]
    return _table(["model", f"{count(result['customers'])}: s", "1 % more: s"], rows)


def _profiles(result: Mapping[str, Any]) -> str:
    rows = []
    for model, profile in result["profile"].items():
        for operator, taken in profile["operators"].items():
            rows.append([f"`{model}`", operator, f"{taken['seconds']:.1f}", count(taken["rows"])])
    return _table(["model", "operator", "seconds of processors", "rows"], rows)
