"""Shopify as the sandbox serves it: the part of the Admin GraphQL API that is about customers."""

from __future__ import annotations

import base64
import functools
import json
import math
import pathlib
import re
import threading
import time
from dataclasses import dataclass
from typing import Any, cast

import duckdb
import graphql
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.sandbox.store import COLUMNS, Store, Stored, beyond

ACCESS_TOKEN = "shpat_sandbox"  # noqa: S105
LONGEST_PAGE = 250

SCHEMA = graphql.build_schema(
    """
    scalar DateTime
    scalar Decimal
    scalar UnsignedInt64
    scalar CurrencyCode
    scalar CountryCode

    interface Node { id: ID! }

    type Query {
        customers(
            first: Int, after: String, query: String, sortKey: CustomerSortKeys = ID
        ): CustomerConnection!
        orders(
            first: Int, after: String, query: String, sortKey: OrderSortKeys = PROCESSED_AT
        ): OrderConnection!
        customer(id: ID!): Customer
        order(id: ID!): Order
        refund(id: ID!): Refund
        nodes(ids: [ID!]!): [Node]!
    }

    enum CustomerSortKeys { CREATED_AT ID LOCATION NAME RELEVANCE UPDATED_AT }
    enum OrderSortKeys { CREATED_AT ID ORDER_NUMBER PROCESSED_AT RELEVANCE UPDATED_AT }
    enum CustomerState { DECLINED DISABLED ENABLED INVITED }
    enum CustomerEmailAddressMarketingState {
        INVALID NOT_SUBSCRIBED PENDING SUBSCRIBED UNSUBSCRIBED
    }
    enum CustomerSmsMarketingState {
        NOT_SUBSCRIBED PENDING REDACTED SUBSCRIBED UNSUBSCRIBED
    }
    enum CustomerMarketingOptInLevel { CONFIRMED_OPT_IN SINGLE_OPT_IN UNKNOWN }
    enum CustomerConsentCollectedFrom { OTHER SHOPIFY }
    enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
    enum OrderDisplayFinancialStatus {
        AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED
    }
    enum OrderDisplayFulfillmentStatus {
        FULFILLED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT
        REQUEST_DECLINED RESTOCKED SCHEDULED UNFULFILLED
    }
    enum RefundLineItemRestockType { CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }

    type PageInfo {
        hasNextPage: Boolean!
        hasPreviousPage: Boolean!
        startCursor: String
        endCursor: String
    }

    type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
    type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
    type Metafield implements Node {
        id: ID!
        namespace: String!
        key: String!
        value: String!
        type: String!
    }
    type MailingAddress {
        name: String
        firstName: String
        lastName: String
        company: String
        address1: String
        address2: String
        city: String
        province: String
        provinceCode: String
        zip: String
        country: String
        countryCodeV2: CountryCode
        phone: String
    }

    type CustomerEmailAddress {
        emailAddress: String!
        marketingState: CustomerEmailAddressMarketingState!
        marketingOptInLevel: CustomerMarketingOptInLevel
        marketingUpdatedAt: DateTime
    }
    type CustomerPhoneNumber {
        phoneNumber: String!
        marketingState: CustomerSmsMarketingState!
        marketingOptInLevel: CustomerMarketingOptInLevel
        marketingUpdatedAt: DateTime
        marketingCollectedFrom: CustomerConsentCollectedFrom
    }
    type Customer implements Node {
        id: ID!
        legacyResourceId: UnsignedInt64!
        firstName: String
        lastName: String
        displayName: String!
        locale: String!
        note: String
        state: CustomerState!
        tags: [String!]!
        taxExempt: Boolean!
        verifiedEmail: Boolean!
        numberOfOrders: UnsignedInt64!
        amountSpent: MoneyV2!
        defaultEmailAddress: CustomerEmailAddress
        defaultPhoneNumber: CustomerPhoneNumber
        defaultAddress: MailingAddress
        metafield(namespace: String, key: String!): Metafield
        createdAt: DateTime!
        updatedAt: DateTime!
    }
    type CustomerConnection { nodes: [Customer!]! pageInfo: PageInfo! }

    type Product implements Node { id: ID! }
    type ProductVariant implements Node { id: ID! }
    type LineItem implements Node {
        id: ID!
        name: String!
        title: String!
        variantTitle: String
        sku: String
        vendor: String
        quantity: Int!
        currentQuantity: Int!
        isGiftCard: Boolean!
        product: Product
        variant: ProductVariant
        originalUnitPriceSet: MoneyBag!
        originalTotalSet: MoneyBag!
        discountedTotalSet: MoneyBag!
    }
    type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }

    type RefundLineItem {
        id: ID
        quantity: Int!
        restockType: RefundLineItemRestockType!
        lineItem: LineItem!
        subtotalSet: MoneyBag!
    }
    type RefundLineItemConnection { nodes: [RefundLineItem!]! pageInfo: PageInfo! }
    type Refund implements Node {
        id: ID!
        note: String
        totalRefundedSet: MoneyBag!
        refundLineItems(first: Int, after: String): RefundLineItemConnection!
        createdAt: DateTime
        updatedAt: DateTime!
    }

    type Order implements Node {
        id: ID!
        legacyResourceId: UnsignedInt64!
        name: String!
        email: String
        phone: String
        note: String
        tags: [String!]!
        sourceName: String
        test: Boolean!
        confirmed: Boolean!
        currencyCode: CurrencyCode!
        displayFinancialStatus: OrderDisplayFinancialStatus
        displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
        cancelReason: OrderCancelReason
        customer: Customer
        billingAddress: MailingAddress
        shippingAddress: MailingAddress
        subtotalPriceSet: MoneyBag
        totalDiscountsSet: MoneyBag
        totalShippingPriceSet: MoneyBag!
        totalTaxSet: MoneyBag
        totalPriceSet: MoneyBag!
        currentTotalPriceSet: MoneyBag!
        totalRefundedSet: MoneyBag!
        lineItems(first: Int, after: String): LineItemConnection!
        refunds(first: Int): [Refund!]!
        createdAt: DateTime!
        processedAt: DateTime!
        updatedAt: DateTime!
        cancelledAt: DateTime
        closedAt: DateTime
    }
    type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
    """
)


