"""The Shopify connector against the sandbox's Admin GraphQL API."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import graphql
import pytest

from ingestion.pipeline import LoadResult, load
from ingestion.sources.shopify import helpers, queries, schema
from scripts.sandbox.server import Fault, Sandbox
from scripts.sandbox.vendors import shopify as vendor

Load = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]

ENDPOINT = "/shopify/admin/api"


def money(amount: str) -> dict[str, Any]:
    bag = {"amount": amount, "currencyCode": "USD"}
    return {"shopMoney": bag, "presentmentMoney": bag}


def put_customer(
    sandbox: Sandbox, id: int, updated_at: str = "2026-03-01T10:00:00Z", **fields: Any
) -> None:
    body = {
        "id": f"gid://shopify/Customer/{id}",
        "legacyResourceId": str(id),
        "firstName": "Robin",
        "lastName": f"Example {id}",
        "displayName": f"Robin Example {id}",
        "locale": "en",
        "note": None,
        "state": "ENABLED",
        "tags": ["newsletter"],
        "taxExempt": False,
        "verifiedEmail": True,
        "numberOfOrders": "2",
        "amountSpent": {"amount": "41.94", "currencyCode": "USD"},
        "defaultEmailAddress": {
            "emailAddress": f"robin{id}@example.com",
            "marketingState": "SUBSCRIBED",
            "marketingOptInLevel": "SINGLE_OPT_IN",
            "marketingUpdatedAt": "2026-01-05T08:00:00Z",
        },
        "defaultPhoneNumber": None,
        "defaultAddress": {"address1": "1 Test Street", "city": "Springfield", "zip": "40202"},
        "metafields": [{"namespace": "custom", "key": "user_id", "value": f"usr_{id:06}"}],
        "createdAt": "2026-01-05T08:00:00Z",
        "updatedAt": updated_at,
        **fields,
    }
    sandbox.store.put("shopify.customers", str(id), body, "2026-01-05 08:00:00", updated_at)


def line_item(id: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{id}",
        "name": "Mug - blue",
        "title": "Mug",
        "variantTitle": "blue",
        "sku": "MUG-BLUE",
        "vendor": None,
        "quantity": 2,
        "currentQuantity": 2,
        "isGiftCard": False,
        "product": {"id": "gid://shopify/Product/7"},
        "variant": {"id": "gid://shopify/ProductVariant/70"},
        "originalUnitPriceSet": money("10.0"),
        "originalTotalSet": money("20.0"),
        "discountedTotalSet": money("19.5"),
        **fields,
    }


def refund(id: int, lines: int = 1) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Refund/{id}",
        "note": "broken",
        "totalRefundedSet": money("9.75"),
        "refundLineItems": [
            {
                "id": f"gid://shopify/RefundLineItem/{id}{number:03}",
                "quantity": 1,
                "restockType": "RETURN",
                "lineItem": {"id": f"gid://shopify/LineItem/{number}"},
                "subtotalSet": money("9.75"),
            }
            for number in range(lines)
        ],
        "createdAt": "2026-02-10T12:00:00Z",
        "updatedAt": "2026-02-10T12:00:00Z",
    }


def put_order(
    sandbox: Sandbox, id: int, updated_at: str = "2026-02-01T10:00:00Z", **fields: Any
) -> None:
    address = {"name": "Robin Example", "address1": "1 Test Street", "countryCodeV2": "US"}
    body = {
        "id": f"gid://shopify/Order/{id}",
        "legacyResourceId": str(id),
        "name": f"#{id}",
        "email": "robin@example.com",
        "phone": None,
        "note": None,
        "tags": [],
        "sourceName": "web",
        "test": False,
        "confirmed": True,
        "currencyCode": "USD",
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "FULFILLED",
        "cancelReason": None,
        "customer": {"id": "gid://shopify/Customer/1"},
        "billingAddress": address,
        "shippingAddress": address,
        "subtotalPriceSet": money("19.5"),
        "totalDiscountsSet": money("0.5"),
        "totalShippingPriceSet": money("5.0"),
        "totalTaxSet": money("0.0"),
        "totalPriceSet": money("24.5"),
        "currentTotalPriceSet": money("24.5"),
        "totalRefundedSet": money("0.0"),
        "lineItems": [line_item(id * 1000)],
        "refunds": [],
        "createdAt": "2026-02-01T10:00:00Z",
        "processedAt": "2026-02-01T10:00:00Z",
        "updatedAt": updated_at,
        "cancelledAt": None,
        "closedAt": None,
        **fields,
    }
    sandbox.store.put("shopify.orders", str(id), body, "2026-02-01 10:00:00", updated_at)


def limit(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    monkeypatch.setattr(vendor, "LIMITS", dataclasses.replace(vendor.LIMITS, **limits))


def watch(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The variables and the answer of each query from now on."""
    exchanges: list[tuple[dict[str, Any], dict[str, Any]]] = []
    answer = vendor._answer

    def remember(store: Any, bucket: Any, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        answered = answer(store, bucket, query, variables)
        exchanges.append((variables, answered))
        return answered

    monkeypatch.setattr(vendor, "_answer", remember)
    return exchanges


def test_first_load_lands_every_table_typed(sandbox: Sandbox, loaded: Load, query: Query) -> None:
    put_customer(sandbox, 1)
    put_order(sandbox, 10, refunds=[refund(90)])

    result = loaded("shopify")

    assert result.rows == {"customers": 1, "orders": 1, "order_line_items": 1, "refunds": 1}
    assert query(
        """
        select id, last_name, number_of_orders, verified_email, updated_at,
            default_email_address ->> 'marketingState', user_id_metafield ->> 'value'
        from raw_shopify.customers
        """
    ) == [
        (
            "gid://shopify/Customer/1",
            "Example 1",
            2,
            True,
            datetime.datetime(2026, 3, 1, 10),
            "SUBSCRIBED",
            "usr_000001",
        )
    ]
    assert query(
        """
        select id, order_id, order_updated_at, quantity,
            cast(discounted_total_set ->> '$.shopMoney.amount' as decimal(18, 4))
        from raw_shopify.order_line_items
        """
    ) == [
        (
            "gid://shopify/LineItem/10000",
            "gid://shopify/Order/10",
            datetime.datetime(2026, 2, 1, 10),
            2,
            Decimal("19.5"),
        )
    ]
    assert query(
        "select order_id, json_array_length(refund_line_items) from raw_shopify.refunds"
    ) == [("gid://shopify/Order/10", 1)]


def test_an_order_is_not_stored_twice(sandbox: Sandbox, loaded: Load, query: Query) -> None:
    put_order(sandbox, 10, refunds=[refund(90)])
    loaded("shopify")
    names = {name for (name,) in query("select column_name from (describe raw_shopify.orders)")}
    assert not names & {"line_items", "refunds"}
    assert {"customer", "total_price_set"} <= names


def test_empty_shop_has_every_table(sandbox: Sandbox, loaded: Load, query: Query) -> None:
    assert loaded("shopify").rows == {}
    for model in schema.TABLES:
        assert query(f"select count(*) from raw_shopify.{model.raw.name}") == [(0,)]


def test_second_load_without_change_writes_nothing(sandbox: Sandbox, loaded: Load) -> None:
    put_customer(sandbox, 1)
    put_customer(sandbox, 2)
    put_order(sandbox, 10, refunds=[refund(90)])
    loaded("shopify")
    assert loaded("shopify").rows == {}


def test_only_what_changed_is_loaded_again(sandbox: Sandbox, loaded: Load, query: Query) -> None:
    for id in (1, 2, 3):
        put_customer(sandbox, id)
    put_order(sandbox, 10)
    put_order(sandbox, 11)
    loaded("shopify")

    put_customer(sandbox, 2, "2026-03-02T10:00:00Z", firstName="Roberta")
    put_order(
        sandbox,
        11,
        "2026-03-02T10:00:00Z",
        displayFinancialStatus="PARTIALLY_REFUNDED",
        lineItems=[line_item(11000, currentQuantity=1)],
        refunds=[refund(91)],
    )

    assert loaded("shopify").rows == {
        "customers": 1,
        "orders": 1,
        "order_line_items": 1,
        "refunds": 1,
    }
    assert query(
        "select first_name, count(*) from raw_shopify.customers group by all order by all"
    ) == [("Roberta", 1), ("Robin", 2)]
    assert query("select current_quantity from raw_shopify.order_line_items order by id") == [
        (2,),
        (1,),
    ]


def test_the_search_starts_where_the_last_load_ended(
    sandbox: Sandbox, loaded: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(sandbox, 1, "2026-03-01T10:00:00Z")
    loaded("shopify")
    exchanges = watch(monkeypatch)

    loaded("shopify")
    assert exchanges[0][0]["query"] == "updated_at:>='2026-03-01T10:00:00Z'"


@pytest.mark.parametrize("customers", [100, 101])
def test_pages_of_customers_are_all_read(
    sandbox: Sandbox, loaded: Load, query: Query, customers: int
) -> None:
    for id in range(customers):
        put_customer(sandbox, id)
    assert loaded("shopify").rows == {"customers": customers}
    assert query("select count(distinct id) from raw_shopify.customers") == [(customers,)]


def test_a_record_changing_while_pages_are_read_is_kept_once_and_latest(
    sandbox: Sandbox, loaded: Load, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in range(150):
        put_customer(sandbox, id)
    connection = vendor.Root._connection
    pages = 0

    def changing(root: vendor.Root, kind: str, **arguments: Any) -> dict[str, Any]:
        nonlocal pages
        page = connection(root, kind, **arguments)
        if kind == "shopify.customers":
            pages += 1
            if pages == 1:
                put_customer(sandbox, 0, "2026-03-09T10:00:00Z", firstName="Roberta")
        return page

    monkeypatch.setattr(vendor.Root, "_connection", changing)
    assert loaded("shopify").rows == {"customers": 150}
    assert query("select count(*), count(distinct id) from raw_shopify.customers") == [(150, 150)]
    assert query(
        "select first_name from raw_shopify.customers where id = 'gid://shopify/Customer/0'"
    ) == [("Roberta",)]
    assert loaded("shopify").rows == {}


def test_a_list_longer_than_the_api_pages_through_is_read_whole(
    sandbox: Sandbox, loaded: Load, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "LONGEST_LIST", 200)
    limit(monkeypatch, longest_list=200)
    start = datetime.datetime(2026, 3, 1)
    for id in range(450):
        moment = start + datetime.timedelta(minutes=id // 3)
        put_customer(sandbox, id, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
    loaded("shopify")
    assert query("select count(*), count(distinct id) from raw_shopify.customers") == [(450, 450)]


def test_line_items_on_further_pages_are_not_lost(
    sandbox: Sandbox, loaded: Load, query: Query
) -> None:
    # Ten come with the order, and a hundred with each further page.
    sizes = [0, 1, 10, 11, 110, 111]
    for order, size in enumerate(sizes):
        items = [line_item(order * 1000 + number) for number in range(size)]
        put_order(sandbox, order, lineItems=items)
    loaded("shopify")
    assert query(
        """
        select order_id, count(*), count(distinct id), count(order_updated_at)
        from raw_shopify.order_line_items
        group by order_id
        order by order_id
        """
    ) == [(f"gid://shopify/Order/{n}", size, size, size) for n, size in enumerate(sizes) if size]


def test_refund_lines_on_further_pages_are_not_lost(
    sandbox: Sandbox, loaded: Load, query: Query
) -> None:
    put_order(sandbox, 10, refunds=[refund(90, lines=25), refund(91, lines=0)])
    loaded("shopify")
    assert query(
        "select id, json_array_length(refund_line_items) from raw_shopify.refunds order by id"
    ) == [("gid://shopify/Refund/90", 25), ("gid://shopify/Refund/91", 0)]


def test_a_throttled_query_waits_until_its_points_are_restored(
    sandbox: Sandbox, loaded: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_RETRY_DELAY", "30")
    # A page of customers may cost 602 points, so the second has to wait for about a second.
    limit(monkeypatch, single_query=1_000, bucket=1_000, restore_rate=250)
    for id in range(150):
        put_customer(sandbox, id)
    exchanges = watch(monkeypatch)

    assert loaded("shopify").rows == {"customers": 150}
    # Having waited for as long as it takes, the query is not throttled a second time.
    assert ["errors" in answer for _, answer in exchanges[:3]] == [False, True, False]


def test_a_query_throttled_for_ever_fails_clearly(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    put_customer(sandbox, 1)
    limit(monkeypatch, bucket=10, restore_rate=1)
    result = load("shopify")
    assert result.error == "shopify.customers: the API refused the query (THROTTLED): Throttled"
    assert query("select count(*) from raw_shopify.customers") == [(0,)]


def test_pages_that_cost_too_much_are_made_smaller(
    sandbox: Sandbox, loaded: Load, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, single_query=1_000)
    for id in range(30):
        put_order(sandbox, 100 + id)
    exchanges = watch(monkeypatch)

    assert loaded("shopify").rows == {"orders": 30, "order_line_items": 30}
    assert [asked["first"] for asked, _ in exchanges[1:]] == [25, 12, 6, 6, 6, 6, 6]


def test_a_query_that_costs_too_much_at_any_size_fails_clearly(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, single_query=3)
    result = load("shopify")
    assert result.error is not None
    assert result.error.startswith(
        "shopify.customers: the API refused the query (MAX_COST_EXCEEDED): Query cost is 8,"
    )


def test_an_internal_error_in_a_200_is_repeated(
    sandbox: Sandbox, loaded: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(sandbox, 1)
    answer = vendor._answer
    failures = iter([True, True])

    def failing(*arguments: Any) -> dict[str, Any]:
        if next(failures, False):
            details = {"code": "INTERNAL_SERVER_ERROR"}
            return {"errors": [{"message": "Internal error.", "extensions": details}]}
        return answer(*arguments)

    monkeypatch.setattr(vendor, "_answer", failing)
    assert loaded("shopify").rows == {"customers": 1}


def test_a_field_the_api_does_not_know_fails_clearly_and_writes_nothing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    put_customer(sandbox, 1)
    put_order(sandbox, 10)
    monkeypatch.setattr(
        queries, "ORDERS", queries.ORDERS.replace("processedAt", "processedOnTheMoon")
    )
    result = load("shopify")
    assert result.error is not None
    assert result.error.startswith("shopify.orders: the API refused the query (error): ")
    assert "Cannot query field 'processedOnTheMoon' on type 'Order'" in result.error
    assert query("select count(*) from raw_shopify.customers") == [(0,)]


def test_errors_beside_data_are_not_taken_for_all_there_is(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(sandbox, 1)
    put_order(sandbox, 10, displayFinancialStatus="NOT_IN_THE_ENUM")
    result = load("shopify")
    assert result.error is not None
    assert result.error.startswith("shopify.orders: the API refused the query")
    assert "NOT_IN_THE_ENUM" in result.error


@pytest.mark.parametrize(
    "faults",
    [
        [
            Fault(ENDPOINT, status=429, headers={"retry-after": "1"}),
            Fault(ENDPOINT, status=500),
            Fault(ENDPOINT, kind="drop"),
        ],
        [
            Fault(ENDPOINT, skip=1, kind="hang", seconds=3),
            Fault(ENDPOINT, skip=1, kind="page"),
            Fault(ENDPOINT, skip=2, status=503),
        ],
    ],
    ids=["429, 500 and drop at first", "hang, HTML and 503 on later pages"],
)
def test_passing_faults_are_ridden_out(sandbox: Sandbox, loaded: Load, faults: list[Fault]) -> None:
    for id in range(101):
        put_customer(sandbox, id)
    put_order(sandbox, 10)
    sandbox.misbehaviour.faults += faults
    assert loaded("shopify").rows == {"customers": 101, "orders": 1, "order_line_items": 1}
    assert not any(fault.times for fault in faults)


def test_lasting_failure_names_table_url_and_status_and_is_made_good_next_time(
    sandbox: Sandbox, loaded: Load, query: Query
) -> None:
    put_customer(sandbox, 1)
    put_order(sandbox, 10)
    sandbox.misbehaviour.faults.append(Fault(ENDPOINT, status=500, skip=1, times=50))
    result = load("shopify")
    assert result.error is not None
    assert result.error.startswith("shopify.orders: http://127.0.0.1:")
    assert result.error.endswith("/graphql.json answered 500")

    sandbox.misbehaviour.faults.clear()
    assert loaded("shopify").rows == {"customers": 1, "orders": 1, "order_line_items": 1}


def test_an_answer_that_is_not_graphql_is_not_taken_for_an_empty_shop(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(sandbox, 1)
    sandbox.misbehaviour.faults.append(Fault(ENDPOINT, kind="page", times=50))
    result = load("shopify")
    assert result.error is not None
    assert result.error.startswith("shopify.customers: ")
    assert "did not answer as it should" in result.error

    sandbox.misbehaviour.faults.clear()
    monkeypatch.setattr(vendor, "_answer", lambda *arguments: {"data": {"customers": None}})
    assert load("shopify").error == (
        "shopify.customers: the answer holds no page of the list it was asked for"
    )


def test_wrong_token_fails_clearly_without_showing_it(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SHOPIFY__ACCESS_TOKEN", "shpat_wrong_secret")
    result = load("shopify")
    assert result.error is not None
    assert result.error.startswith("shopify.customers: http://127.0.0.1:")
    assert "answered 401" in result.error
    assert "shpat_wrong_secret" not in result.error


def test_without_credentials_the_source_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    result = load("shopify")
    assert result.error is None
    assert result.skipped is not None
    assert "SOURCES__SHOPIFY__ACCESS_TOKEN" in result.skipped
    assert "SOURCES__SHOPIFY__BASE_URL" in result.skipped


def test_a_new_field_is_kept(
    sandbox: Sandbox, loaded: Load, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(sandbox, 1, displayName="Robin E.")
    monkeypatch.setattr(
        queries, "CUSTOMERS", queries.CUSTOMERS.replace("firstName", "displayName firstName", 1)
    )
    loaded("shopify")
    assert query("select display_name from raw_shopify.customers") == [("Robin E.",)]


def test_records_that_break_their_contract_are_set_aside(
    sandbox: Sandbox, loaded: Load, query: Query
) -> None:
    put_customer(sandbox, 1)
    put_customer(sandbox, 2, createdAt="yesterday")
    put_order(sandbox, 10)
    put_order(sandbox, 11, cancelledAt="tomorrow", lineItems=[line_item(1), line_item(2)])
    put_order(sandbox, 12, refunds=[{**refund(90), "createdAt": "once"}])

    result = loaded("shopify")

    assert result.rows == {"customers": 1, "orders": 2, "order_line_items": 2}
    assert sum(result.rejected.values()) == 3
    set_aside = query(
        "select table_name, rule, detail, record from raw_shopify.quarantine order by 1, 3"
    )
    assert [(table, rule, detail.split(":")[0]) for table, rule, detail, _ in set_aside] == [
        ("customers", "datetime_from_date_parsing", "createdAt"),
        ("orders", "datetime_from_date_parsing", "cancelledAt"),
        ("refunds", "datetime_from_date_parsing", "createdAt"),
    ]
    # An order is set aside whole, so that nothing of it is lost.
    assert len(json.loads(set_aside[1][3])["lineItems"]["nodes"]) == 2
    assert loaded("shopify").rows == {}


def test_a_customer_who_is_gone_is_noticed_once(
    sandbox: Sandbox, loaded: Load, query: Query
) -> None:
    for id in range(260):
        put_customer(sandbox, id)
    loaded("shopify")
    # Deleted, or merged into another: the shop answers the same.
    sandbox.store.connection.execute("update shopify.customers set deleted = true where id = '255'")
    put_customer(sandbox, 260, "2026-04-01T10:00:00Z")

    assert loaded("shopify").rows == {"customers": 1, "deleted_customers": 1}
    assert query("select id from raw_shopify.deleted_customers") == [
        ("gid://shopify/Customer/255",)
    ]
    assert query("select count(*) from raw_shopify.customers") == [(261,)]
    assert loaded("shopify").rows == {}


def test_looking_for_deleted_customers_can_be_left_out(
    sandbox: Sandbox, loaded: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_customer(sandbox, 1)
    loaded("shopify")
    sandbox.store.connection.execute("update shopify.customers set deleted = true")
    monkeypatch.setenv("SOURCES__SHOPIFY__FIND_DELETED", "false")
    assert loaded("shopify").rows == {}


@pytest.mark.parametrize(
    "document",
    [
        queries.CUSTOMERS,
        queries.ORDERS,
        queries.MORE_LINE_ITEMS,
        queries.MORE_REFUND_LINE_ITEMS,
        queries.EXISTING,
    ],
    ids=lambda document: document.split("(")[0].split()[-1],
)
def test_queries_are_valid(document: str) -> None:
    assert graphql.validate(vendor.SCHEMA, graphql.parse(document)) == []


WORLD = """
create schema world;

create table world.person_records (
    source varchar, record_id varchar, record_number bigint, given_name varchar,
    family_name varchar, email varchar, phone varchar, street_address varchar, unit varchar,
    city varchar, region varchar, postcode varchar, country varchar, company_name varchar,
    user_id varchar, email_consent varchar, consent_at timestamp, created_at timestamp,
    updated_at timestamp, is_deleted boolean, merged_into varchar, is_guest boolean
);
insert into world.person_records values
    ('shopify', '1', 1, 'Ann', 'Lee', 'ann@example.com', '+15550100', '1 Test St', 'Apt 2', 'Bern',
     'BE', '3000', 'CH', 'Alp AG', 'usr_000001', 'subscribed', '2026-01-02', '2026-01-01',
     '2026-02-01', false, null, false),
    ('shopify', '2', 2, 'Bo', null, null, null, null, null, null, null, null, null, null, null,
     'never_subscribed', null, '2026-01-01', '2026-02-01', false, null, false),
    ('shopify', '3', 3, 'Anne', 'Lee', null, null, null, null, null, null, null, null, null, null,
     'never_subscribed', null, '2026-01-01', '2026-02-01', true, '1', false),
    ('shopify', 'order:52', 4, 'Cy', 'Dee', 'cy@example.com', null, '2 Test St', null, 'Rome',
     null, '00100', 'Italy', null, null, null, null, '2026-01-03', '2026-01-03', false, null, true),
    ('zendesk', '9', 1, 'Eve', null, null, null, null, null, null, null, null, null, null, null,
     null, null, '2026-01-01', '2026-01-01', false, null, false);

create table world.orders (
    order_number bigint, source varchar, order_id varchar, record_id varchar, email varchar,
    phone varchar, given_name varchar, family_name varchar, street_address varchar, city varchar,
    region varchar, postcode varchar, country varchar, ordered_at timestamp, updated_at timestamp,
    status varchar, cancelled_at timestamp, currency varchar, subtotal decimal(18, 2),
    discount decimal(18, 2), tax decimal(18, 2), shipping decimal(18, 2), total decimal(18, 2)
);
insert into world.orders values
    (1, 'shopify', '51', '1', 'ann@example.com', null, 'Ann', 'Lee', '1 Test St', 'Bern', 'BE',
     '3000', 'CH', '2026-01-02', '2026-01-09', 'partially_refunded', null, 'CHF', 30, 0, 0, 5, 35),
    (2, 'shopify', '52', null, 'cy@example.com', null, 'Cy', 'Dee', '2 Test St', 'Rome', null,
     '00100', 'Italy', '2026-01-03', '2026-01-04', 'cancelled', '2026-01-04', 'EUR', 10, 0, 0, 0,
     10),
    (3, 'shopify', '53', '3', null, null, 'Anne', 'Lee', null, null, null, null, null,
     '2026-01-03', '2026-01-03', 'pending', null, 'EUR', 1, 0, 0, 0, 1),
    (4, 'files', 'F4', 'x', null, null, null, null, null, null, null, null, null, '2026-01-03',
     '2026-01-03', 'paid', null, 'EUR', 1, 0, 0, 0, 1);

create table world.order_lines (
    order_number bigint, line_number integer, order_line_id varchar, product_id varchar,
    variant_id varchar, product_name varchar, sku varchar, quantity integer,
    unit_price decimal(18, 2), amount decimal(18, 2)
);
insert into world.order_lines values
    (1, 1, '511', '7', '70', 'Mug', 'MUG', 2, 10, 20),
    (1, 2, '512', '8', '80', 'Pot', 'POT', 1, 10, 10),
    (2, 1, '521', '7', '70', 'Mug', 'MUG', 1, 10, 10),
    (4, 1, 'F41', '7', '70', 'Mug', 'MUG', 1, 1, 1);

create table world.order_refunds (
    refund_id varchar, order_number bigint, refunded_at timestamp, amount decimal(18, 2),
    order_line_id varchar, quantity integer, note varchar
);
insert into world.order_refunds values ('91', 1, '2026-01-09', 10, '511', 1, 'broken');
"""


def test_what_is_rendered_is_served_and_meets_the_contract(
    sandbox: Sandbox, loaded: Load, query: Query, tmp_path: Path
) -> None:
    sandbox.store.connection.execute(WORLD)
    vendor.render(sandbox.store.connection, tmp_path)

    result = loaded("shopify")

    assert result.rows == {"customers": 2, "orders": 3, "order_line_items": 3, "refunds": 1}
    assert not result.rejected
    assert query(
        """
        select first_name, default_email_address ->> 'marketingState',
            default_email_address ->> 'marketingUpdatedAt', default_address ->> 'countryCodeV2',
            user_id_metafield ->> 'value', number_of_orders
        from raw_shopify.customers
        order by id
        """
    ) == [
        ("Ann", "SUBSCRIBED", "2026-01-02T00:00:00Z", "CH", "usr_000001", 2),
        ("Bo", None, None, None, None, 0),
    ]
    # The order of a customer who was merged is now that of the one who was kept.
    assert query(
        """
        select name, customer ->> 'id', display_financial_status, cancelled_at,
            billing_address ->> 'country', current_total_price_set ->> '$.shopMoney.amount'
        from raw_shopify.orders
        order by id
        """
    ) == [
        ("#1", "gid://shopify/Customer/1", "PARTIALLY_REFUNDED", None, "CH", "25.00"),
        ("#2", None, "VOIDED", datetime.datetime(2026, 1, 4), "Italy", "10.00"),
        ("#3", "gid://shopify/Customer/1", "PENDING", None, None, "1.00"),
    ]
    assert query(
        "select quantity, current_quantity from raw_shopify.order_line_items order by id"
    ) == [(2, 1), (1, 1), (1, 1)]
