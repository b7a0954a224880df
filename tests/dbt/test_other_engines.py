"""The SQL of every model in the words of other engines: what sqlglot cannot put in them.

It says what can be written, not that it would run, nor that it would mean the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot
from sqlglot.errors import ErrorLevel, ParseError, UnsupportedError

from ingestion.settings import PROJECT
from scripts.pii.command import compiled_manifest

ENGINES = ("snowflake", "bigquery", "databricks", "postgres")
GUIDE = PROJECT / "docs" / "guides" / "other-engines.md"
ROW = re.compile(r"^\| (\w+) \| `(\w+)` \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def models() -> dict[str, str]:
    """The SQL of every model, compiled for DuckDB, by its name."""
    found = {
        node["name"]: node["compiled_code"]
        for node in compiled_manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["language"] == "sql"
    }
    assert len(found) > 200
    return found


def reasons(sql: str, engine: str) -> Iterator[str]:
    """Why a model's SQL cannot be put in the words of an engine; nothing where it can."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    try:
        written = tree.sql(dialect=engine, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        for line in dict.fromkeys(str(error).splitlines()):
            if line and not line.startswith("..."):
                yield line.strip()
        return
    except (AttributeError, TypeError, ValueError) as error:
        yield f"sqlglot ends with {type(error).__name__}"
        return
    try:
        sqlglot.parse_one(written, read=engine)
    except ParseError as error:
        yield str(error).split(". Line")[0]


@pytest.mark.timeout(1200)
def test_what_cannot_be_written_for_another_engine_is_what_the_guide_lists(
    models: dict[str, str],
) -> None:
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    found: list[tuple[Any, ...]] = [
        (engine, name, "; ".join(sorted(told)))
        for engine in ENGINES
        for name, sql in sorted(models.items())
        if (told := set(reasons(sql, engine)))
    ]
    told = "\n".join(f"| {engine} | `{name}` | {why} |" for engine, name, why in found)
    listed = [match.groups() for match in ROW.finditer(GUIDE.read_text())]
    assert found == listed, f"{GUIDE.name} is to have these rows:\n{told}"
    assert len(found) < len(ENGINES) * len(models) / 4
