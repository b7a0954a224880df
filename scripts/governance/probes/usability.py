"""Usability: can who looks for something find it, and read what it means."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from ingestion import settings
from scripts.docs import site
from scripts.governance.probes.finding import Finding, Probe, some
from scripts.governance.probes.places import days, last_build, short, written_at
from scripts.publish import SCHEMAS

Described = dict[str, str]
"""What a site says, by `schema.table` and `schema.table.column`."""


def catalog_searchable(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """The site tells of every public table and column what it is, as it is now, and finds it."""
    page, dictionary = site(), site().with_name("dictionary.html")
    if not page.exists() or not dictionary.exists():
        yield probe.not_run(short(page), "not written yet: run `cdi docs`")
        return
    try:
        told = _described(_embedded(page))
    except ValueError as error:
        yield probe.found(short(page), 1, f"holds no manifest: {type(error).__name__}")
        return
    public = _public(connection)
    current = settings.dbt_target() / "manifest.json"
    now = _described(json.loads(current.read_text("utf-8"))) if current.exists() else told
    wrong = {
        "lacks": [name for name in public if name not in told],
        "does not describe": [name for name in public if told.get(name) == ""],
        "tells otherwise than the models do": [
            name for name in public if name in told and name in now and told[name] != now[name]
        ],
    }
    build = last_build()
    behind = days(build.ended_at - written_at(page)) if build else 0.0
    seen = f"{sum(name in told for name in public)} of {len(public)} public tables and columns"
    yield _told(probe, short(page), seen, wrong, behind)
    index = _index(dictionary.read_text("utf-8"))
    unfound = {"does not find": [name for name in public if not _finds(index, name)]}
    seen = f"{len(public)} public tables and columns looked for"
    yield _told(probe, short(dictionary), seen, unfound, None)


def _told(
    probe: Probe, subject: str, seen: str, wrong: Mapping[str, list[str]], behind: float | None
) -> Finding:
    parts = [seen] + [f"{what} {some(names)}" for what, names in wrong.items() if names]
    failures = sum(map(len, wrong.values()))
    if failures or (behind and probe.threshold is not None and behind > probe.threshold):
        parts.append("run `cdi docs`")
    return probe.found(subject, failures, "; ".join(parts), observed=behind)


def _public(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Public tables and their columns, by the names that `Described` has them by."""
    rows = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) "
        "from duckdb_columns() where database_name = current_database() "
        "and schema_name in (select unnest(?)) group by all order by all",
        [list(SCHEMAS)],
    ).fetchall()
    return [
        name
        for schema, table, columns in rows
        for name in (f"{schema}.{table}", *(f"{schema}.{table}.{column}" for column in columns))
    ]


def _embedded(page: Path) -> dict[str, Any]:
    """The manifest that dbt has written into its page.

    Raises:
        ValueError: there is none.
    """
    text, mark = page.read_text("utf-8"), "{manifest:"
    manifest, _ = json.JSONDecoder().raw_decode(text, text.index(mark) + len(mark))
    if not isinstance(manifest, dict) or "nodes" not in manifest:
        raise ValueError("what is embedded is no manifest")
    return manifest


def _described(manifest: Mapping[str, Any]) -> Described:
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            name = f"{node['schema']}.{node['alias']}"
            found[name] = node["description"]
            for column in node["columns"].values():
                found[f"{name}.{column['name']}"] = column["description"]
    return found


def _index(text: str) -> dict[str, tuple[str, list[str]]]:
    """What the dictionary's search looks through: words of each table, and those of its columns."""
    found = {}
    for section in text.split("<section ")[1:]:
        words, *columns = map(html.unescape, re.findall(r'data-words="([^"]*)"', section))
        found[words.split(" ")[0]] = words, columns
    return found


def _finds(index: Mapping[str, tuple[str, list[str]]], name: str) -> bool:
    """Whether looking for a table, or a column of it, shows it."""
    schema, table, *column = name.lower().split(".", 2)
    _, columns = index.get(f"{schema}.{table}", ("", None))
    if columns is None:
        return False
    return not column or any(words.split(" ")[0] == column[0] for words in columns)
