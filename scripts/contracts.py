"""`cdi contracts`: carries contracts to where they are read: to dbt, and out of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
import yaml
from rich.markup import escape

from ingestion import incidents, privacy, settings, tracking_plan
from ingestion.contracts import SQL_TYPES, RawRecord, columns, contracts, naming
from ingestion.landing import LOADS_SCHEMA, LoadCount
from ingestion.quarantine import QuarantinedRecord
from ingestion.sources import SOURCES
from scripts.dbt_runner import dbt
from scripts.goals import NEEDS_COLUMNS, OFFERS_COLUMNS, GoalError, needs_rows, offers_rows
from scripts.odcs import data_contracts
from scripts.terminal import console, errors, shown

PLAN_COLUMNS = (
    "call", "event_name", "version", "owner", "event_description", "property_name",
    "property_type", "is_required", "permitted_values", "pii", "property_description",
)  # fmt: skip

app = typer.Typer(help="Contracts of what comes in and of what is public.", no_args_is_help=True)


@app.callback()
def contracts_group() -> None:
    """Contracts of what comes in and of what is public."""


@app.command()
def sync(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 where one is out of date.")
    ] = False,
) -> None:
    """Write what is declared elsewhere to where dbt reads it: sources, tracking plan, goals."""
    stale = []
    try:
        goals = [goals_needs(), sources_offers()]
    except GoalError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    declarations = [
        *map(sources_yml, SOURCES),
        loads_yml(),
        privacy_yml(),
        incidents_yml(),
        audited_tables(),
        public_tables(),
        planned_events(),
        *goals,
    ]
    for file, text in declarations:
        if not file.exists() or file.read_text() != text:
            stale.append(file.relative_to(settings.PROJECT))
            if not check:
                file.write_text(text)
    if check and stale:
        errors.print(f"out of date: {', '.join(map(str, stale))}; run `cdi contracts sync`")
        raise typer.Exit(1)
    console.print(
        f"{len(stale)} of {len(declarations)} files written" if stale else "all up to date"
    )


@app.command()
def export(
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where to; `contracts` in dbt's target folder.")
    ] = None,
) -> None:
    """Write a data contract (Open Data Contract Standard) for every public model."""
    folder = folder or settings.dbt_target() / "contracts"
    with TemporaryDirectory() as parsed:
        code = dbt("parse", "--quiet", "--target-path", parsed)
        if code:
            raise typer.Exit(code)
        manifest = json.loads(Path(parsed, "manifest.json").read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.odcs.yaml"):
        old.unlink()
    contracts_of = data_contracts(manifest, version("customer-data-infrastructure"))
    for name, contract in contracts_of.items():
        text = yaml.safe_dump(contract, sort_keys=False, width=96, allow_unicode=True)
        (folder / f"{name}.odcs.yaml").write_text(text, "utf-8")
    console.print(f"{len(contracts_of)} contracts in {shown(folder)}", soft_wrap=True)


def sources_yml(source: str) -> tuple[Path, str]:
    """Where a source's dbt declaration is, and what it has to say."""
    package = import_module(f"ingestion.sources.{source}")
    models: list[type[RawRecord]] = [*contracts(source).values(), QuarantinedRecord]
    declaration = {
        "version": 2,
        "sources": [
            {
                "name": source,
                "schema": f"raw_{source}",
                "description": _first_paragraph(package.__doc__),
                "tables": [_table(model) for model in models],
            }
        ],
    }
    return _written(source, declaration, f"ingestion/sources/{source}/schema.py")


def loads_yml() -> tuple[Path, str]:
    """Where the account of all loads is declared to dbt, and what that has to say.

    Beside the table it has one view of it a source, for `dbt source freshness`: a look at a source
    that brought nothing new is a load, too.
    """
    looks = [
        {
            "name": source,
            "identifier": LoadCount.raw.name,
            "description": f"The loads of {source}.",
            "config": {
                "loaded_at_field": "loaded_at",
                "freshness": {
                    "warn_after": {"count": 1, "period": "day"},
                    "error_after": {"count": 7, "period": "day"},
                    "filter": f"source = '{source}'",
                },
            },
        }
        for source in SOURCES
    ]
    declaration = {
        "version": 2,
        "sources": [
            {
                "name": "loads",
                "schema": LOADS_SCHEMA,
                "description": "What became of every record of every load, counted.",
                "tables": [_table(LoadCount), *looks],
            }
        ],
    }
    return _written("loads", declaration, "ingestion/landing.py")


def privacy_yml() -> tuple[Path, str]:
    """Where the tables of `cdi privacy` are declared to dbt, and what that has to say."""
    described = "What people asked of their data, and what is kept out for good."
    return _kept_yml("privacy", privacy.SCHEMA, described, privacy.TABLES)


