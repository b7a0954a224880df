"""What the sandbox knows, the marts know: counted at every step."""

from __future__ import annotations

import csv
from typing import Any

import duckdb

from ingestion.contracts import contracts
from ingestion.sources import SOURCES


def everything(company: Any) -> dict[str, str]:
    """A fingerprint of every table's rows, without load metadata and when consent was judged."""
    tables = company.query(
        "select table_schema, table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and not starts_with(table_name, '_dlt')"
    )
    prints = {}
    for schema, table in tables:
        columns = [
            name
            for (name,) in company.query(
                "select column_name from information_schema.columns where table_schema = "
                f"'{schema}' and table_name = '{table}' order by 1"
            )
            if not name.startswith("_dlt") and name != "judged_at"
        ]
        listed = ", ".join(f'"{name}"' for name in columns)
        (found,) = company.query(
            f'select count(*) || \' rows \' || sum(hash({listed})) from "{schema}"."{table}"'
        )
        prints[f"{schema}.{table}"] = found[0]
    return prints


def test_every_source_was_loaded(company: Any) -> None:
    empty = {
        f"{source}.{table}"
        for source in SOURCES
        for table in contracts(source)
        if company.query(f"select count(*) from raw_{source}.{table}") == [(0,)]
    }
    # On a first load no customer can have vanished since the one before; the app sells nothing.
    assert empty == {"shopify.deleted_customers", "app_database.orders"}


# Stripe lists no deleted customer: only the log of the last 30 days still tells of one.
UNSEEN_AT_STRIPE = """
    deleted and id not in (
        select body ->> '$.data.object.id' from stripe.events
        where body ->> '$.type' = 'customer.deleted'
    )
"""


def served(company: Any, sql: str) -> list[tuple]:
    """Rows of what the sandbox's five APIs serve."""
    objects = str(company.sandbox / "objects.duckdb")
    with duckdb.connect(objects, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_rows_served_are_rows_landed(company: Any) -> None:
    kinds = served(company, "select schema_name, table_name from duckdb_tables()")
    compared = 0
    for source, kind in kinds:
        if kind not in contracts(source):
            continue
        seen = f"not ({UNSEEN_AT_STRIPE})" if (source, kind) == ("stripe", "customers") else "true"
        (offered,) = served(company, f"select count(*) from {source}.{kind} where {seen}")[0]
        (landed,) = company.query(f"select count(*) from raw_{source}.{kind}")[0]
        assert landed == offered, f"{source}.{kind}"
        compared += 1
    assert compared >= 12


def test_rows_landed_are_rows_staged(company: Any, manifest: dict[str, Any]) -> None:
    staged = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "staging"
    ]
    assert staged
    for model in staged:
        ((source, table),) = {tuple(pair) for pair in model["sources"]}
        (raw,) = company.query(f"select count(*) from raw_{source}.{table}")[0]
        (rows,) = company.query(f"select count(*) from staging.{model['name']}")[0]
        assert rows == raw, model["name"]


def test_every_record_of_the_truth_has_a_customer(company: Any) -> None:
    """Rows in the truth = rows in the crosswalk, by source, record by record."""
    with (company.sandbox / "truth" / "customers.csv").open() as file:
        truth = {(row["source"], row["record_id"]) for row in csv.DictReader(file)}
    rows = company.query("select source, record_id from marts.xref_customer_records")
    found = set(rows)
    assert len(rows) == len(found)
    assert found <= truth
    # What a tool no longer shows, no one can load: contacts merged into another at HubSpot, and
    # customers deleted at Stripe that nothing refers to any more.
    contacts = served(company, "select id from hubspot.contacts")
    merged = {key for key in truth if key[0] == "hubspot"} - {("hubspot", id) for (id,) in contacts}
    unseen = served(company, f"select id from stripe.customers where {UNSEEN_AT_STRIPE}")
    assert truth - found <= merged | {("stripe", id) for (id,) in unseen}
    assert merged, "the sandbox has merged contacts"


def test_customers_come_close_to_the_people_there_are(company: Any) -> None:
    with (company.sandbox / "truth" / "customers.csv").open() as file:
        people = {row["person_id"] for row in csv.DictReader(file)}
    (customers,) = company.query("select count(*) from marts.dim_customers")[0]
    assert 0.9 * len(people) <= customers <= 1.4 * len(people)


def test_a_second_load_moves_nothing_and_a_second_build_changes_nothing(company: Any) -> None:
    before = everything(company)
    looks = {
        "raw_loads.load_counts",
        "governance.load_reconciliation",
        "governance.figure_history",
        "governance.figure_anomalies",
        "governance.checks",
    }
    said = company.load()
    for source in SOURCES:
        assert f"{source:<15} nothing new" in said
    company.cdi("build", "--resource-type", "seed", "--resource-type", "model")
    after = everything(company)
    assert {name for name in before if after[name] != before[name]} == looks, "a look is counted"


def test_status_tells_what_there_is(company: Any) -> None:
    said = company.cdi("status")
    (customers,) = company.query("select count(*) from marts.dim_customers")[0]
    assert f"{customers:,} found" in said
    for source in SOURCES:
        assert source in said


def test_build_has_no_warning(company: Any) -> None:
    summary = company.output.get("build") or company.cdi("build")
    assert "WARN=0 ERROR=0 SKIP=0" in summary
    assert "[WARNING]" not in summary
