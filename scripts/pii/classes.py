"""Classes of personal data, carried from the raw fields to every column made of them.

A field's class is declared in its raw contract. Every column downstream is of the class it
declares, or else of the strongest one among the columns it is made of. What it declares may be
weaker only where no more than a part or a comparison of the stronger value is in it, or where it
says by which method of the seed `declassifications` so little is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.pii.lineage import DLT_COLUMNS, Column, How, lineage, parents_first, relation_name
from scripts.seeds import seed_rows

UNCOMPARED = "special"
"""Class that no comparison weakens: whether somebody is a woman says as much as the word."""


@dataclass(frozen=True)
class Classified:
    """A column and its class.

    Args:
        column: the column.
        pii: its class.
        is_declared: whether it says so itself; otherwise it was carried.
        declassified: method by which it is of a weaker class than what it is made of.
        origins: personal fields of raw tables it is made of in the end.
    """

    column: Column
    pii: str
    is_declared: bool
    declassified: str | None
    origins: tuple[Column, ...]


@dataclass(frozen=True)
class Classes:
    """Every column's class, parents first, and what is wrong with what was declared."""

    columns: tuple[Classified, ...]
    violations: tuple[str, ...]


@dataclass(frozen=True)
class _Declared:
    pii: str | None
    method: str | None
    is_public: bool


def classify(manifest: Mapping[str, Any], project: Path) -> Classes:
    """Gives each column of each source table, seed and model its class.

    Args:
        manifest: dbt's manifest, of compiled models.
        project: folder that the paths in it start from.

    Raises:
        LineageError: SQL that cannot be followed.
    """
    strength = {row["pii"]: int(row["strength"]) for row in seed_rows("pii_classes")}
    methods = {row["method"] for row in seed_rows("declassifications")}
    declared = _declarations(manifest)
    found: dict[Column, Classified] = {}
    # What each column is made of, back to the nearest columns that declare their class: one that
    # declares none decides nothing, so that a part taken out of a document stays a part.
    made_of: dict[Column, dict[Column, How]] = {}
    violations: list[str] = []
    for column, flows in lineage(manifest, project).items():
        made: dict[Column, How] = {}
        made_of[column] = made
        for parent, how in flows.items():
            decides = declared.get(parent, _NOTHING).pii is not None
            further = {parent: How.VALUE} if decides else made_of[parent]
            for ancestor, passed in further.items():
                made[ancestor] = max(min(how, passed), made.get(ancestor, How.PART))
        carried = max((found[each].pii for each in made), key=strength.__getitem__, default="none")
        says = declared.get(column, _NOTHING)
        pii = says.pii or carried
        origins = {origin for parent in flows for origin in found[parent].origins}
        if not flows and pii != "none" and column.relation.startswith("raw_"):
            origins = {column}
        found[column] = Classified(
            column, pii, says.pii is not None, says.method, tuple(sorted(origins))
        )
        violations.extend(_violations(column, says, made, found, strength, methods))
    return Classes(tuple(found.values()), tuple(violations))


def _violations(
    column: Column,
    says: _Declared,
    made_of: Mapping[Column, How],
    found: Mapping[Column, Classified],
    strength: Mapping[str, int],
    methods: set[str],
) -> Iterator[str]:
    """What is wrong with what a column declares, each with how to mend it."""
    if says.method and says.method not in methods:
        yield f"{column}: `{says.method}` is no method of the seed declassifications"
    if says.pii is None:
        if says.is_public:
            yield f"{column}: a public column has to declare its class in config.meta.pii"
        return
    if says.pii not in strength:
        yield f"{column}: `{says.pii}` is no class of the seed pii_classes"
        return
    stronger = [
        parent
        for parent, how in made_of.items()
        if strength[found[parent].pii] > strength[says.pii]
        and (how is How.VALUE or (how is How.CONDITION and found[parent].pii == UNCOMPARED))
    ]
    if stronger and not says.method:
        named = ", ".join(f"{parent} ({found[parent].pii})" for parent in sorted(stronger)[:3])
        more = f" and {len(stronger) - 3} more" if len(stronger) > 3 else ""
        yield (
            f"{column} is declared {says.pii}, but made of {named}{more}: declare that class, or "
            "in config.meta.declassified how so little is left of it"
        )
    if says.method and not stronger:
        yield f"{column}: it is of no weaker class than what it is made of; drop `declassified`"


def _declarations(manifest: Mapping[str, Any]) -> dict[Column, _Declared]:
    """What each column says of itself. Raw fields that say nothing are of nobody."""
    declared = {}
    for source in manifest["sources"].values():
        relation = relation_name(source)
        for name in source["columns"]:
            pii = _meta(source, name).get("pii", "none")
            declared[Column(relation, name)] = _Declared(pii, None, is_public=False)
        for name in DLT_COLUMNS:
            declared[Column(relation, name)] = _Declared("none", None, is_public=False)
    for node in parents_first(manifest):
        is_public = node["resource_type"] == "model" and node["config"]["contract"]["enforced"]
        needs = is_public or node.get("language") == "python"
        for name in node["columns"]:
            meta = _meta(node, name)
            declared[Column(relation_name(node), name)] = _Declared(
                meta.get("pii"), meta.get("declassified"), is_public=needs
            )
    return declared


def _meta(node: Mapping[str, Any], column: str) -> Mapping[str, Any]:
    return (node["columns"][column].get("config") or {}).get("meta") or {}


_NOTHING = _Declared(None, None, is_public=False)
