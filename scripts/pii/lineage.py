"""Which values each column of each model is made of, read off the SQL that dbt compiled.

Followed is what ends up in a column: the columns its expression takes values from, through every
common table expression, union, subquery and unnested list. Not followed is what merely picks rows,
such as filters, join conditions, and the partitions and order of windows; nor what leaves nothing
of a value: that it is there, how many there are, and which comes first.
"""

from __future__ import annotations

import csv
import enum
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

DIALECT = "duckdb"
DLT_COLUMNS = ("_dlt_load_id", "_dlt_id")

NOTHING_LEFT = (
    exp.Count,
    exp.CountIf,
    exp.ApproxDistinct,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.PercentRank,
    exp.Ntile,
    exp.Length,
    exp.ArraySize,
    exp.Exists,
)
"""Expressions that tell how many, which one or whether: nothing of the values they are given."""

PARTS = (exp.JSONExtract, exp.JSONExtractScalar)
"""Expressions that take a part out of a document, which may be less personal than the whole."""


KINDS = ("attribute", "identifier_type", "trait_name")
"""Columns that say of which kind the value beside them is: `case when attribute = 'email' then …`
takes the e-mail addresses out of a column that has names in it, too."""


class LineageError(Exception):
    """A model cannot be followed. The message says which, where, and how to mend it."""


@dataclass(frozen=True, order=True)
class Column:
    """A column of a relation: `schema.table` and its name."""

    relation: str
    name: str

    def __str__(self) -> str:
        return f"{self.relation}.{self.name}"


class How(enum.IntEnum):
    """What a column has of another one, the least first."""

    PART = 1
    """A part of a document, or the values of one kind out of a column of several kinds."""
    CONDITION = 2
    """It was compared with something: a yes or no, or which of several labels."""
    VALUE = 3
    """Its value, as it is or changed."""


Flows = Mapping[Column, How]
"""Columns that a column is made of, and what it has of each."""
Lineage = dict[Column, Flows]


def lineage(manifest: Mapping[str, Any], project: Path) -> Lineage:
    """What every column of every source table, seed and model is made of.

    Args:
        manifest: dbt's manifest, of compiled models.
        project: folder that the paths in it start from.

    Returns:
        Columns in the order of the relations, parents first. Columns of sources and seeds are made
        of nothing; so are those of Python models, whose classes have to be declared.

    Raises:
        LineageError: SQL that cannot be followed.
    """
    tables = MappingSchema(dialect=DIALECT)
    found: Lineage = {}

    def add(node: Mapping[str, Any], columns: Mapping[str, Flows]) -> None:
        table = exp.table_(table_name(node), db=node["schema"])
        tables.add_table(table, dict.fromkeys(columns, "text"))
        for name, flows in columns.items():
            found[Column(relation_name(node), name)] = flows

    for source in manifest["sources"].values():
        if source["columns"]:
            add(source, {key: {} for key in [*source["columns"], *DLT_COLUMNS]})
    for node in parents_first(manifest):
        if node["resource_type"] == "seed":
            with (project / node["original_file_path"]).open(newline="", encoding="utf-8") as file:
                add(node, {key: {} for key in next(csv.reader(file))})
        elif node["language"] != "sql":
            add(node, {key: {} for key in node["columns"]})
        else:
            add(node, _Query(node, tables).columns())
    return found


def relation_name(node: Mapping[str, Any]) -> str:
    """`schema.table` of a node of the manifest."""
    return f"{node['schema']}.{table_name(node)}"


def table_name(node: Mapping[str, Any]) -> str:
    """What a source, seed or model is called in its schema."""
    return str(node.get("identifier") or node["alias"])


