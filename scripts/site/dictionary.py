"""The data dictionary: every table and column, with type, meaning, class and owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scripts.manifest import Manifest

LAYERS = ("marts", "governance", "conformed", "intermediate", "staging", "raw", "seeds")


@dataclass(frozen=True)
class Column:
    """A column of the dictionary.

    Args:
        name: its name.
        type: what it holds, as the warehouse or the contract says.
        description: what it means.
        pii: class of personal data; none where none is declared.
        owner: who answers for it.
    """

    name: str
    type: str
    description: str
    pii: str
    owner: str


@dataclass(frozen=True)
class Table:
    """A table of the dictionary.

    Args:
        id: unique, for links.
        schema: where it is.
        name: its name.
        version: version of a public model.
        layer: one of `LAYERS`.
        description: its grain and meaning.
        owner: who answers for it.
        columns: its columns, in their order.
    """

    id: str
    schema: str
    name: str
    version: str | None
    layer: str
    description: str
    owner: str
    columns: list[Column]


def tables(manifest: Manifest, catalog: dict[str, Any]) -> list[Table]:
    """Every source table, seed and model, marts first.

    Args:
        manifest: dbt's `manifest.json`.
        catalog: dbt's `catalog.json`; what is not built yet is not in it.
    """
    found = catalog["nodes"] | catalog["sources"]
    nodes = [
        node
        for node in (*manifest["nodes"].values(), *manifest["sources"].values())
        if node["resource_type"] in ("model", "seed", "source")
    ]
    listed = [_table(node, found.get(node["unique_id"], {"columns": {}})) for node in nodes]
    return sorted(listed, key=lambda table: (LAYERS.index(table.layer), table.schema, table.name))


def _table(node: dict[str, Any], found: dict[str, Any]) -> Table:
    owner = node["config"].get("meta", {}).get("owner", "data")
    types = {name.lower(): column["type"] for name, column in found["columns"].items()}
    columns = []
    for name, column in node["columns"].items():
        meta = column["config"].get("meta", {})
        columns.append(
            Column(
                name,
                str(types.get(name.lower()) or column["data_type"] or "").lower(),
                column["description"],
                meta.get("pii", "none"),
                meta.get("owner", owner),
            )
        )
    undescribed = [name for name in types if name not in {key.lower() for key in node["columns"]}]
    columns += [Column(name, types[name].lower(), "", "none", owner) for name in undescribed]
    version = str(node["version"]) if node.get("version") else None
    name = node.get("alias") or node["name"]
    return Table(
        node["unique_id"],
        node["schema"],
        name,
        version,
        layer(node),
        node["description"],
        owner,
        columns,
    )


def layer(node: dict[str, Any]) -> str:
    """Layer of a node, one of `LAYERS`."""
    if node["resource_type"] == "source":
        return "raw"
    if node["resource_type"] == "seed":
        return "seeds"
    if node["name"].endswith("__unioned"):
        return "conformed"
    room = node["fqn"][1]
    return "governance" if node["fqn"][1:3] == ["marts", "governance"] else str(room)
