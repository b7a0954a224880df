"""Runs the identity models themselves, as dbt compiles them, on records made up by a test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add
from typing import Any

import duckdb
import pyarrow
import pytest
from dbt.cli.main import dbtRunner

from ingestion.settings import PROJECT

# What is built here of the identity room, with everything between it and the unions.
CUSTOMERS = "int_records__identified"
HOUSEHOLDS = "int_households__identified"
ASSIGNED = "int_record_ids__assigned"
_NONE_ASSIGNED = re.compile(r"assignments as \(\s+select.*?where false\s+\)", re.DOTALL)


@dataclass
class Person:
    """One person record, or one of an organization.

    Args:
        record_key: `source:record_id`.
        name: given and family name, or nothing; of an organization its name.
        identifiers: (type, value) pairs.
        created_at: when the source created it.
        details: other columns of the union, such as `birth_date`.
    """

    record_key: str
    name: str | None = None
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    created_at: str = "2024-01-01"
    details: dict[str, str] = field(default_factory=dict)


Decision = tuple[str, str, str]


class Identity:
    """The identity room on a database of its own.

    Args:
        compiled: SQL of each model by name, its parents in schema `intermediate`, parents first.
        beyond: likewise, of the models that households take beside.
        tables: statements that create the empty inputs, as their contracts declare them.
        seeds: statements that create the seeds the models read.
    """

    def __init__(
        self,
        compiled: dict[str, str],
        beyond: dict[str, str],
        tables: list[str],
        seeds: list[str],
    ) -> None:
        self._compiled = compiled
        self._beyond = beyond
        self._tables = tables
        self._seeds = seeds

    def cluster(
        self,
        people: Iterable[Person],
        threads: int = 2,
        decisions: Iterable[Decision] = (),
        memory: str = "4GB",
    ) -> dict[str, str]:
        """Customer id of each record key.

        Args:
            people: the records.
            threads: threads of the engine.
            decisions: (decision, record key, other record key).
            memory: what the engine may use; more fails the test.
        """
        people = list(people)
        connection = self._database(threads)
        connection.execute(f"set memory_limit = '{memory}'")
        self._identify(connection, people, decisions)
        customers = _customers(connection, people)
        connection.close()
        return customers

    def grow(self, batches: Iterable[list[Person]]) -> dict[str, str]:
        """Customer id of each record key, after a build with each batch more than before."""
        return self.builds(accumulate(batches, add))[-1]

    def builds(self, states: Iterable[list[Person]]) -> list[dict[str, str]]:
        """Customer id of each record key after each of the builds, a day apart.

        Args:
            states: all records there are at each build.
        """
        builds: list[dict[str, str]] = []
        given: pyarrow.Table | None = None
        for people in states:
            connection = self._database(threads=2)
            self._identify(connection, people, (), given)
            builds.append(_customers(connection, people))
            # As if it had been built a day earlier.
            given = connection.execute(
                "select * replace (assigned_at - interval 1 day as assigned_at) "
                "from intermediate.int_record_ids__assigned"
            ).to_arrow_table()
            connection.close()
        return builds

    def both(self, people: list[Person], organizations: list[Person]) -> dict[tuple[str, str], str]:
        """Id of the customer or account of each entity and record key."""
        connection = self._database(threads=2)
        self._identify(connection, people, (), organizations=organizations)
        rows = connection.execute(
            "select entity, record_key, golden_id from intermediate.int_records__identified"
        ).fetchall()
        connection.close()
        assert len(rows) == len(people) + len(organizations), "every record has exactly one id"
        return {(entity, record_key): golden_id for entity, record_key, golden_id in rows}

    def households(self, people: Iterable[Person]) -> dict[str, str]:
        """Household id of each record key that is of a household."""
        connection = self._database(threads=2)
        self._identify(connection, list(people), ())
        for model, sql in self._beyond.items():
            connection.execute(f"create table intermediate.{model} as {sql}")
        rows = connection.execute(
            "select record_key, household_id from intermediate.int_records__identified "
            "inner join intermediate.int_households__identified on golden_id = customer_id"
        ).fetchall()
        connection.close()
        assert len(rows) == len(dict(rows)), "a customer is of one household"
        return dict(rows)

    def _identify(
        self,
        connection: duckdb.DuckDBPyConnection,
        people: list[Person],
        decisions: Iterable[Decision],
        given: pyarrow.Table | None = None,
        organizations: Iterable[Person] = (),
    ) -> None:
        """Builds who is who; `given` are the ids assigned before."""
        connection.execute("set max_temp_directory_size = '0KB'")
        for decision in decisions:
            connection.execute(
                "insert into intermediate.decisions (decision, record_key, other_record_key) "
                "values (?, ?, ?)",
                list(decision),
            )
        columns = sorted({column for person in people for column in person.details})
        _register(
            connection,
            "people",
            record_key=[person.record_key for person in people],
            full_name=[person.name for person in people],
            created_at=[person.created_at for person in people],
            **{column: [person.details.get(column) for person in people] for column in columns},
        )
        organizations = list(organizations)
        _register(
            connection,
            "organizations",
            record_key=[one.record_key for one in organizations],
            name=[one.name for one in organizations],
            created_at=[one.created_at for one in organizations],
        )
        held = [
            (entity, one.record_key, *pair)
            for entity, records in (("person", people), ("organization", organizations))
            for one in records
            for pair in one.identifiers
        ]
        _register(
            connection,
            "held",
            entity=[entity for entity, _, _, _ in held],
            record_key=[record_key for _, record_key, _, _ in held],
            identifier_type=[kind for _, _, kind, _ in held],
            identifier_value=[value for _, _, _, value in held],
        )
        connection.execute(
            "insert into intermediate.int_person_records__unioned by name "
            "select record_key, split_part(record_key, ':', 1) as source, full_name, "
            "false as is_deleted, cast(created_at as timestamp) as created_at, "
            f"timestamp '2026-01-01' as loaded_at {''.join(', ' + name for name in columns)} "
            "from people"
        )
        connection.execute(
            "insert into intermediate.int_organizations__unioned by name "
            "select record_key, split_part(record_key, ':', 1) as source, name, "
            "false as is_deleted, cast(created_at as timestamp) as created_at, "
            "timestamp '2026-01-01' as loaded_at from organizations"
        )
        connection.execute(
            "insert into intermediate.int_identifiers__unioned by name select * from held"
        )
        for model, sql in self._compiled.items():
            if model == ASSIGNED and given is not None:
                connection.register("given", given)
                # As dbt compiles it where the table is there.
                sql, changed = _NONE_ASSIGNED.subn("assignments as (from given)", sql)
                assert changed == 1
                sql = f"from given union all by name ({sql})"
            connection.execute(f"create table intermediate.{model} as {sql}")

    def components(
        self, edges: Iterable[tuple[int, int]], nodes: int, threads: int = 2
    ) -> dict[int, int]:
        """Smallest node reachable from each node, where every pair speaks for its two records."""
        connection = duckdb.connect(config={"threads": threads})
        pairs = list(edges)
        _register(
            connection,
            "links",
            one=[str(one) for one, _ in pairs],
            other=[str(other) for _, other in pairs],
        )
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_records__compared as "
            "select 'person' as entity, format('{:07d}', number) as record_key, "
            "number as record_number, timestamp '2024-01-01' as created_at "
            "from range(?) as numbers (number)",
            [nodes],
        )
        connection.execute(
            "create table intermediate.int_pairs__weighed as select distinct "
            "least(one::bigint, other::bigint) as record_number, "
            "greatest(one::bigint, other::bigint) as other_record_number, 1000 as weight "
            "from links where one <> other"
        )
        connection.execute(
            "create table intermediate.int_decisions__resolved "
            "(record_number bigint, other_record_number bigint, decision varchar)"
        )
        connection.execute(
            "create table intermediate.int_records__connected as "
            f"{self._compiled['int_records__connected']}"
        )
        connection.execute(
            "create table intermediate.int_component_pairs__weighed as "
            "select pairs.*, component, weight as linkage_weight "
            "from intermediate.int_pairs__weighed as pairs "
            "inner join intermediate.int_records__connected using (record_number)"
        )
        rows = connection.execute(
            f"select record_key, cluster_key from ({self._compiled['int_records__clustered']})"
        ).fetchall()
        connection.close()
        return {int(record): int(cluster) for record, cluster in rows}

    def _database(self, threads: int) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": threads})
        connection.execute("create schema intermediate")
        for statement in self._tables + self._seeds:
            connection.execute(statement)
        return connection


def _customers(connection: duckdb.DuckDBPyConnection, people: list[Person]) -> dict[str, str]:
    """Customer id of each record key, as built."""
    rows = connection.execute(
        "select record_key, golden_id from intermediate.int_records__identified"
    ).fetchall()
    assert len(rows) == len(people), "every record has exactly one customer"
    return dict(rows)


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, /, **columns: list[str] | list[str | None]
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
            *("compile", "--quiet", "--no-introspect", "--select", f"+{HOUSEHOLDS}"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ]
    )
    assert done.success, done.exception
    manifest = json.loads((folder / "target" / "manifest.json").read_text())
    nodes = manifest["nodes"]
    compiled: dict[str, str] = {}
    tables: dict[str, str] = {}
    seeds: dict[str, str] = {}

    def gather(key: str) -> None:
        """Takes in a node after everything it reads, as far up as the unions."""
        node = nodes[key]
        name = node["name"]
        if node["resource_type"] == "seed":
            seeds[name] = _seed_table(node)
        elif name.endswith("__unioned"):
            columns = node["columns"].values()
            typed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
            tables[name] = f"create table intermediate.{name} ({typed})"
        elif node["fqn"][1] == "staging":
            # Nobody here has asked for anything, such as to be put right.
            (source,) = (manifest["sources"][parent] for parent in node["depends_on"]["nodes"])
            types = {key: column["data_type"] for key, column in source["columns"].items()}
            typed = ", ".join(f"{column} {types[column]}" for column in node["columns"])
            tables[name] = (
                f"create schema if not exists staging; create table staging.{name} ({typed})"
            )
        elif name not in compiled:
            for parent in node["depends_on"]["nodes"]:
                gather(parent)
            compiled[name] = node["compiled_code"].replace(f'"{node["database"]}".', "")

    gather(f"model.cdi.{CUSTOMERS}")
    customers = dict(compiled)
    gather(f"model.cdi.{HOUSEHOLDS}")
    beyond = {model: sql for model, sql in compiled.items() if model not in customers}
    return Identity(customers, beyond, list(tables.values()), list(seeds.values()))


def _seed_table(node: dict[str, Any]) -> str:
    """Statement that creates a seed's table, of the types its yml declares."""
    file = str(PROJECT / node["original_file_path"]).replace("'", "''")
    types = node["config"]["column_types"]
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
    return (
        f"create table intermediate.{node['name']} as "
        f"from read_csv('{file}', header = true, columns = {{{listed}}})"
    )


@pytest.fixture(scope="session")
def same() -> Callable[[dict[str, str]], set[frozenset[str]]]:
    """The grouping in a {record: customer} mapping, whatever the customers are called."""

    def grouping(customers: dict[str, str]) -> set[frozenset[str]]:
        groups: dict[str, set[str]] = {}
        for record, customer in customers.items():
            groups.setdefault(customer, set()).add(record)
        return {frozenset(group) for group in groups.values()}

    return grouping
