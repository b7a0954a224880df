"""The entity-relationship diagram of the public model, drawn from dbt's manifest."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

Manifest = dict[str, Any]

WIDTH, GAP_X, GAP_Y, HEAD, ROW = 250, 130, 26, 30, 19
"""Of a box, between boxes, of its head and of each line in it, in units of the drawing."""


@dataclass(frozen=True)
class Relation:
    """A column that names a row of another entity.

    Args:
        child: entity that has the column.
        column: the column.
        parent: entity it names a row of.
        field: the column of the parent it holds a value of.
        is_required: whether every row has one.
    """

    child: str
    column: str
    parent: str
    field: str
    is_required: bool


@dataclass
class Entity:
    """An entity of the diagram, and where it is drawn.

    Args:
        id: of its node in the manifest.
        name: its name.
        grain: what one row of it is.
        key: columns that tell its rows apart.
        names: columns that name rows of others.
        others: how many columns it has beside these.
    """

    id: str
    name: str
    grain: str
    key: list[str]
    names: list[str]
    others: int
    x: int = 0
    y: int = 0

    @property
    def lines(self) -> list[str]:
        """Columns that are drawn."""
        return [*self.key, *(name for name in self.names if name not in self.key)]

    @property
    def height(self) -> int:
        """Of its box."""
        return HEAD + ROW * (len(self.lines) + 1) + 6

    def line_y(self, column: str) -> int:
        """Middle of the line of a column."""
        at = self.lines.index(column) if column in self.lines else -1
        return self.y + HEAD + ROW * at + ROW // 2 + 2


@dataclass
class Diagram:
    """What is drawn.

    Args:
        entities: the boxes, by name.
        relations: the lines between them.
        width: of the drawing.
        height: of the drawing.
    """

    entities: dict[str, Entity]
    relations: list[Relation]
    width: int = 0
    height: int = 0

    def path(self, relation: Relation) -> str:
        """The line of a relation, from the column to the row it names."""
        child, parent = self.entities[relation.child], self.entities[relation.parent]
        y, other_y = child.line_y(relation.column), parent.line_y(relation.field)
        is_right = child.x > parent.x
        x = child.x if is_right else child.x + WIDTH
        other_x = parent.x + WIDTH
        reach = GAP_X // 2
        if child.x == parent.x:
            return f"M{x} {y}C{x + reach} {y} {other_x + reach} {other_y} {other_x} {other_y}"
        return f"M{x} {y}C{x - reach} {y} {other_x + reach} {other_y} {other_x} {other_y}"


def draw(manifest: Manifest) -> Diagram:
    """The diagram of all public models of the schema `marts`.

    Args:
        manifest: dbt's `manifest.json`.
    """
    models = {
        node["unique_id"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["schema"] == "marts"
        and node["version"] == node["latest_version"]
    }
    found = sorted(relations(manifest, models), key=lambda one: (one.child, one.column))
    keys_of = keys(manifest)
    entities = {}
    for node in models.values():
        names = [one.column for one in found if one.child == node["name"]]
        key = keys_of.get(node["unique_id"], [])
        others = len(set(node["columns"]) - set(key) - set(names))
        grain = node["description"].split(".")[0].split(":")[0]
        entities[node["name"]] = Entity(node["unique_id"], node["name"], grain, key, names, others)
    diagram = Diagram(entities, found)
    _place(diagram)
    return diagram


def relations(manifest: Manifest, models: dict[str, Any]) -> list[Relation]:
    """Relations that a test of dbt holds, between the models given by their ids."""
    found = []
    for test in _generic_tests(manifest):
        if test["test_metadata"]["name"] != "relationships":
            continue
        child = models.get(test["attached_node"])
        target = re.search(r"ref\('(\w+)'\)", test["test_metadata"]["kwargs"]["to"])
        parent = next(
            (node for node in models.values() if target and node["name"] == target[1]), None
        )
        if child is None or parent is None:
            continue
        column = child["columns"][test["column_name"]]
        required = any(one["type"] == "not_null" for one in column.get("constraints") or ())
        field = test["test_metadata"]["kwargs"]["field"]
        found.append(Relation(child["name"], column["name"], parent["name"], field, required))
    return found


def _generic_tests(manifest: Manifest) -> list[dict[str, Any]]:
    """Tests of a model or a column of one."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node")
    ]


def keys(manifest: Manifest) -> dict[str, list[str]]:
    """Columns that tell the rows of a model apart, by the test that says so."""
    found: dict[str, list[str]] = {}
    for test in _generic_tests(manifest):
        name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        if name == "unique":
            found.setdefault(test["attached_node"], [test["column_name"]])
        elif name == "unique_combination":
            found[test["attached_node"]] = list(arguments["columns"])
    return found


def _place(diagram: Diagram) -> None:
    """Puts what is named by others left of what names it, and near to it."""
    parents: dict[str, set[str]] = defaultdict(set)
    for one in diagram.relations:
        if one.child != one.parent:
            parents[one.child].add(one.parent)

    def depth(name: str, above: tuple[str, ...] = ()) -> int:
        higher = [depth(one, (*above, name)) for one in parents[name] if one not in above]
        return 1 + max(higher, default=-1)

    levels: dict[int, list[Entity]] = defaultdict(list)
    for entity in diagram.entities.values():
        levels[depth(entity.name)].append(entity)
    tallest = 1500
    x, rank = 20, dict[str, float]()
    for level in sorted(levels):
        near = {
            entity.name: sum(rank[name] for name in parents[entity.name] if name in rank)
            / max(1, len(parents[entity.name]))
            for entity in levels[level]
        }
        y = 20
        for entity in sorted(levels[level], key=lambda one: (near[one.name], one.name)):
            if y > 20 and y + entity.height > tallest:
                x, y = x + WIDTH + GAP_X, 20
            entity.x, entity.y = x, y
            rank[entity.name] = y
            y += entity.height + GAP_Y
            diagram.height = max(diagram.height, y)
        x += WIDTH + GAP_X
    diagram.width = x - GAP_X + 20
