"""`cdi contracts`: carries the raw contracts from `schema.py` to the yml that dbt reads."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from dlt.common.normalizers.naming.snake_case import NamingConvention

from ingestion import settings
from ingestion.contracts import RawRecord, columns, contracts
from ingestion.quarantine import QuarantinedRecord
from ingestion.sources import SOURCES
from scripts.terminal import console, errors

app = typer.Typer(help="Raw contracts of the sources.", no_args_is_help=True)

SQL_TYPES = {
    "text": "varchar",
    "bool": "boolean",
    "bigint": "bigint",
    "double": "double",
    "decimal": "decimal(18,4)",
    "timestamp": "timestamp",
    "date": "date",
    "json": "json",
}


@app.callback()
def contracts_group() -> None:
    """Raw contracts of the sources."""


@app.command()
def sync(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 where one is out of date.")
    ] = False,
) -> None:
    """Write tables, columns, types and PII classes to each source's `_<source>__sources.yml`."""
    stale = []
    for source in SOURCES:
        file, text = sources_yml(source)
        if not file.exists() or file.read_text() != text:
            stale.append(file.relative_to(settings.PROJECT))
            if not check:
                file.write_text(text)
    if check and stale:
        errors.print(f"out of date: {', '.join(map(str, stale))}; run `cdi contracts sync`")
        raise typer.Exit(1)
    console.print(f"{len(stale)} of {len(SOURCES)} files written" if stale else "all up to date")


def sources_yml(source: str) -> tuple[Path, str]:
    """Where a source's dbt declaration is, and what it has to say."""
    package = import_module(f"ingestion.sources.{source}")
    models: list[type[RawRecord]] = [*contracts(source).values(), QuarantinedRecord]
    loads = {
        "name": "_dlt_loads",
        "description": "One row per completed load of this source.",
        "config": {
            "loaded_at_field": "inserted_at at time zone 'UTC'",
            "freshness": {
                "warn_after": {"count": 1, "period": "day"},
                "error_after": {"count": 7, "period": "day"},
            },
        },
    }
    declaration = {
        "version": 2,
        "sources": [
            {
                "name": source,
                "schema": f"raw_{source}",
                "description": _first_paragraph(package.__doc__),
                "tables": [*(_table(model) for model in models), loads],
            }
        ],
    }
    folder = settings.PROJECT / "dbt_project" / "models" / "staging" / source
    header = f"# Written by `cdi contracts sync` from ingestion/sources/{source}/schema.py.\n"
    body = yaml.safe_dump(declaration, sort_keys=False, width=96, allow_unicode=True)
    return folder / f"_{source}__sources.yml", header + body


def _table(model: type[RawRecord]) -> dict[str, Any]:
    return {
        "name": model.raw.name,
        "description": _first_paragraph(model.__doc__),
        "columns": [_column(name, dict(hint)) for name, hint in columns(model).items()],
    }


def _column(field: str, hint: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {"name": NamingConvention().normalize_identifier(field)}
    if "description" in hint:
        column["description"] = hint["description"]
    column["data_type"] = SQL_TYPES[hint["data_type"]]
    if hint["x-annotation-pii"] != "none":
        column["config"] = {"meta": {"pii": hint["x-annotation-pii"]}}
    return column


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())