def incidents_yml() -> tuple[Path, str]:
    """Where the tables of `cdi incident` are declared to dbt, and what that has to say."""
    described = "What went wrong, who was affected, and what has to be done about it."
    return _kept_yml("incidents", incidents.SCHEMA, described, incidents.TABLES)


def _kept_yml(
    name: str, schema: str, description: str, models: Sequence[type[RawRecord]]
) -> tuple[Path, str]:
    """Declaration of tables that the project itself keeps."""
    declaration = {
        "version": 2,
        "sources": [
            {
                "name": name,
                "schema": schema,
                "description": description,
                "tables": [_table(model) for model in models],
            }
        ],
    }
    return _written(name, declaration, f"ingestion/{name}.py")


def audited_tables() -> tuple[Path, str]:
    """Where the macro is that lists the tables to audit, and what it has to say.

    dbt has to know what a model reads before it knows the project: this list cannot be asked of
    its graph.
    """
    return _listing(
        "audited_tables",
        "the raw contracts",
        [
            f"{{'source': '{source}', 'name': '{table}', 'model': 'stg_{source}__{table}'}}"
            for source in SOURCES
            for table in contracts(source)
        ],
    )


def public_tables() -> tuple[Path, str]:
    """Where the macro is that lists the marts whose figures are kept, and what it has to say."""
    marts = settings.PROJECT / "dbt_project" / "models" / "marts"
    rooms = ("core", "customer", "activation")
    # A version of a model has a file of its own for its SQL, and none for its yml.
    names = [file.stem for room in rooms for file in (marts / room).glob("*.yml")]
    listed = [f"'{name}'" for name in sorted(names)]
    return _listing("public_tables", "the folders of the marts", listed)


def _listing(macro: str, source: str, items: list[str]) -> tuple[Path, str]:
    """A macro that gives a list, for models that read all that is in it."""
    lines = [
        f"{{# Written by `cdi contracts sync` from {source}. #}}",
        "",
        f"{{% macro {macro}() -%}}",
        "    {{ return([",
        *(f"        {item}," for item in items),
        "    ]) }}",
        "{%- endmacro %}",
        "",
    ]
    folder = settings.PROJECT / "dbt_project" / "macros" / "governance"
    return folder / f"{macro}.sql", "\n".join(lines)


def planned_events() -> tuple[Path, str]:
    """Where the seed of the tracking plan is, and what it has to say."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(PLAN_COLUMNS)
    for event in tracking_plan.read().events:
        of_event = [event.call, event.event, event.version, event.owner, event.description]
        if not event.properties:
            writer.writerow([*of_event, *[None] * 6])
        for name, planned in event.properties.items():
            values = ", ".join(planned.values or ())
            required = str(planned.required).lower()
            of_property = [name, planned.type, required, values, planned.pii, planned.description]
            writer.writerow([*of_event, *of_property])
    folder = settings.PROJECT / "dbt_project" / "seeds" / "governance"
    return folder / "tracking_plan.csv", text.getvalue()


def goals_needs() -> tuple[Path, str]:
    """Where the seed of what goals need is, and what it has to say.

    Raises:
        GoalError: where a goal is not declared as it has to be.
    """
    return _seed("strategy_needs", NEEDS_COLUMNS, needs_rows())


def sources_offers() -> tuple[Path, str]:
    """Where the seed of what sources can give is, and what it has to say."""
    return _seed("strategy_offers", OFFERS_COLUMNS, offers_rows())


def _seed(
    name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> tuple[Path, str]:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    folder = settings.PROJECT / "dbt_project" / "seeds" / "governance"
    return folder / f"{name}.csv", text.getvalue()


def _written(source: str, declaration: dict[str, Any], origin: str) -> tuple[Path, str]:
    folder = settings.PROJECT / "dbt_project" / "models" / "staging" / source
    folder.mkdir(exist_ok=True)
    header = f"# Written by `cdi contracts sync` from {origin}.\n"
    body = yaml.safe_dump(declaration, sort_keys=False, width=96, allow_unicode=True)
    return folder / f"_{source}__sources.yml", header + body


def _table(model: type[RawRecord]) -> dict[str, Any]:
    return {
        "name": model.raw.name,
        "description": _first_paragraph(model.__doc__),
        "columns": [_column(name, dict(hint)) for name, hint in columns(model).items()],
    }


def _column(field: str, hint: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {"name": naming.normalize_identifier(field)}
    if "description" in hint:
        column["description"] = hint["description"]
    column["data_type"] = SQL_TYPES[hint["data_type"]]
    if hint["x-annotation-pii"] != "none":
        column["config"] = {"meta": {"pii": hint["x-annotation-pii"]}}
    return column


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())
