"""`cdi bench`: the whole way from files to marts at growing sizes, and what one day more takes.

Customers, each with ten events and two orders, and one in ten with a second record, are delivered
as files: CSV, and gzipped lines of JSON. They are loaded and built as `cdi load` and `cdi build` do
it, tests and the readers' copy included; then one in a hundred more are, half of them new and half
known before.
"""

from __future__ import annotations

import itertools
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
import yaml

from ingestion import pipeline, settings, storage
from ingestion.sql import literal
from scripts.bench import data, specialist
from scripts.bench.measure import BenchError, Stopwatch, measured
from scripts.bench.report import growth_exponent, machine, tell_unmeasured
from scripts.bench.written import markdown
from scripts.terminal import console, count, errors, shown

SIZES = (10_000, 100_000, 1_000_000)
RESULTS = settings.PROJECT / "docs" / "benchmarks"
INCREMENT = 100
"""One in so many is delivered in the second round."""
SAMPLE = 100_000
"""Events that dlt is given by its defaults: it takes them one by one."""
READ_IDS = 20
QUERY = re.compile(r"(\d\d):(\d\d):(\d\d\.\d+) .*(?:SQL|Execution) status: .* in ([\d.]+) seconds")
"""How dbt's log tells of a query that has ended: at what time, and what it took."""
DAY = 24 * 3600
SOURCES = ("files", "segment_events")
STAGES = {
    "seeds/": "seeds",
    "staging/": "conformed",
    "intermediate/conformed/": "conformed",
    "intermediate/hygiene/": "hygiene",
    "intermediate/identity/": "who is who",
    "intermediate/": "activity",
    "marts/core/": "core marts",
    "marts/customer/": "customer marts",
    "marts/": "governance, activation",
}
"""Stages of a build by where a model lies; the first that fits."""
IDENTIFIED = "model.cdi.int_record_ids__assigned"
"""Where it is told who is who; models of identity that this does not need are survivorship."""
GOALS_FROM = 1_000_000
"""Customers from which the goals are asked after."""
GOALS: Mapping[str, tuple[float, str, Callable[[Mapping[str, Any]], float]]] = {
    "build of everything": (10, "minutes", lambda taken: taken["build"]["seconds"] / 60),
    "memory of it": (12, "GiB", lambda taken: taken["build"]["peak_bytes"] / 2**30),
    "build of 1 % more, to that": (
        15,
        "%",
        lambda taken: 100 * taken["build of 1 % more"]["seconds"] / taken["build"]["seconds"],
    ),
    "dbt itself, where nothing is new": (
        25,
        "s",
        lambda taken: taken["build of nothing new"]["idle_seconds"],
    ),
    "a customer by id": (50, "ms", lambda taken: 1000 * taken["reading"]["seconds"]),
}
"""What is to be reached on two cores: at most so much, of what, and where it was measured."""


