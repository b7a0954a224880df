"""A manifest of a few made-up models, to follow columns through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Manifest = dict[str, Any]


def columns_of(declared: dict[str, Any]) -> dict[str, Any]:
    """Columns as a manifest has them; a class alone, or the whole meta."""
    found = {}
    for name, meta in declared.items():
        known = meta if isinstance(meta, dict) else {"pii": meta} if meta else {}
        found[name] = {"name": name, "config": {"meta": known}}
    return found


@pytest.fixture
def manifest_of() -> Callable[..., Manifest]:
    """Builds a manifest of a raw table `raw.people`, and of models by their SQL and columns."""

    def build(raw: dict[str, Any], /, **models: tuple[str, dict[str, Any]]) -> Manifest:
        nodes: dict[str, Any] = {}
        for name, (sql, declared) in models.items():
            nodes[f"model.cdi.{name}"] = {
                "resource_type": "model",
                "language": "sql",
                "name": name,
                "schema": "marts",
                "alias": name,
                "compiled_code": sql,
                "config": {"contract": {"enforced": name.startswith("dim_")}},
                "columns": columns_of(declared),
                "depends_on": {"nodes": list(nodes)},
            }
        source = {"schema": "raw", "identifier": "people", "columns": columns_of(raw)}
        return {"sources": {"source.cdi.raw.people": source}, "nodes": nodes}

    return build
