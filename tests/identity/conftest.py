"""Runs the identity models themselves, as dbt compiles them, on records made up by a test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow
import pytest
from dbt.cli.main import dbtRunner

from ingestion.settings import PROJECT

SEEDS = (
    "reference/countries",
    "reference/country_aliases",
    "reference/junk_values",
    "identity/role_mailboxes",
    "identity/free_email_domains",
    "identity/identifier_rules",
)
MODELS = (
    "int_person_records__cleaned",
    "int_organizations__cleaned",
    "int_identifiers__normalized",
    "int_identifiers__linked",
    "int_person_records__clustered",
    "int_customers__identified",
)


@dataclass
class Person:
    """One person record.

    Args:
        record_key: `source:record_id`.
        name: given and family name, or nothing.
        identifiers: (type, value) pairs.
        created_at: when the source created it.
    """

    record_key: str
    name: str | None = None
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    created_at: str = "2024-01-01"


class Identity:
    """The identity room on a database of its own.

    Args:
        compiled: SQL of each model by name, its parents in schema `intermediate`.
        tables: statements that create the empty inputs, as their contracts declare them.
    """

    def __init__(self, compiled: dict[str, str], tables: list[str]) -> None:
        self._compiled = compiled
        self._tables = tables

    def cluster(self, people: Iterable[Person], threads: int = 2) -> dict[str, str]:
        """Customer id of each record key."""
        people = list(people)
        connection = self._database(threads)
        _register(
            connection,
            "people",
            record_key=[person.record_key for person in people],
            full_name=[person.name for person in people],
            created_at=[person.created_at for person in people],
        )
        held = [(person.record_key, *pair) for person in people for pair in person.identifiers]
        _register(
            connection,
            "held",
            record_key=[record_key for record_key, _, _ in held],
            identifier_type=[kind for _, kind, _ in held],
            identifier_value=[value for _, _, value in held],
        )
        connection.execute(
            "insert into intermediate.int_person_records__unioned by name "
            "select record_key, split_part(record_key, ':', 1) as source, full_name, "
            "false as is_deleted, cast(created_at as timestamp) as created_at, "
            "timestamp '2026-01-01' as loaded_at from people"
        )
        connection.execute(
            "insert into intermediate.int_identifiers__unioned by name select * from held"
        )
        for model in MODELS:
            connection.execute(f"create table intermediate.{model} as {self._compiled[model]}")
        rows = connection.execute(
            "select record_key, customer_id from intermediate.int_person_records__clustered "
            "inner join intermediate.int_customers__identified using (cluster_key)"
        ).fetchall()
        connection.close()
        assert len(rows) == len(people), "every record has exactly one customer"
        return dict(rows)

    def components(
        self, edges: Iterable[tuple[int, int]], nodes: int, threads: int = 2
    ) -> dict[int, int]:
        """Smallest node reachable from each node, by the clustering model alone."""
        connection = duckdb.connect(config={"threads": threads})
        pairs = list(edges)
        _register(
            connection,
            "links",
            record=[str(one) for one, _ in pairs],
            linked_record=[str(other) for _, other in pairs],
        )
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_person_records__cleaned as "
            "select format('{:07d}', number) as record_key from range(?) as numbers (number)",
            [nodes],
        )
        connection.execute(
            "create table intermediate.int_identifiers__linked as "
            "select 'person' as entity, lpad(record, 7, '0') as record_key, "
            "lpad(linked_record, 7, '0') as linked_record_key from links"
        )
        rows = connection.execute(self._compiled["int_person_records__clustered"]).fetchall()
        connection.close()
        return {int(node): int(component) for node, component in rows}

    def _database(self, threads: int) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": threads})
        connection.execute("create schema intermediate")
        for statement in self._tables:
            connection.execute(statement)
        for seed in SEEDS:
            file = PROJECT / "dbt_project" / "seeds" / f"{seed}.csv"
            connection.execute(
                f"create table intermediate.{Path(seed).name} as "
                "from read_csv(?, header = true, all_varchar = true)",
                [str(file)],
            )
        connection.execute(
            "alter table intermediate.countries alter is_month_first type boolean;"
            "alter table intermediate.countries alter national_digits type integer;"
            "alter table intermediate.identifier_rules alter is_linking type boolean;"
            "alter table intermediate.identifier_rules alter needs_name_agreement type boolean;"
            "alter table intermediate.identifier_rules alter maximum_names type integer"
        )
        return connection


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, **columns: list[str] | list[str | None]
) -> None:
    """Makes rows a table, as Arrow: thousands of Python parameters would take seconds."""
    typed = {column: pyarrow.array(rows, pyarrow.string()) for column, rows in columns.items()}
    connection.register(name, pyarrow.table(typed))


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The identity models, compiled once by dbt."""
    folder = tmp_path_factory.mktemp("dbt")
    done = dbtRunner().invoke(
        [
            *("compile", "--quiet", "--no-introspect", "--select", *MODELS),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ]
    )
    assert done.success, done.exception
    manifest = json.loads((folder / "target" / "manifest.json").read_text())
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    compiled = {
        node["name"]: node["compiled_code"].replace(f'"{node["database"]}".', "")
        for node in nodes
        if node["name"] in MODELS
    }
    tables = [
        f"create table intermediate.{node['name']} ("
        + ", ".join(
            f"{column['name']} {column['data_type']}" for column in node["columns"].values()
        )
        + ")"
        for node in nodes
        if node["name"].endswith("__unioned")
    ]
    return Identity(compiled, tables)


@pytest.fixture
def same() -> Callable[[dict[str, str]], set[frozenset[str]]]:
    """The grouping in a {record: customer} mapping, whatever the customers are called."""

    def grouping(customers: dict[str, str]) -> set[frozenset[str]]:
        groups: dict[str, set[str]] = {}
        for record, customer in customers.items():
            groups.setdefault(customer, set()).add(record)
        return {frozenset(group) for group in groups.values()}

    return grouping
