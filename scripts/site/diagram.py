"""The entity-relationship diagram of the public model, drawn from dbt's manifest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from scripts.manifest import Manifest, Relation, key, relations, tests_by_model

WIDTH, GAP_X, GAP_Y, HEAD, ROW = 250, 130, 26, 30, 19
"""Of a box, between boxes, of its head and of each line in it, in units of the drawing."""


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
    tests = tests_by_model(manifest)
    found = relations(tests, models)
    entities = {}
    for node in models.values():
        names = [one.column for one in found if one.child == node["name"]]
        own = key(tests.get(node["unique_id"], []))
        others = len(set(node["columns"]) - set(own) - set(names))
        grain = node["description"].split(".")[0].split(":")[0]
        entities[node["name"]] = Entity(node["unique_id"], node["name"], grain, own, names, others)
    diagram = Diagram(entities, found)
    _place(diagram)
    return diagram


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