def scale_command(
    customers: Annotated[
        list[int] | None,
        typer.Option("--customers", min=1000, help="A size, or several: by default all three."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes other data.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where the scratch folder is made; up to 30 GB.")
    ] = None,
    memory: Annotated[
        str, typer.Option(help="What the engine may hold, the rest goes to disk: CDI_MEMORY.")
    ] = "10GB",
    profile: Annotated[
        int, typer.Option(help="Also have DuckDB profile so many of the slowest models.")
    ] = 0,
    write: Annotated[
        Path | None,
        typer.Option(help="Folder for the results, as JSON and Markdown.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a page.")] = False,
) -> None:
    """Measure the whole way, from files to published marts, at growing numbers of customers.

    Ratios are to what the bare engine, dlt by its defaults and Splink take for the same data in the
    same run. Exits with 1 when a size fails.
    """
    results = []
    with errors.status("") as status:
        for size in sorted(set(customers or SIZES)):
            results.append(_outcome(size, seed, folder, memory, profile, status.update))
    report = {"machine": machine(), "memory": memory, "seed": seed, "sizes": results}
    whole = [result for result in results if "error" not in result]
    report |= {"growth": _growth(whole), "goals": _goals(whole)}
    page = markdown(report)
    if write:
        write.mkdir(parents=True, exist_ok=True)
        (write / "scale.json").write_text(json.dumps(report, indent=1) + "\n")
        (write / "scale.md").write_text(page)
        console.print(f"written to {shown(write)}", soft_wrap=True)
    if as_json:
        console.print_json(data=report)
    elif not write:
        console.print(page, soft_wrap=True, markup=False)
    tell_unmeasured({result["set"]: result for result in results})


def _outcome(
    size: int,
    seed: int,
    folder: Path | None,
    memory: str,
    profile: int,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """What a size took at each step, or why that is not known."""
    name = f"{count(size)} customers"
    outcome: dict[str, Any] = {"set": name, "customers": size}
    try:
        with tempfile.TemporaryDirectory(prefix="cdi-bench-", dir=folder) as scratch:
            place = Path(scratch)
            variables = _variables(place, memory)

            def step(label: str, work: Callable[..., Any], *given: Any) -> Any:
                tell(f"{name}: {label}")
                taken = measured(work, place, *given, environment=variables)
                if isinstance(taken.told, dict):
                    figures = {"seconds": taken.seconds, "peak_bytes": taken.peak_bytes}
                    outcome[label] = figures | taken.told
                return taken

            more = max(2, size // INCREMENT)
            step("making data", _make, size + more // 2, 1, size, 0, seed)
            step("bare load", _bare_load)
            step("load", _load)
            step("reading the project", _parse)
            step("build", _build)
            step("bare build", _bare_build)
            if find_spec("splink"):
                try:
                    step("splink", _splink)
                except BenchError as error:
                    outcome["splink"] = {"error": str(error)}
            if profile:
                outcome["profile"] = measured(_profile, place, profile, environment=variables).told
            first = size - more + more // 2 + 1
            step("making more", _make, size + more // 2, first, size + more // 2, 1, seed)
            step("load of 1 % more", _load)
            step("build of 1 % more", _build)
            step("build of nothing new", _build)
            outcome["reading"] = _reading(place, variables)
            step("dlt's defaults", _dlt_defaults)
            step("the same here", _same_here)
    except BenchError as error:
        return outcome | {"error": str(error)}
    return outcome


def _variables(folder: Path, memory: str) -> dict[str, str]:
    """What the steps are run with; the mapping of files is written."""
    same = (
        "given_name middle_name family_name name_suffix birth_date gender email phone "
        "street_address unit city region postcode country company_name job_title user_id "
        "created_at updated_at"
    )
    people: dict[str, Any] = {name: name for name in same.split() if name != "birth_date"}
    formats = ["%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d"]
    people["birth_date"] = {"column": "birth_date", "date_format": formats}
    orders: dict[str, Any] = {
        "order_id": "order_no",
        "customer_record_id": {"column": "customer_no", "dataset": "crm"},
    }
    names = ("ordered_at", "status", "currency", "amount", "product_id")
    orders |= {name: name for name in names}
    datasets = [
        {
            "name": "crm",
            "path": str(folder / "inbox" / "customers_*.csv"),
            "key": ["customer_no"],
            "columns": people,
        },
        {
            "name": "shop",
            "path": str(folder / "inbox" / "orders_*.csv"),
            "entity": "orders",
            "key": ["order_no"],
            "columns": orders,
        },
    ]
    (folder / "files.yml").write_text(yaml.safe_dump({"datasets": datasets}))
    return {
        "CDI_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "CDI_STORAGE": "warehouse",
        "CDI_FILES": str(folder / "files.yml"),
        "CDI_MEMORY": memory,
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        # When queries began and ended is in there.
        "DBT_LOG_LEVEL_FILE": "debug",
        "SOURCES__SEGMENT_EVENTS__BUCKET_URL": str(folder / "bucket"),
    }


def _make(
    stopwatch: Stopwatch, folder: Path, people: int, first: int, last: int, round_: int, seed: int
) -> dict[str, Any]:
    with stopwatch.running():
        data.deliver(folder, people, first, last, round_, seed)
    files = [*(folder / "inbox").iterdir(), *(folder / "bucket").iterdir()]
    return {"bytes": sum(file.stat().st_size for file in files)}


def _load(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """What `cdi load` does for the two sources, which are declared before."""
    pipeline.declare_everything()
    records = 0
    for source in SOURCES:
        with stopwatch.running():
            result = pipeline.load(source)
        if result.error or result.skipped:
            raise BenchError(str(result.error or result.skipped))
        records += sum(row["records_loaded"] for row in result.counts)
    return {"records": records, "bytes": settings.warehouse().stat().st_size}


def _bare_load(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Has DuckDB read the same files into tables, whatever is in them."""
    file = folder / "bare.duckdb"
    reads = {
        "customers": f"read_csv({literal(folder / 'inbox' / 'customers_*.csv')})",
        "orders": f"read_csv({literal(folder / 'inbox' / 'orders_*.csv')})",
        "events": f"read_json({literal(folder / 'bucket' / '*.jsonl.gz')}, "
        "format = 'newline_delimited')",
    }
    with stopwatch.running(), data.connect(file) as connection:
        for table, read in reads.items():
            connection.execute(f"create table {table} as from {read}")
    taken = file.stat().st_size
    file.unlink()
    return {"bytes": taken}


def _parse(stopwatch: Stopwatch, folder: Path) -> None:
    """Has dbt read the project, which it does when its code has changed, and not at each build."""
    from scripts.dbt_runner import dbt

    if dbt("parse", "--quiet"):
        raise BenchError("dbt parse failed")


def _build(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """What `cdi build` does."""
    from scripts.build import build

    with stopwatch.running():
        code = build(["--quiet"])
    if code:
        raise BenchError(f"cdi build ended with {code}: what it says is above")
    return _stages() | {
        "bytes": settings.warehouse().stat().st_size + settings.published().stat().st_size
    }


def _stages() -> dict[str, Any]:
    """Seconds of work by stage and of the models that took longest, and what dbt added to them."""
    results = json.loads((settings.dbt_target() / "run_results.json").read_text())
    manifest = json.loads((settings.dbt_target() / "manifest.json").read_text())
    stages: defaultdict[str, float] = defaultdict(float)
    needed = _ancestors(manifest["parent_map"], IDENTIFIED)
    models: dict[str, float] = {}
    tests = 0
    for result in results["results"]:
        node = manifest["nodes"].get(result["unique_id"], {"resource_type": "test"})
        if node["resource_type"] in ("model", "seed"):
            path = node["original_file_path"].removeprefix("dbt_project/").removeprefix("models/")
            stage = next(name for start, name in STAGES.items() if path.startswith(start))
            if stage == "who is who" and result["unique_id"] not in needed:
                stage = "survivorship"
            stages[stage] += result["execution_time"]
            models[node["name"]] = result["execution_time"]
        else:
            stages["tests"] += result["execution_time"]
            tests += 1
    slowest = sorted(models, key=lambda name: -models[name])[:15]
    return {
        "stages": dict(stages),
        "models": {name: models[name] for name in slowest},
        "model_count": len(models),
        "test_count": tests,
        "dbt_seconds": results["elapsed_time"],
        "idle_seconds": results["elapsed_time"] - _covered(_queries()),
    }


def _ancestors(parents: Mapping[str, Sequence[str]], node: str) -> set[str]:
    """A node of dbt's graph, and all that it is made of."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += parents[one]
    return found


def _queries() -> list[tuple[float, float]]:
    """When each query of dbt's last run began and ended, in seconds of a day, by its log.

    What dbt tells of a model has what dbt does for it beside its queries, too.
    """
    # The older of its logs have numbers, the higher the older.
    logs = sorted(settings.dbt_logs().glob("dbt.log*"), key=lambda log: log.suffix, reverse=True)
    lines = [line for log in [*logs[1:], *logs[:1]] for line in log.read_text().splitlines()]
    began = max(number for number, line in enumerate(lines) if "Running with dbt=" in line)
    spans: list[tuple[float, float]] = []
    for line in lines[began:]:
        if found := QUERY.search(line):
            hours, minutes, seconds, taken = map(float, found.groups())
            ended = 3600 * hours + 60 * minutes + seconds
            # Past midnight.
            ended += DAY * (bool(spans) and ended < spans[0][1] - DAY / 2)
            spans.append((ended - taken, ended))
    return spans


def _covered(spans: Sequence[tuple[float, float]]) -> float:
    """Seconds in which at least one of the spans is under way."""
    total, end = 0.0, float("-inf")
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total


def _bare_build(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Has DuckDB read all that was built, and write it to another file."""
    file = folder / "bare.duckdb"
    with closing(data.connect()) as connection:
        storage.attach(connection, settings.warehouse(), "built")
        storage.attach(connection, file, "bare", read_only=False)
        with stopwatch.running():
            connection.execute("copy from database built to bare")
            connection.execute("checkpoint bare")
    taken = file.stat().st_size
    file.unlink()
    return {"bytes": taken}


def _splink(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Has Splink tell who is who of the same cleaned records, as its documentation does."""
    return specialist.clustered(stopwatch)


def _reading(folder: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """What it takes to read customers by id, each by a process of its own."""
    ids = measured(_some_ids, environment=variables).told
    taken = sorted(measured(_read_one, one, environment=variables).seconds for one in ids)
    return {"seconds": taken[len(taken) // 2], "slowest_seconds": taken[-1], "reads": len(ids)}


def _some_ids(stopwatch: Stopwatch) -> list[str]:
    with duckdb.connect(str(settings.published()), read_only=True) as connection:
        rows = connection.execute(
            "select customer_id from marts.customer_360 "
            f"using sample reservoir({READ_IDS} rows) repeatable (1)"
        ).fetchall()
    return [customer_id for (customer_id,) in rows]


def _read_one(stopwatch: Stopwatch, customer_id: str) -> None:
    # Of a value given apart the client first makes sure that it is none of pandas, by importing it.
    one = f"select * from marts.customer_360 where customer_id = {literal(customer_id)}"
    with stopwatch.running(), duckdb.connect(str(settings.published()), read_only=True) as reader:
        rows = reader.execute(one).fetchall()
    if len(rows) != 1:
        raise BenchError(f"{len(rows)} customers have one id")


def _sample(folder: Path) -> Path:
    """A file of the first events, of which dlt takes as many by its defaults."""
    file = folder / "sample.jsonl"
    if not file.exists():
        with closing(data.connect()) as connection:
            first = literal(sorted((folder / "bucket").glob("0_*.jsonl.gz"))[0])
            connection.execute(
                f"copy (select content from read_csv({first}, header = false, quote = '', "
                "escape = '', delim = '\x1f', columns = {'content': 'varchar'}) "
                f"limit {SAMPLE}) to {literal(file)} "
                "(format csv, header false, quote '', escape '', delimiter '\x1f')"
            )
    return file


def _dlt_defaults(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Has dlt load events as its first example does: objects, one by one, as it finds them."""
    import dlt

    file = _sample(folder)

    def calls() -> Any:
        with file.open() as lines:
            yield from map(json.loads, lines)

    with stopwatch.running():
        pipeline_ = dlt.pipeline(
            "defaults",
            destination=dlt.destinations.duckdb(str(folder / "defaults.duckdb")),
            dataset_name="raw",
            pipelines_dir=str(folder / "defaults"),
        )
        pipeline_.run(calls(), table_name="events")
    with duckdb.connect(str(folder / "defaults.duckdb"), read_only=True) as connection:
        ((rows,),) = connection.execute("select count(*) from raw.events").fetchall()
    return {"records": rows}


def _same_here(stopwatch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Loads the same events as `cdi load` does."""
    import os

    bucket = folder / "sampled"
    bucket.mkdir(exist_ok=True)
    _sample(folder).replace(bucket / "sample.jsonl")
    os.environ["CDI_WAREHOUSE"] = str(folder / "sampled.duckdb")
    os.environ["SOURCES__SEGMENT_EVENTS__BUCKET_URL"] = str(bucket)
    pipeline.declare_tables("segment_events")
    with stopwatch.running():
        result = pipeline.load("segment_events")
    if result.error or result.skipped:
        raise BenchError(str(result.error or result.skipped))
    return {"records": sum(row["records_loaded"] for row in result.counts)}


def _profile(stopwatch: Stopwatch, folder: Path, models: int) -> dict[str, Any]:
    """DuckDB's profile of the slowest models' queries: seconds by operator, the most first."""
    manifest = json.loads((settings.dbt_target() / "manifest.json").read_text())
    compiled = {
        node["name"]: settings.dbt_target() / "compiled" / "cdi" / node["original_file_path"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["language"] == "sql"
    }
    found: dict[str, Any] = {}
    with closing(storage.connect(settings.warehouse(), read_only=True)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name in _stages()["models"]:
            file = compiled.get(name)
            if file is None or len(found) == models:
                continue
            told = connection.execute(
                f"explain (analyze, format json) {file.read_text()}"
            ).fetchall()
            found[name] = _operators(json.loads(told[0][1]))
    return found


def _operators(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds of processors by kind of operator, and the whole."""
    seconds: defaultdict[str, float] = defaultdict(float)
    rows: defaultdict[str, int] = defaultdict(int)

    def walk(node: Mapping[str, Any]) -> None:
        kind = node.get("operator_name") or node.get("operator_type")
        if kind:
            seconds[kind.strip()] += node.get("operator_timing") or 0
            rows[kind.strip()] += node.get("operator_cardinality") or 0
        for child in node.get("children") or ():
            walk(child)

    walk(profile)
    most = sorted(seconds, key=lambda kind: -seconds[kind])[:8]
    return {
        "seconds": profile.get("latency"),
        "operators": {kind: {"seconds": seconds[kind], "rows": rows[kind]} for kind in most},
    }


def _goals(whole: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The goals beside what the largest size took; none where that is too small to tell."""
    if not whole or whole[-1]["customers"] < GOALS_FROM:
        return []
    found = []
    for goal, (limit, unit, measure) in GOALS.items():
        taken = measure(whole[-1])
        outcome = {"goal": goal, "at_most": limit, "unit": unit, "measured": taken}
        found.append(outcome | {"reached": taken <= limit})
    return found


def _growth(whole: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By which power of the number of customers the seconds grow, from each size to the next."""
    steps = ("load", "build", "load of 1 % more", "build of 1 % more")
    found: dict[str, Any] = {}
    for small, large in itertools.pairwise(whole):
        customers = large["customers"] / small["customers"]
        found[f"{small['customers']} to {large['customers']}"] = {
            step: growth_exponent(large[step]["seconds"] / small[step]["seconds"], customers)
            for step in steps
        }
    return found
