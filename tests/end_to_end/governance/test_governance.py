"""Each of the six questions is answered no when what it asks of is broken, and yes when mended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import duckdb
import pytest

from tests.end_to_end.conftest import Company

pytestmark = pytest.mark.timeout(1500)

DIMENSIONS = ("integrity", "availability", "usability", "quality", "compliance", "security")


class Governed:
    """The company, looked at again and again."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.warehouse = company.warehouse

    def run(self, sql: str) -> None:
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(sql)

    def test(self, *names: str, code: int = 0) -> str:
        """Runs tests of dbt by name: what they find is written down."""
        return self.company.cdi("build", "--quiet", "--select", *names, code=code)

    def answers(self, code: int = 0) -> dict[str, str]:
        """What `cdi governance` answers, by dimension."""
        said = self.company.cdi("governance", code=code)
        lines = [line.split() for line in said.splitlines() if line.startswith(DIMENSIONS)]
        return {words[0]: words[-1] for words in lines}

    def noes(self, code: int = 0) -> set[str]:
        return {dimension for dimension, answer in self.answers(code).items() if answer == "no"}


@pytest.fixture(scope="module")
def governed(company: Company) -> Iterator[Governed]:
    """The company when everything was looked at, and every answer is yes."""
    with company.restored():
        governed = Governed(company)
        # Some people of the company have been gone for longer than it keeps anybody's data.
        assert governed.noes(code=1) == {"availability", "compliance"}
        company.cdi("governance", "drill")
        governed.run("update governance.retention_records set last_active_at = loaded_at")
        governed.test("retention_status")
        assert governed.answers() == dict.fromkeys(DIMENSIONS, "yes")
        yield governed


def test_integrity(governed: Governed) -> None:
    """A key that repeats is an order counted twice."""
    governed.run("insert into marts.fct_orders select * from marts.fct_orders limit 1")
    governed.test("unique_fct_orders_v1_order_key", code=1)
    assert governed.noes(code=1) == {"integrity", "quality"}
    said = governed.company.cdi("governance", "--dimension", "integrity", code=1)
    assert re.search(r"unique of fct_orders.order_key: 1 row\b", said)
    assert "find the keys that repeat" in said
    governed.run(
        "create temp table once as select distinct * from marts.fct_orders;"
        "delete from marts.fct_orders; insert into marts.fct_orders from once"
    )
    governed.test("unique_fct_orders_v1_order_key")
    assert governed.noes() == set()


def test_availability(governed: Governed) -> None:
    """A source that was loaded eight days ago is not what it says."""
    moved = "update raw_loads.load_counts set loaded_at = loaded_at {} where source = 'stripe'"
    governed.run(moved.format("- interval 8 days"))
    assert governed.noes() == {"availability"}, "it is not blocking"
    governed.run(moved.format("+ interval 8 days"))
    assert governed.noes() == set()
    readers = governed.company.readers
    readers.rename(readers.with_suffix(".gone"))
    assert governed.noes() == {"availability"}
    readers.with_suffix(".gone").rename(readers)
    assert governed.noes() == set()


def test_usability(governed: Governed) -> None:
    """A column that nobody describes is one that nobody can use."""
    described = (
        "update governance.data_dictionary set is_described = {} "
        "where model = 'dim_customers' and column_name = 'email'"
    )
    governed.run(described.format("false"))
    assert governed.noes() == {"usability"}
    said = governed.company.cdi("governance")
    assert "columns_described of dim_customers: email" in said
    governed.run(described.format("true"))
    assert governed.noes() == set()


def test_quality(governed: Governed) -> None:
    """A value that is not among those there are."""
    ((check,),) = governed.company.query(
        "select check_id from governance.current_checks where check_name = 'accepted_values' "
        "and model = 'fct_orders' and column_name = 'order_state'"
    )
    selected = check.split(".")[2]
    governed.run(
        "create table once as from marts.fct_orders; update marts.fct_orders set order_state = 'x'"
    )
    governed.test(selected, code=1)
    assert governed.noes() == {"quality"}
    governed.run(
        "delete from marts.fct_orders; insert into marts.fct_orders from once; drop table once"
    )
    governed.test(selected)
    assert governed.noes() == set()


def test_compliance(governed: Governed) -> None:
    """A request that was to be answered a month ago."""
    ((person,),) = governed.company.query("select min(customer_id) from marts.dim_customers")
    said = governed.company.cdi(
        "privacy", "request", "open", "access", person, "--received", "2026-01-01T00:00:00Z"
    )
    (request,) = re.findall(r"req_\d+_\d+", said)[:1]
    assert governed.noes(code=1) == {"compliance"}
    governed.company.cdi("privacy", "request", "close", request, "--outcome", "given on paper")
    assert governed.noes() == set()


def test_security(governed: Governed) -> None:
    """A file that others can read."""
    governed.warehouse.chmod(0o644)
    assert governed.noes(code=1) == {"security"}
    governed.warehouse.chmod(0o600)
    assert governed.noes() == set()


def test_a_no_without_a_plan_fails_the_build(governed: Governed) -> None:
    governed.run(
        "create table kept as from intermediate.plans; delete from intermediate.plans "
        "where check_name = 'columns_described'; "
        "update governance.data_dictionary set is_described = false where model = 'dim_customers'"
    )
    said = governed.test("measures", "scorecard", code=2)
    assert "no plan says what to do: usability: columns_described (1)" in said
    governed.run(
        "delete from intermediate.plans; insert into intermediate.plans from kept; drop table kept;"
        "update governance.data_dictionary set is_described = true where model = 'dim_customers'"
    )
    governed.test("measures", "scorecard")


def test_a_build_writes_a_row_for_every_test_and_rule(company: Company) -> None:
    """Of the last whole build: its tests, the rules of its contracts, its models and seeds."""
    counted = dict(
        company.query(
            "with whole as (select run_id from governance.checks where is_whole_build "
            "order by checked_at desc limit 1) "
            "select split_part(check_id, '.', 1), count(*) from governance.checks "
            "where run_id = (from whole) group by 1"
        )
    )
    target = company.folder / "target"
    manifest = json.loads((target / "manifest.json").read_text())
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    assert counted["test"] == len(tests)
    assert counted["unit_test"] == len(manifest["unit_tests"])
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    rules = sum(
        len(column["constraints"])
        for model in models
        if model["config"]["contract"]["enforced"]
        for column in model["columns"].values()
    )
    assert counted["constraint"] == rules
    assert counted["answer"] == len(DIMENSIONS)
    assert counted["measure"] > len(models)
    assert not company.query(
        "select distinct check_name from governance.checks "
        "where check_name not in (select check_name from intermediate.plans) "
        "and split_part(check_id, '.', 1) != 'answer'"
    )