def parents_first(manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Seeds and models of a manifest, each after those it reads."""
    nodes = {
        name: node
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("seed", "model")
    }
    done: set[str] = set()

    def visit(name: str) -> Iterator[dict[str, Any]]:
        if name in nodes and name not in done:
            done.add(name)
            for parent in nodes[name].get("depends_on", {}).get("nodes", ()):
                yield from visit(parent)
            yield nodes[name]

    for name in sorted(nodes):
        yield from visit(name)


class _Query:
    """The SQL of one model, and what its columns are made of."""

    def __init__(self, node: Mapping[str, Any], schema: MappingSchema) -> None:
        self._name = node["name"]
        self._known: dict[tuple[int, str], Flows] = {}
        self._before: dict[tuple[int, str], Flows] = {}
        self._met_itself = False
        try:
            tree = sqlglot.parse_one(node["compiled_code"], dialect=DIALECT)
            for table in tree.find_all(exp.Table):
                # The database is called as the file is: it differs from place to place.
                table.set("catalog", None)
            tree = qualify(
                tree,
                dialect=DIALECT,
                schema=schema,
                validate_qualify_columns=False,
                quote_identifiers=False,
                identify=False,
            )
            scope = build_scope(tree)
        except sqlglot.errors.SqlglotError as error:
            first = str(error).splitlines()[0]
            raise LineageError(f"{self._name}: its SQL cannot be read: {first}") from None
        if scope is None:
            raise LineageError(f"{self._name}: it is no query")
        self._scope = scope
        self._unions = {
            id(each.expression): each
            for each in scope.traverse()
            if isinstance(each.expression, exp.SetOperation)
        }

    def columns(self) -> dict[str, Flows]:
        """What each column of the result is made of."""
        names = _names(self._scope)
        if "*" in names:
            raise LineageError(
                f"{self._name}: the columns behind a `*` are not known; is what it reads declared?"
            )
        found = {name: self._output(self._scope, name) for name in names}
        # A recursive query was taken to give nothing to itself: what it gave the time before is
        # put in its place, until nothing is added.
        while self._met_itself and self._known != self._before:
            self._before, self._known = self._known, {}
            found = {name: self._output(self._scope, name) for name in names}
        return found

    def _output(self, scope: Scope, name: str) -> Flows:
        """What the column `name` of a scope's result is made of."""
        key = (id(scope), name)
        if key not in self._known:
            self._known[key] = _IN_WORK
            self._known[key] = self._selected(scope, name)
        if self._known[key] is _IN_WORK:
            self._met_itself = True
            return self._before.get(key, {})
        return self._known[key]

    def _selected(self, scope: Scope, name: str) -> Flows:
        expression = scope.expression
        if isinstance(expression, exp.SetOperation):
            return _merged(self._of_arm(arm, scope, name) for arm in scope.set_operation_scopes)
        if isinstance(expression, exp.Select):
            for selected in expression.selects:
                if selected.alias_or_name == name:
                    return self._made_of(selected, scope)
        if isinstance(expression, exp.Query):
            raise LineageError(f"{self._name}: there is no column {name} where it is read")
        # An unnested list or a table function: whatever goes in may come out.
        return self._made_of(expression, scope)

    def _of_arm(self, arm: Scope, union: Scope, name: str) -> Flows:
        """What an arm of a union gives to a column of it: by its name, or by its place."""
        names = _names(arm)
        if union.expression.args.get("by_name"):
            return self._output(arm, name) if name in names else {}
        return self._output(arm, names[_names(union).index(name)])

    def _made_of(self, expression: exp.Expr, scope: Scope) -> Flows:
        """What an expression leaves of the columns it is given."""
        if isinstance(expression, exp.Column):
            return self._column(expression, scope)
        if isinstance(expression, NOTHING_LEFT):
            return {}
        if isinstance(expression, exp.Is) and isinstance(expression.expression, exp.Null):
            return {}
        if isinstance(expression, exp.Window | exp.Ordered | exp.WithinGroup):
            return self._made_of(expression.this, scope)
        if isinstance(expression, exp.Filter):
            flows = self._made_of(expression.this, scope)
            return _at_most(How.PART, flows) if _names_a_kind(expression.expression) else flows
        if isinstance(expression, exp.If):
            # Also the arms of a CASE.
            arms = _merged(self._made_of(each, scope) for each in _given(expression, "true"))
            if _names_a_kind(expression.this):
                arms = _at_most(How.PART, arms)
            default = [self._made_of(each, scope) for each in _given(expression, "false")]
            condition = _at_most(How.CONDITION, self._made_of(expression.this, scope))
            return _merged([condition, arms, *default])
        if isinstance(expression, exp.Case):
            compared = [self._made_of(each, scope) for each in _given(expression, "this")]
            results = [self._made_of(each, scope) for each in _given(expression, "ifs", "default")]
            return _merged([_at_most(How.CONDITION, _merged(compared)), *results])
        if isinstance(expression, exp.Query | exp.Subquery):
            query = expression.unnest()
            for inner in scope.subquery_scopes:
                if inner.expression is query:
                    return _merged(self._output(inner, each) for each in _names(inner))
        made_of = _merged(self._made_of(child, scope) for child in _values_of(expression))
        if isinstance(expression, PARTS):
            return _at_most(How.PART, made_of)
        if isinstance(expression, exp.Predicate | exp.Connector | exp.Not):
            return _at_most(How.CONDITION, made_of)
        return made_of

    def _column(self, column: exp.Column, scope: Scope) -> Flows:
        here: Scope | None = scope
        while here is not None:
            source = here.sources.get(column.table)
            if isinstance(source, exp.Table):
                return {Column(f"{source.db}.{source.name}", column.name): How.VALUE}
            if isinstance(source, Scope):
                if isinstance(source.expression, exp.Query):
                    # A recursive query that reads itself is given its first arm alone.
                    whole = self._unions.get(id(source.expression.parent), source)
                    return self._output(whole, column.name)
                return self._made_of(source.expression, here)
            here = here.parent
        # A name of a lambda or of a struct's field: followed where its value is given.
        return {}


def _names(scope: Scope) -> list[str]:
    """Names of the columns of a query's result."""
    expression = scope.expression
    return list(expression.named_selects) if isinstance(expression, exp.Query) else []


_IN_WORK: Flows = types.MappingProxyType({})


def _merged(several: Iterable[Flows]) -> Flows:
    merged: dict[Column, How] = {}
    for flows in several:
        for column, how in flows.items():
            merged[column] = max(how, merged.get(column, how))
    return merged


def _at_most(limit: How, flows: Flows) -> Flows:
    return {column: min(how, limit) for column, how in flows.items()}


def _names_a_kind(condition: exp.Expr) -> bool:
    """Whether a condition keeps the values of named kinds: `attribute = 'email'`."""
    return any(
        isinstance(equal.this, exp.Column) and equal.this.name in KINDS
        for equal in condition.find_all(exp.EQ, exp.In)
    )


def _given(expression: exp.Expr, *names: str) -> Iterator[exp.Expr]:
    """The parts of an expression by the names of its arguments, those there are."""
    for name in names:
        value = expression.args.get(name)
        yield from (value if isinstance(value, list) else [value] if value else [])


def _values_of(expression: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of an expression that values come from."""
    names = [name for name in expression.args if name not in ("order", "partition_by", "to")]
    for each in _given(expression, *names):
        if isinstance(each, exp.Expr):
            yield each