@dataclass(frozen=True)
class Limits:
    """How much the shop may be asked; the defaults never hold anyone up.

    Args:
        single_query: most points one query may cost.
        bucket: points there are to spend.
        restore_rate: points restored each second.
        longest_list: most records of one list that can be paged through.
    """

    single_query: int = 1_000_000
    bucket: int = 1_000_000
    restore_rate: int = 1_000_000
    longest_list: int = 25_000


LIMITS = Limits()


class Bucket:
    """Points spent, which leak away with time."""

    def __init__(self) -> None:
        self._spent = 0.0
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def spend(self, points: int) -> bool:
        """Spends points if there are enough; a negative number gives some back."""
        with self._lock:
            self._leak()
            if self._spent + points > LIMITS.bucket:
                return False
            self._spent = max(0.0, self._spent + points)
            return True

    def status(self) -> dict[str, float]:
        """The bucket as the API describes it."""
        with self._lock:
            self._leak()
            return {
                "maximumAvailable": float(LIMITS.bucket),
                "currentlyAvailable": math.floor(LIMITS.bucket - self._spent),
                "restoreRate": float(LIMITS.restore_rate),
            }

    def _leak(self) -> None:
        now = time.monotonic()
        self._spent = max(0.0, self._spent - (now - self._at) * LIMITS.restore_rate)
        self._at = now


def settings(base_url: str) -> dict[str, str]:
    """Environment variables that point the connector at the sandbox."""
    return {
        "SOURCES__SHOPIFY__BASE_URL": base_url,
        "SOURCES__SHOPIFY__ACCESS_TOKEN": ACCESS_TOKEN,
    }


