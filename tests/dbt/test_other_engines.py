"""The SQL of every model in the words of other engines: what sqlglot cannot put in them.

It says what can be written, not that it would run, nor that it would mean the same.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, UnsupportedError

from ingestion.settings import PROJECT
from scripts.pii.command import compiled_manifest

ENGINES = ("snowflake", "bigquery", "databricks", "postgres")
GUIDE = PROJECT / "docs" / "guides" / "other-engines.md"
ROW = re.compile(r"^\| (\w+) \| (.+) \| (`.+`) \|$", re.MULTILINE)


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


def reasons(tree: exp.Expr, engine: str) -> Iterator[str]:
    """Why a model's SQL cannot be put in the words of an engine; nothing where it can."""
    try:
        written = tree.sql(dialect=engine, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        for line in dict.fromkeys(str(error).splitlines()):
            if line and not line.startswith("..."):
                yield line.strip().removesuffix(".")
        return
    except (AttributeError, TypeError, ValueError) as error:
        yield f"sqlglot ends with {type(error).__name__}"
        return
    try:
        sqlglot.parse_one(written, read=engine)
    except ParseError as error:
        yield f"not read again: {str(error).split('. Line')[0]}"


@pytest.mark.timeout(1200)
def test_what_cannot_be_written_for_another_engine_is_what_the_guide_lists(
    models: dict[str, str],
) -> None:
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, sql in sorted(models.items()):
        tree = sqlglot.parse_one(sql, read="duckdb")
        for engine in ENGINES:
            for reason in sorted(set(reasons(tree, engine))):
                found[engine, reason].append(f"`{name}`")
    rows = [
        (engine, reason, ", ".join(found[engine, reason]))
        for engine in ENGINES
        for _, reason in sorted(key for key in found if key[0] == engine)
    ]
    told = "\n".join(f"| {engine} | {why} | {names} |" for engine, why, names in rows)
    listed = [match.groups() for match in ROW.finditer(GUIDE.read_text())]
    assert rows == listed, f"{GUIDE.name} is to have these rows:\n{told}"
