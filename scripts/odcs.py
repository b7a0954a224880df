"""Public models as data contracts in the Open Data Contract Standard (ODCS), version 3.1.

https://bitol-io.github.io/open-data-contract-standard/v3.1.0/
"""

from __future__ import annotations

import re
from typing import Any

from ingestion import settings
from scripts.manifest import Manifest, key, relations, tests_by_model

Contract = dict[str, Any]

LOGICAL_TYPES = {
    "varchar": "string",
    "json": "object",
    "boolean": "boolean",
    "bigint": "integer",
    "integer": "integer",
    "double": "number",
    "decimal": "number",
    "date": "date",
    "timestamp": "timestamp",
}
# ODCS knows dimensions of its own: ours that have one of the same meaning.
DIMENSIONS = {"quality": "conformity", "availability": "timeliness"}


def data_contracts(manifest: Manifest, version: str) -> dict[str, Contract]:
    """A contract for each version of each public model, by the name of its table.

    Args:
        manifest: dbt's `manifest.json`.
        version: version of the project; that of a model that has none of its own.
    """
    models = {
        node["unique_id"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["access"] == "public"
    }
    tests = tests_by_model(manifest)
    related = relations(tests, models)
    found = {}
    for node in models.values():
        references = {
            one.column: f"{one.parent}.{one.field}" for one in related if one.child == node["name"]
        }
        of_model = tests.get(node["unique_id"], [])
        found[node["alias"]] = _contract(node, references, of_model, version)
    return dict(sorted(found.items()))


def _contract(
    node: dict[str, Any],
    references: dict[str, str],
    tests: list[dict[str, Any]],
    version: str,
) -> Contract:
    own = key(tests)
    owner = node["config"]["meta"]["owner"]
    grain, _, more = node["description"].partition(". ")
    major = node["version"]
    table = {
        "name": node["alias"],
        "physicalName": f"{node['schema']}.{node['alias']}",
        "physicalType": "table",
        "logicalType": "object",
        "description": node["description"],
        "dataGranularityDescription": grain,
        "properties": [
            _property(column, own, references, owner, tests) for column in node["columns"].values()
        ],
        "quality": [_quality(test) for test in tests if not test["column_name"]],
    }
    retired = node.get("deprecation_date")
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"urn:cdi:{node['schema']}:{node['alias']}",
        "name": node["alias"],
        "version": f"{major}.0.0" if major else version,
        "status": "deprecated" if retired else "active",
        "domain": "customer",
        "description": {"purpose": more or grain},
        "team": {"name": owner},
        "servers": [
            {
                "server": "readers",
                "type": "duckdb",
                "database": settings.published().name,
                "schema": node["schema"],
                "description": "The file that readers open, published after each good build.",
            }
        ],
        "schema": [{name: value for name, value in table.items() if value}],
        "customProperties": [{"property": "retiredFrom", "value": retired}] if retired else [],
    }


def _property(
    column: dict[str, Any],
    own: list[str],
    references: dict[str, str],
    owner: str,
    tests: list[dict[str, Any]],
) -> dict[str, Any]:
    name, meta = column["name"], column["config"]["meta"]
    constraints = {one["type"] for one in column.get("constraints") or ()}
    of_column = [test for test in tests if test["column_name"] == name]
    kind = re.sub(r"\(.*", "", column["data_type"])
    told: dict[str, Any] = {
        "name": name,
        "physicalType": column["data_type"],
        "logicalType": LOGICAL_TYPES[kind],
        "description": column["description"],
        "required": "not_null" in constraints or ([name] == own),
        "unique": [name] == own,
        "classification": meta["pii"],
        "customProperties": [{"property": "owner", "value": meta.get("owner", owner)}],
    }
    if name in own:
        told |= {"primaryKey": True, "primaryKeyPosition": own.index(name) + 1}
    if name in references:
        told["relationships"] = [{"to": references[name], "type": "foreignKey"}]
    quality = [_quality(test) for test in of_column]
    return told | ({"quality": quality} if quality else {})


def _quality(test: dict[str, Any]) -> dict[str, Any]:
    """A test of dbt as a rule in words: what runs it is dbt."""
    dimension = DIMENSIONS.get(test["config"]["meta"]["dimension"], "consistency")
    name = test["test_metadata"]["name"]
    arguments = {
        argument: value
        for argument, value in test["test_metadata"]["kwargs"].items()
        if argument not in ("model", "column_name")
    }
    said = ", ".join(f"{argument} {value}" for argument, value in arguments.items())
    return {
        "type": "text",
        "name": test["name"],
        "description": f"{name.replace('_', ' ')}{f': {said}' if said else ''}",
        "dimension": "uniqueness" if name.startswith("unique") else dimension,
        "severity": {"error": "error", "warn": "warning"}[test["config"]["severity"].lower()],
    }
