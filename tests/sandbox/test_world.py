"""The world is the same for the same seed, hangs together, and has the faults it promises."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import phonenumbers
import pytest

from scripts.sandbox.world import build_world

from .conftest import CUSTOMERS

Number = Callable[[str], float]

# Tables by their key.
KEYS = {
    "companies": "company_id",
    "people": "person_id",
    "person_records": "source, record_id",
    "organization_records": "source, record_id",
    "products": "variant_id",
    "orders": "order_number",
    "order_lines": "order_line_id",
    "order_refunds": "refund_id",
    "subscriptions": "subscription_id",
    "invoices": "invoice_id",
    "charges": "charge_id",
    "refunds": "refund_id",
    "deals": "deal_id",
    "tickets": "ticket_id",
    "campaigns": "campaign_id",
    "email_events": "event_id",
    "web_events": "message_id",
    "logins": "login_id",
    "consents": "consent_id",
}


def contents(customers: int, seed: int, threads: int) -> dict[str, tuple]:
    """Rows and a checksum of every table, whatever their order."""
    with duckdb.connect(config={"threads": threads}) as connection:
        build_world(connection, customers, seed)
        return {
            table: connection.execute(
                f"select count(*), sum(hash(rows)) from world.{table} as rows"
            ).fetchall()[0]
            for table in KEYS
        }


def test_same_seed_makes_same_world_whatever_the_threads_and_another_seed_another() -> None:
    one = contents(300, seed=1, threads=1)
    assert contents(300, seed=1, threads=4) == one
    other = contents(300, seed=2, threads=4)
    # What is sold does not depend on chance.
    assert {table for table in KEYS if other[table] == one[table]} == {"products"}


def test_one_customer_is_enough() -> None:
    with duckdb.connect() as connection:
        build_world(connection, customers=1, seed=1)
        found = connection.execute("select count(*) from world.people").fetchone()
        known = connection.execute(
            "select count(*) from world.person_records where person_id = 1"
        ).fetchone()
    assert found == (1,)
    assert known and known[0] > 0


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique_and_present(number: Number, table: str) -> None:
    key = KEYS[table]
    first = key.rpartition(", ")[2]
    assert number(f"select count(*) from world.{table}") > 0
    assert number(f"select count(*) - count(distinct ({key})) from world.{table}") == 0
    assert number(f"select count(*) from world.{table} where {first} is null") == 0


REFERENCES = {
    "people.company_id": "companies.company_id",
    "person_records.company_id": "companies.company_id",
    "organization_records.company_id": "companies.company_id",
    "order_lines.order_number": "orders.order_number",
    "order_lines.variant_id": "products.variant_id",
    "order_refunds.order_number": "orders.order_number",
    "order_refunds.order_line_id": "order_lines.order_line_id",
    "orders.record_id": "person_records.record_id",
    "subscriptions.record_id": "person_records.record_id where source = 'stripe'",
    "invoices.subscription_id": "subscriptions.subscription_id",
    "invoices.record_id": "person_records.record_id where source = 'stripe'",
    "charges.invoice_id": "invoices.invoice_id",
    "charges.record_id": "person_records.record_id where source = 'stripe'",
    "refunds.charge_id": "charges.charge_id",
    "deals.record_id": "person_records.record_id where source = 'hubspot'",
    "deals.organization_record_id": "organization_records.record_id where source = 'hubspot'",
    "tickets.record_id": "person_records.record_id where source = 'zendesk'",
    "tickets.organization_record_id": "organization_records.record_id where source = 'zendesk'",
    "email_events.record_id": "person_records.record_id where source = 'klaviyo'",
    "email_events.campaign_id": "campaigns.campaign_id",
    "web_events.user_id": "person_records.record_id where source = 'segment_events'",
    "web_events.group_id": "companies.domain",
    "logins.user_id": "person_records.record_id where source = 'app_database'",
    "consents.user_id": "person_records.record_id where source = 'app_database'",
    "person_records.user_id": "person_records.record_id where source = 'app_database'",
    "person_records.stripe_customer_id": "person_records.record_id where source = 'stripe'",
    "person_records.merged_into": "person_records.record_id where not is_deleted",
}


@pytest.mark.parametrize("child", REFERENCES)
def test_references_hold(number: Number, child: str) -> None:
    table, column = child.split(".")
    parent, _, condition = REFERENCES[child].partition(" where ")
    parent_table, parent_column = parent.split(".")
    referring = f"select {column} from world.{table} where {column} is not null"
    referred = f"select {parent_column} from world.{parent_table} where {condition or 'true'}"
    assert number(f"select count(*) from ({referring})") > 0
    assert number(f"select count(*) from ({referring} except {referred})") == 0


# Each says how many rows break a rule.
RULES = {
    "an order is worth its lines": """
        from world.orders inner join (
            select order_number, sum(amount) as amount from world.order_lines group by all
        ) as lines using (order_number) where subtotal <> amount""",
    "a line is worth its pieces": "from world.order_lines where amount <> quantity * unit_price",
    "every order has a line": """
        from world.orders anti join world.order_lines using (order_number)""",
    "an order's total adds up": """
        from world.orders where total <> subtotal - discount + tax + shipping or total < 0""",
    "no more is refunded than was paid": """
        from world.orders inner join (
            select order_number, sum(amount) as refunded from world.order_refunds group by all
        ) as refunds using (order_number)
        where refunded > total or refunded <= 0 or (status = 'refunded') <> (refunded = total)""",
    "a refund has a refunded order": """
        from world.orders left join world.order_refunds using (order_number)
        where (refund_id is not null) <> (status in ('refunded', 'partially_refunded'))""",
    "no more of a charge is given back than was taken": """
        from world.charges
        where amount_refunded > amount or (status = 'failed' and amount_refunded > 0)""",
    "a charge knows its refunds": """
        from world.charges left join (
            select charge_id, sum(amount) as refunded from world.refunds
            where status = 'succeeded' group by all
        ) as refunds using (charge_id) where amount_refunded <> coalesce(refunded, 0)""",
    "a paid invoice is covered by its charges": """
        from world.invoices left join (
            select invoice_id, sum(amount) as paid from world.charges
            where status = 'succeeded' group by all
        ) as charges using (invoice_id) where amount_paid <> coalesce(paid, 0)""",
    "yen have no cents": """
        from world.orders where currency = 'JPY' and total <> round(total, 0)""",
    "guests have no account, others have": """
        from world.orders left join world.person_records as records
            on records.record_id = 'order:' || orders.order_id and records.is_guest
        where (orders.record_id is null) <> (records.record_id is not null)""",
    "every guest record has its order": """
        from world.person_records as records
        anti join world.orders on records.record_id = 'order:' || orders.order_id
        where is_guest""",
    "records are numbered without a gap": """
        from (
            select max(record_number) - count(*) as gap from world.person_records group by source
        ) where gap <> 0""",
    "what is merged or deleted says when": """
        from world.person_records
        where is_deleted <> (deleted_at is not null)
            or (merged_into is not null and not is_deleted)""",
    "a merge is of one person in one source": """
        from world.person_records as lost inner join world.person_records as kept
            on lost.source = kept.source and lost.merged_into = kept.record_id
        where lost.person_id <> kept.person_id or lost.record_id = kept.record_id""",
    "a user id is of the person": """
        from world.person_records as records inner join world.person_records as users
            on records.user_id = users.record_id and users.source = 'app_database'
        where records.person_id <> users.person_id""",
    "a user's calls begin with the account": """
        from world.web_events inner join world.person_records as records
            on records.source = 'segment_events' and web_events.user_id = records.record_id
        where web_events.occurred_at < records.created_at""",
    "every tracked user has said who it is": """
        from world.person_records as records anti join world.web_events
            on records.record_id = web_events.user_id and web_events.event_type = 'identify'
        where records.source = 'segment_events'""",
    "nothing is ordered before its customer is known": """
        from world.orders inner join world.person_records as records
            using (source, record_id) where ordered_at < created_at""",
}


@pytest.mark.parametrize("rule", RULES)
def test_world_hangs_together(number: Number, rule: str) -> None:
    assert number(f"select count(*) {RULES[rule]}") == 0


def test_nothing_happens_after_now_and_nothing_is_updated_before_it_is_made(
    world: duckdb.DuckDBPyConnection, number: Number
) -> None:
    moments = world.execute(
        """
        select table_name, column_name from duckdb_columns()
        where database_name = 'world' and data_type = 'TIMESTAMP'
            and column_name not in ('current_period_end', 'period_end', 'due_at')
        """
    ).fetchall()
    assert len(moments) > 30
    for table, column in moments:
        late = number(
            f"select count(*) from world.{table} where {column} > timestamp '2026-06-30 12:00:00'"
        )
        assert late == 0, f"{table}.{column}"
        if column == "updated_at" and table != "orders":
            early = number(f"select count(*) from world.{table} where updated_at < created_at")
            assert early == 0, table


def test_truth_has_each_record_once_and_each_person_somewhere(number: Number) -> None:
    assert number("select count(*) from world.people") == CUSTOMERS
    unknown = "from world.people anti join world.person_records using (person_id)"
    assert number(f"select count(*) {unknown}") == 0
    # Records of nobody have a person to themselves.
    nobody = f"from world.person_records where person_id > {CUSTOMERS}"
    assert number(f"select count(*) {nobody}") > 20
    assert number(f"select count(*) - count(distinct person_id) {nobody}") == 0


SHARES = {
    "hubspot": 0.55,
    "stripe": 0.35,
    "shopify": 0.50,
    "zendesk": 0.25,
    "klaviyo": 0.60,
    "app_database": 0.65,
    "segment_events": 0.55,
    "files": 0.15,
}


@pytest.mark.parametrize("source", SHARES)
def test_sources_overlap_as_real_ones_do(number: Number, source: str) -> None:
    people = number(
        f"""
        select count(distinct person_id) from world.person_records
        where source = '{source}' and not is_guest and person_id <= {CUSTOMERS}
        """
    )
    assert people / CUSTOMERS == pytest.approx(SHARES[source], abs=0.05)


def test_volumes_are_plausible(number: Number) -> None:
    assert 1.5 < number("select count(*) from world.orders") / CUSTOMERS < 2.5
    events = number("select count(*) from world.web_events") + number(
        "select count(*) from world.email_events"
    )
    assert 8 < events / CUSTOMERS < 14
    # Few customers place many of the orders.
    heavy = number(
        """
        select sum(orders) filter (place <= people / 10) / sum(orders) from (
            select
                count(*) as orders,
                row_number() over (order by count(*) desc) as place,
                count(*) over () as people
            from world.orders where record_id is not null group by record_id
        )
        """
    )
    assert 0.25 < heavy < 0.6


def test_households_share_addresses_and_phones(number: Number) -> None:
    shared = "from (select {} from world.people group by all having count(*) > 1)"
    address = "household_id, street_address, unit, city, postcode"
    assert number(f"select count(*) {shared.format(address)}") > 300
    assert number(f"select count(*) {shared.format('phone')}") > 50
    assert number("select count(*) from world.people where name_suffix = 'Jr.'") > 2
    # A phone is shared within a household only, an address of one's own with nobody.
    apart = "from world.people group by phone having count(distinct household_id) > 1"
    assert number(f"select count(*) from (select phone {apart})") == 0
    assert number("select count(*) - count(distinct email) from world.people") == 0


def test_companies_have_people_and_records(number: Number) -> None:
    employed = number("select count(company_id) from world.people")
    assert 0.2 < employed / CUSTOMERS < 0.4
    assert (
        number(
            "select max(people) from (select count(*) as people from world.people "
            "where company_id is not null group by company_id)"
        )
        > 5
    )
    assert number("select count(*) - count(distinct domain) from world.companies") == 0


def test_phones_are_valid_numbers_of_their_countries(world: duckdb.DuckDBPyConnection) -> None:
    phones = world.execute("select phone, country from world.people").fetchall()
    parsed = [(phonenumbers.parse(phone), country) for phone, country in phones]
    valid = [phonenumbers.is_valid_number(number) for number, _ in parsed]
    assert sum(valid) / len(valid) > 0.99
    home = [phonenumbers.region_code_for_number(number) == country for number, country in parsed]
    assert sum(home) / len(home) > 0.98


def test_what_the_old_crm_holds_can_be_written_in_its_encoding(
    world: duckdb.DuckDBPyConnection,
) -> None:
    rows = world.execute("from world.person_records where source = 'files'").fetchall()
    for row in rows:
        for value in row:
            if isinstance(value, str):
                value.encode("cp1252")
