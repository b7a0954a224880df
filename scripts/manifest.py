"""What dbt's `manifest.json` says of models: their tests, keys and relations."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingestion import settings
from scripts.dbt_runner import dbt

Manifest = dict[str, Any]
Tests = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Relation:
    """A column that names a row of another model.

    Args:
        child: model that has the column.
        column: the column.
        parent: model it names a row of.
        field: the column of the parent it holds a value of.
        is_required: whether every row has one.
    """

    child: str
    column: str
    parent: str
    field: str
    is_required: bool


def latest() -> Manifest:
    """What dbt wrote when it last read the project, which it does at each build, or is to now."""
    file = settings.dbt_target() / "manifest.json"
    if not file.exists():
        dbt("parse", "--quiet")
    return json.loads(file.read_text("utf-8"))


def tests_by_model(manifest: Manifest) -> Tests:
    """Generic tests of each model or seed, by its id, in the order of their names."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node"):
            found[node["attached_node"]].append(node)
    for tests in found.values():
        tests.sort(key=lambda test: str(test["name"]))
    return found


def key(tests: list[dict[str, Any]]) -> list[str]:
    """Columns that tell the rows of a model apart, by the test of it that says so; or none."""
    found: list[str] = []
    for test in tests:
        name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        if name == "unique" and not found:
            found = [test["column_name"]]
        elif name == "unique_combination":
            found = list(arguments["columns"])
    return found


def relations(tests: Tests, models: Mapping[str, dict[str, Any]]) -> list[Relation]:
    """Relations between models that a test holds, by child and column.

    Args:
        tests: as `tests_by_model` gives them.
        models: the models, by their id.
    """
    names = {model["name"] for model in models.values()}
    found = []
    for unique_id, child in models.items():
        for test in tests.get(unique_id, ()):
            arguments = test["test_metadata"]["kwargs"]
            parent = re.search(r"ref\('(\w+)'\)", arguments.get("to", ""))
            if test["test_metadata"]["name"] == "relationships" and parent and parent[1] in names:
                column = child["columns"][test["column_name"]]
                required = any(one["type"] == "not_null" for one in column.get("constraints") or ())
                found.append(
                    Relation(child["name"], column["name"], parent[1], arguments["field"], required)
                )
    return sorted(found, key=lambda one: (one.child, one.column))
