"""The marts of a whole company: restated when two customers turn out to be one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from tests.end_to_end.conftest import Company

# What of two customers comes to what of the one they are.
ADDED = (
    "record_count", "order_count", "reporting_amount", "reporting_refunded_amount",
    "reporting_net_amount", "reporting_paid_amount", "reporting_mrr", "touch_count",
    "session_count", "page_view_count", "email_received_count", "email_opened_count",
    "payment_count", "invoice_count", "subscription_count", "ticket_count", "deal_count",
)  # fmt: skip
# What is told of ids that are no more.
OF_OLD = ("customer_id_aliases", "customer_identity_changes")

# Lists are no longer than this; records of a few hundred people, and what they did, are.
LONGEST_LIST = 1000


def test_every_mart_is_restated_when_two_customers_turn_out_to_be_one(restored: Company) -> None:
    (older, keys), (younger, others) = restored.query(
        "select customer_id, list(record_key order by record_key) from marts.customer_360 "
        "inner join marts.xref_customer_records using (customer_id) "
        "where order_count > 1 and session_count > 0 "
        "group by customer_id, first_seen_at order by first_seen_at limit 2"
    )
    sums = ", ".join(f"sum({column})" for column in ADDED)
    both = f"select {sums} from marts.customer_360 where customer_id in ('{older}', '{younger}')"
    expected = restored.query(both)
    count = "select count(*) from marts.{}"
    customers = {
        mart: restored.query(count.format(mart))[0][0]
        for mart in ("dim_customers", "customer_360", "customer_rfm", "customer_lifetime_value")
    }

    with duckdb.connect(str(restored.warehouse)) as connection:
        # All of both: what speaks against their being one would part some from the others.
        connection.executemany(
            "insert into intermediate.decisions "
            "values ('link', ?, ?, 'ann', 'called us', date '2026-01-01')",
            [[keys[0], other] for other in (*keys[1:], *others)],
        )
    selection = ["-s", "int_decisions__resolved+", "--exclude", "resource_type:unit_test"]
    restored.cdi("build", "--quiet", *selection)

    with duckdb.connect(str(restored.warehouse), read_only=True) as connection:
        assert connection.execute(both).fetchall() == expected
        for mart, before in customers.items():
            assert connection.execute(count.format(mart)).fetchone() == (before - 1,), mart
        tables = connection.execute(
            "select table_name from duckdb_columns() where schema_name = 'marts' "
            "and column_name = 'customer_id' order by 1"
        ).fetchall()
        assert len(tables) > 20
        for (table,) in tables:
            if table not in OF_OLD:
                left = f"select count(*) from marts.{table} where customer_id = '{younger}'"
                assert connection.execute(left).fetchone() == (0,), table
        ordered = connection.execute(
            "select count(*), count(distinct touch_number), max(touch_number), "
            "bool_and(occurred_at >= previous_at or previous_at is null) from (select *, "
            "lag(occurred_at) over (order by touch_number) as previous_at "
            f"from marts.fct_customer_timeline where customer_id = '{older}' "
            "and occurred_at is not null)"
        ).fetchone()
        assert ordered is not None
        assert ordered[0] == ordered[1] == ordered[2]
        assert ordered[3]
        assert connection.execute(
            "select customer_id from marts.customer_id_aliases where alias_id = ?", [younger]
        ).fetchall() == [(older,)]


def test_what_a_browser_did_before_the_login_is_the_customers(company: Company) -> None:
    # Retroactively, and whichever device it was: no page of a known browser is nobody's.
    ((anonymous, of_customers),) = company.query(
        "select count(*), count(customer_id) from marts.fct_events where not is_identified "
        "and anonymous_id in "
        "(select anonymous_id from intermediate.int_anonymous_visitors__identified)"
    )
    assert 0 < anonymous == of_customers
    ((devices,),) = company.query(
        "select max(devices) from (select count(distinct anonymous_id) as devices "
        "from marts.fct_sessions where customer_id is not null group by customer_id)"
    )
    assert devices > 1
    assert company.query(
        "select count(*) from marts.fct_page_views inner join marts.fct_sessions "
        "using (session_key) "
        "where fct_page_views.customer_id is distinct from fct_sessions.customer_id"
    ) == [(0,)]


def nested_loops(plan: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Joins that compare all rows of two sides with each other: rows of the shorter, and how."""
    sides = [child.get("extra_info", {}) for child in plan.get("children", ())]
    if plan["name"].strip() in ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN"):
        # Of some sides, such as an aggregate of everything, the engine foresees no number.
        rows = min(int(side.get("Estimated Cardinality", 1)) for side in sides)
        yield rows, str(plan["extra_info"].get("Condition", plan["extra_info"].get("Conditions")))
    for child in plan.get("children", ()):
        yield from nested_loops(child)


def test_no_model_compares_every_row_with_every_row(company: Company) -> None:
    """Ten times the customers would take a hundred times as long."""
    compiled = company.folder / "target" / "compiled" / "cdi" / "dbt_project" / "models"
    models = [file for file in compiled.rglob("*.sql") if not file.parent.name.endswith(".yml")]
    assert len(models) > 200
    found = {}
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        for file in models:
            ((_, plan),) = connection.execute(
                f"explain (format json) {file.read_text()}"
            ).fetchall()
            (top,) = json.loads(plan)
            slow = [how for rows, how in nested_loops(top) if rows > LONGEST_LIST]
            if slow:
                found[file.stem] = slow
    assert not found