def routes(store: Store) -> list[Route]:
    """The GraphQL endpoint of every API version; versions come out each quarter."""
    bucket = Bucket()

    async def endpoint(request: Request) -> Response:
        if request.headers.get("x-shopify-access-token") != ACCESS_TOKEN:
            message = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return JSONResponse({"errors": message}, 401)
        version = request.path_params["version"]
        if not re.fullmatch(r"20\d\d-(01|04|07|10)", version):
            return JSONResponse({"errors": "Not Found"}, 404)
        try:
            body = await request.json()
        except ValueError:
            return JSONResponse({"errors": "Bad Request"}, 400)
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return JSONResponse({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        answer = await run_in_threadpool(
            _answer, store, bucket, body["query"], body.get("variables") or {}
        )
        return JSONResponse(answer, headers={"x-shopify-api-version": version})

    return [Route("/admin/api/{version}/graphql.json", endpoint, methods=["POST"])]


def _answer(store: Store, bucket: Bucket, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Runs a query if it is valid and there are the points for it."""
    try:
        document, invalid = _checked(query)
    except graphql.GraphQLSyntaxError as error:
        return {"errors": [error.formatted]}
    if invalid:
        return {"errors": [error.formatted for error in invalid]}
    operation = graphql.get_operation_ast(document)
    if operation is None:
        return {"errors": [{"message": "An operation name is required"}]}
    cost = _requested_cost(operation.selection_set, SCHEMA.query_type, variables)
    if cost > LIMITS.single_query:
        message = (
            f"Query cost is {cost}, which exceeds the single query max cost limit "
            f"({LIMITS.single_query}).\n\nTo query larger amounts of data with fewer limits, "
            "bulk operations should be used instead."
        )
        details = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": LIMITS.single_query}
        return {"errors": [{"message": message, "extensions": details}]}
    if not bucket.spend(cost):
        throttled = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        return {"errors": [throttled], "extensions": _extensions(bucket, cost, None)}
    result = graphql.execute_sync(SCHEMA, document, Root(store), variable_values=variables)
    spent = min(cost, _objects(result.data))
    bucket.spend(spent - cost)
    return {**result.formatted, "extensions": _extensions(bucket, cost, spent)}


@functools.lru_cache
def _checked(query: str) -> tuple[graphql.DocumentNode, list[graphql.GraphQLError]]:
    """A query, and what is wrong with it. Each page asks for the same."""
    document = graphql.parse(query)
    return document, graphql.validate(SCHEMA, document)


def _extensions(bucket: Bucket, requested: int, actual: int | None) -> dict[str, Any]:
    return {
        "cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": bucket.status(),
        }
    }


def _requested_cost(selection: Any, parent: Any, variables: dict[str, Any]) -> int:
    """Points a selection may cost: 1 an object, 2 a connection and the most objects it can hold."""
    points = 0
    for node in selection.selections:
        if isinstance(node, graphql.InlineFragmentNode):
            points += _requested_cost(node.selection_set, parent, variables)
            continue
        if node.selection_set is None or node.name.value == "pageInfo":
            continue
        kind = graphql.get_named_type(parent.fields[node.name.value].type)
        children = _requested_cost(node.selection_set, kind, variables)
        if kind.name.endswith("Connection"):
            points += 2 + _length(node, variables) * children
        else:
            points += _length(node, variables) * (1 + children)
    return points


def _length(node: graphql.FieldNode, variables: dict[str, Any]) -> int:
    """How many objects a field asks for: its `first`, or the number of its `ids`."""
    for argument in node.arguments or ():
        if argument.name.value in ("first", "ids"):
            value = graphql.value_from_ast_untyped(argument.value, variables)
            return len(value) if isinstance(value, list) else int(value or 1)
    return 1


def _objects(data: Any) -> int:
    """Objects in the data, lists counted by their members."""
    if isinstance(data, list):
        return sum(map(_objects, data))
    if isinstance(data, dict):
        return 1 + sum(map(_objects, data.values()))
    return 0


class Root:
    """Resolves what a query starts from.

    Args:
        store: the shop's objects.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def customers(self, info: graphql.GraphQLResolveInfo, **arguments: Any) -> dict[str, Any]:
        """A page of the customers."""
        return self._connection("shopify.customers", **arguments)

    def orders(self, info: graphql.GraphQLResolveInfo, **arguments: Any) -> dict[str, Any]:
        """A page of the orders."""
        return self._connection("shopify.orders", **arguments)

    def customer(self, info: graphql.GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        """One customer."""
        return self._node(id)

    def order(self, info: graphql.GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        """One order."""
        return self._node(id)

    def refund(self, info: graphql.GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        """One refund, from the order it belongs to."""
        orders = self._store.select(
            "shopify.orders",
            "not deleted and list_contains(json_extract_string(body, '$.refunds[*].id'), ?)",
            [id],
        )
        refunds = (each for order in orders for each in order.object["refunds"])
        return next((each for each in refunds if each["id"] == id), None)

    def nodes(
        self, info: graphql.GraphQLResolveInfo, ids: list[str]
    ) -> list[dict[str, Any] | None]:
        """Objects by their global ids, null where there is none."""
        if len(ids) > LONGEST_PAGE:
            raise graphql.GraphQLError(f"The input array size of {len(ids)} is too long")
        return self._nodes(ids)

    def _node(self, gid: str) -> dict[str, Any] | None:
        return self._nodes([gid])[0]

    def _nodes(self, gids: list[str]) -> list[dict[str, Any] | None]:
        """Customers and orders by their global ids, in that order, null where there is none."""
        numbers: dict[str, list[str]] = {"Customer": [], "Order": []}
        for gid in gids:
            match = re.fullmatch(r"gid://shopify/(Customer|Order)/(\d+)", gid)
            if match is None:
                raise graphql.GraphQLError(f"Invalid global id '{gid}'")
            numbers[match[1]].append(match[2])
        found = {
            record.object["id"]: {"__typename": kind, **record.object}
            for kind, wanted in numbers.items()
            if wanted
            for record in self._store.select(
                f"shopify.{kind.lower()}s", "list_contains(?, id) and not deleted", [wanted]
            )
        }
        return [found.get(gid) for gid in gids]

    def _connection(
        self,
        kind: str,
        first: int | None = None,
        after: str | None = None,
        query: str | None = None,
        sortKey: str = "ID",  # noqa: N803
    ) -> dict[str, Any]:
        size = _page_size(first)
        conditions, parameters = ["not deleted"], []
        if query:
            since = re.fullmatch(r"updated_at:>='?([0-9TZ:.+-]+)'?", query)
            if since is None:
                raise graphql.GraphQLError(f"the sandbox cannot search for {query!r}")
            conditions.append("updated_at >= cast(cast(? as timestamptz) as timestamp)")
            parameters.append(since[1])
        seen = 0
        key = "updated_at" if sortKey == "UPDATED_AT" else "created_at"
        if after is not None:
            position = _position(after)
            seen = position["seen"]
            conditions.append(beyond(key, ">", "cast(? as timestamp)"))
            parameters += [position["last_value"], position["last_value"], position["last_id"]]
        if seen + size > LIMITS.longest_list:
            raise graphql.GraphQLError(f"Lists are paged through {LIMITS.longest_list} deep")
        found = self._store.select(
            kind, " and ".join(conditions), parameters, f"{key}, id", size + 1
        )
        page = found[:size]

        def cursor(record: Stored) -> str:
            moment = record.updated_at if key == "updated_at" else record.created_at
            place = {"last_id": record.id, "last_value": str(moment), "seen": seen + len(page)}
            return base64.b64encode(json.dumps(place).encode()).decode()

        return {
            "nodes": [record.object for record in page],
            "pageInfo": {
                "hasNextPage": len(found) > size,
                "hasPreviousPage": after is not None,
                "startCursor": cursor(page[0]) if page else None,
                "endCursor": cursor(page[-1]) if page else None,
            },
        }


def _nested_connection(
    parent: dict[str, Any],
    info: graphql.GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    """A page of a list that its parent holds whole."""
    size = _page_size(first)
    nodes = parent[info.field_name]
    start = _position(after)["index"] if after is not None else 0
    end = min(start + size, len(nodes))
    cursor = base64.b64encode(json.dumps({"index": end}).encode()).decode()
    return {
        "nodes": nodes[start:end],
        "pageInfo": {
            "hasNextPage": end < len(nodes),
            "hasPreviousPage": start > 0,
            "endCursor": cursor if end > start else None,
        },
    }


def _metafield(
    customer: dict[str, Any],
    info: graphql.GraphQLResolveInfo,
    key: str,
    namespace: str | None = None,
) -> dict[str, Any] | None:
    named = ((each["namespace"], each["key"], each) for each in customer.get("metafields", ()))
    return next((each for space, name, each in named if (space, name) == (namespace, key)), None)


def _page_size(first: int | None) -> int:
    if first is None or not 1 <= first <= LONGEST_PAGE:
        raise graphql.GraphQLError(
            "you must provide one of first or last"
            if first is None
            else f"first must be between 1 and {LONGEST_PAGE}"
        )
    return first


def _position(cursor: str) -> dict[str, Any]:
    try:
        return json.loads(base64.b64decode(cursor, validate=True))
    except ValueError:
        raise graphql.GraphQLError(f"Invalid cursor '{cursor}'") from None


def _set_resolver(kind: str, field: str, resolver: Any) -> None:
    cast(graphql.GraphQLObjectType, SCHEMA.type_map[kind]).fields[field].resolve = resolver


_set_resolver("Customer", "metafield", _metafield)
_set_resolver("Order", "lineItems", _nested_connection)
_set_resolver("Refund", "refundLineItems", _nested_connection)


def render(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path) -> None:
    """Writes the shop's customers, and its orders with their line items and refunds.

    Args:
        connection: database with the tables of schema `world`; gets those of schema `shopify`.
        folder: unused: everything is served from the database.
    """
    connection.execute("create schema if not exists shopify")
    for kind in ("customers", "orders"):
        connection.execute(f"create or replace table shopify.{kind} {COLUMNS}")
    connection.execute(_CUSTOMERS)
    row = connection.execute("select max(order_number) from world.orders").fetchone()
    for first in range(0, ((row and row[0]) or 0) + 1, _ORDERS_AT_ONCE):
        connection.execute(_ORDERS, {"first": first, "last": first + _ORDERS_AT_ONCE - 1})


def _gid(kind: str, id: str) -> str:
    return f"'gid://shopify/{kind}/' || {id}"


def _iso(moment: str) -> str:
    return f"strftime({moment}, '%Y-%m-%dT%H:%M:%SZ')"


def _money(amount: str, currency: str) -> str:
    money = f"{{'amount': cast({amount} as varchar), 'currencyCode': {currency}}}"
    return f"{{'shopMoney': {money}, 'presentmentMoney': {money}}}"


def _address(table: str, company: str, unit: str) -> str:
    return f"""{{
        'name': concat_ws(' ', {table}.given_name, {table}.family_name),
        'firstName': {table}.given_name,
        'lastName': {table}.family_name,
        'company': {company},
        'address1': {table}.street_address,
        'address2': {unit},
        'city': {table}.city,
        'province': {table}.region,
        'zip': {table}.postcode,
        'country': {table}.country,
        'countryCodeV2': case
            when regexp_full_match({table}.country, '[A-Z]{{2}}') then {table}.country
        end,
        'phone': {table}.phone
    }}"""


# Orders of a customer who was merged into another go over to that one.
_KEPT_CUSTOMERS = """kept_customers as (

    select
        merged.record_id,
        kept.record_id as customer_id
    from world.person_records as merged
    inner join world.person_records as kept
        on merged.source = kept.source
        and coalesce(merged.merged_into, merged.record_id) = kept.record_id
    where merged.source = 'shopify' and not kept.is_deleted

)"""

_CUSTOMERS = f"""
insert into shopify.customers
with

{_KEPT_CUSTOMERS},

spending as (

    select
        kept_customers.customer_id,
        count(*) as orders,
        sum(orders.total) as total,
        min(orders.currency) as currency
    from world.orders as orders
    inner join kept_customers on orders.record_id = kept_customers.record_id
    where orders.source = 'shopify'
    group by kept_customers.customer_id

)

select
    customers.record_id,
    customers.created_at,
    customers.updated_at,
    customers.is_deleted,
    null,
    to_json({{
        'id': {_gid("Customer", "customers.record_id")},
        'legacyResourceId': customers.record_id,
        'firstName': customers.given_name,
        'lastName': customers.family_name,
        'displayName': coalesce(
            nullif(concat_ws(' ', customers.given_name, customers.family_name), ''),
            customers.email,
            customers.phone,
            ''
        ),
        'locale': 'en',
        'note': null,
        'state': case when customers.user_id is null then 'DISABLED' else 'ENABLED' end,
        'tags': cast([] as varchar[]),
        'taxExempt': false,
        'verifiedEmail': customers.email is not null,
        'numberOfOrders': cast(coalesce(spending.orders, 0) as varchar),
        'amountSpent': {{
            'amount': cast(coalesce(spending.total, 0) as varchar),
            'currencyCode': coalesce(spending.currency, 'USD')
        }},
        'defaultEmailAddress': case when customers.email is not null then {{
            'emailAddress': customers.email,
            'marketingState': case customers.email_consent
                when 'subscribed' then 'SUBSCRIBED'
                when 'unsubscribed' then 'UNSUBSCRIBED'
                else 'NOT_SUBSCRIBED'
            end,
            'marketingOptInLevel': case
                when customers.email_consent = 'subscribed' then 'SINGLE_OPT_IN'
            end,
            'marketingUpdatedAt': {_iso("customers.consent_at")}
        }} end,
        'defaultPhoneNumber': case when customers.phone is not null then {{
            'phoneNumber': customers.phone,
            'marketingState': case
                when customers.email_consent = 'subscribed' and customers.record_number % 4 = 0
                    then 'SUBSCRIBED'
                else 'NOT_SUBSCRIBED'
            end,
            'marketingOptInLevel': null,
            'marketingUpdatedAt': case
                when customers.email_consent = 'subscribed' and customers.record_number % 4 = 0
                    then {_iso("customers.consent_at")}
            end,
            'marketingCollectedFrom': null
        }} end,
        'defaultAddress': case when customers.street_address is not null
            then {_address("customers", "customers.company_name", "customers.unit")}
        end,
        'metafields': case when customers.user_id is not null
            then [{{
                'id': {_gid("Metafield", "customers.record_id")},
                'namespace': 'custom',
                'key': 'user_id',
                'value': customers.user_id,
                'type': 'single_line_text_field'
            }}]
            else []
        end,
        'createdAt': {_iso("customers.created_at")},
        'updatedAt': {_iso("customers.updated_at")}
    }})
from world.person_records as customers
left join spending on customers.record_id = spending.customer_id
where customers.source = 'shopify' and not customers.is_guest
"""

# Orders carry their lines and refunds within: a million at once would not fit in memory.
_ORDERS_AT_ONCE = 100_000
_ORDERS = f"""
insert into shopify.orders
with

{_KEPT_CUSTOMERS},

purchases as (

    select
        orders.*,
        kept_customers.customer_id
    from world.orders as orders
    left join kept_customers on orders.record_id = kept_customers.record_id
    where orders.source = 'shopify' and orders.order_number between $first and $last

),

returned as (

    select
        order_line_id,
        sum(quantity) as quantity
    from world.order_refunds
    group by order_line_id

),

line_items as (

    select
        lines.order_number,
        list({{
            'id': {_gid("LineItem", "lines.order_line_id")},
            'name': lines.product_name,
            'title': lines.product_name,
            'variantTitle': null,
            'sku': lines.sku,
            'vendor': null,
            'quantity': lines.quantity,
            'currentQuantity': greatest(lines.quantity - coalesce(returned.quantity, 0), 0),
            'isGiftCard': false,
            'product': {{'id': {_gid("Product", "lines.product_id")}}},
            'variant': {{'id': {_gid("ProductVariant", "lines.variant_id")}}},
            'originalUnitPriceSet': {_money("lines.unit_price", "purchases.currency")},
            'originalTotalSet': {_money("lines.amount", "purchases.currency")},
            'discountedTotalSet': {_money("lines.amount", "purchases.currency")}
        }} order by lines.line_number) as nodes
    from world.order_lines as lines
    inner join purchases on lines.order_number = purchases.order_number
    left join returned on lines.order_line_id = returned.order_line_id
    group by lines.order_number

),

refunds as (

    select
        refunded.order_number,
        sum(refunded.amount) as amount,
        list({{
            'id': {_gid("Refund", "refunded.refund_id")},
            'note': refunded.note,
            'totalRefundedSet': {_money("refunded.amount", "purchases.currency")},
            'refundLineItems': case when refunded.order_line_id is not null
                then [{{
                    'id': {_gid("RefundLineItem", "refunded.refund_id")},
                    'quantity': refunded.quantity,
                    'restockType': 'RETURN',
                    'lineItem': {{'id': {_gid("LineItem", "refunded.order_line_id")}}},
                    'subtotalSet': {_money("refunded.amount", "purchases.currency")}
                }}]
                else []
            end,
            'createdAt': {_iso("refunded.refunded_at")},
            'updatedAt': {_iso("refunded.refunded_at")}
        }} order by refunded.refunded_at, refunded.refund_id) as nodes
    from world.order_refunds as refunded
    inner join purchases on refunded.order_number = purchases.order_number
    group by refunded.order_number

)

select
    purchases.order_id,
    purchases.ordered_at,
    purchases.updated_at,
    false,
    purchases.customer_id,
    to_json({{
        'id': {_gid("Order", "purchases.order_id")},
        'legacyResourceId': purchases.order_id,
        'name': '#' || purchases.order_number,
        'email': purchases.email,
        'phone': purchases.phone,
        'note': null,
        'tags': cast([] as varchar[]),
        'sourceName': 'web',
        'test': false,
        'confirmed': true,
        'currencyCode': purchases.currency,
        'displayFinancialStatus': case
            when purchases.status != 'cancelled' then upper(purchases.status)
            when refunds.amount > 0 then 'REFUNDED'
            else 'VOIDED'
        end,
        'displayFulfillmentStatus': case
            when purchases.status in ('pending', 'cancelled') then 'UNFULFILLED'
            else 'FULFILLED'
        end,
        'cancelReason': case when purchases.status = 'cancelled' then 'CUSTOMER' end,
        'customer': case when purchases.customer_id is not null
            then {{'id': {_gid("Customer", "purchases.customer_id")}}}
        end,
        'billingAddress': {_address("purchases", "null", "null")},
        'shippingAddress': {_address("purchases", "null", "null")},
        'subtotalPriceSet': {_money("purchases.subtotal", "purchases.currency")},
        'totalDiscountsSet': {_money("purchases.discount", "purchases.currency")},
        'totalShippingPriceSet': {_money("purchases.shipping", "purchases.currency")},
        'totalTaxSet': {_money("purchases.tax", "purchases.currency")},
        'totalPriceSet': {_money("purchases.total", "purchases.currency")},
        'currentTotalPriceSet':
            {_money("purchases.total - coalesce(refunds.amount, 0)", "purchases.currency")},
        'totalRefundedSet': {_money("coalesce(refunds.amount, 0)", "purchases.currency")},
        'lineItems': coalesce(line_items.nodes, []),
        'refunds': coalesce(refunds.nodes, []),
        'createdAt': {_iso("purchases.ordered_at")},
        'processedAt': {_iso("purchases.ordered_at")},
        'updatedAt': {_iso("purchases.updated_at")},
        'cancelledAt': {_iso("purchases.cancelled_at")},
        'closedAt': null
    }})
from purchases
left join line_items on purchases.order_number = line_items.order_number
left join refunds on purchases.order_number = refunds.order_number
"""
