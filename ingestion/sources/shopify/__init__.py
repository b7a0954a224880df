"""Shopify: customers, orders with their line items, and refunds, by the Admin GraphQL API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import dlt
from dlt.sources import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import APIKeyAuth
from dlt.sources.rest_api import Endpoint, RESTAPIConfig, rest_api_resources

from ingestion.contracts import resource_hints
from ingestion.http import session
from ingestion.sources.shopify import helpers, queries
from ingestion.sources.shopify.schema import (
    Customer,
    DeletedCustomer,
    Order,
    OrderLineItem,
    Refund,
)

CUSTOMERS_PAGE = 100
ORDERS_PAGE = 25


@dlt.source(name="shopify", max_table_nesting=0)
def shopify(
    access_token: str = dlt.secrets.value,
    base_url: str = dlt.config.value,
    find_deleted: bool = True,
) -> Iterable[DltResource]:
    """Everything new or changed in a Shopify shop since the last load.

    Args:
        access_token: Admin API access token of an app installed in the shop.
        base_url: address of the shop, such as `https://acme.myshopify.com`.
        find_deleted: whether to ask for every customer loaded before, to see who is gone. That is
            one query for 250 customers at every load.
    """
    client: dict[str, Any] = {
        "base_url": base_url,
        "auth": APIKeyAuth(name="X-Shopify-Access-Token", api_key=access_token, location="header"),
        "session": session(helpers.must_be_repeated),
    }
    config: RESTAPIConfig = {
        "client": client,  # type: ignore[typeddict-item]
        "resources": [
            {
                **resource_hints(Customer),
                "endpoint": _connection("customers", queries.CUSTOMERS, CUSTOMERS_PAGE),
            },
            {
                # Read whole, and checked whole; what is in it goes to the three tables below.
                **resource_hints(Order),
                "endpoint": _connection("orders", queries.ORDERS, ORDERS_PAGE),
                "selected": False,
            },
        ],
    }
    customers, orders = rest_api_resources(config)
    api = RESTClient(**client)

    def deleted_customers() -> Iterator[Any]:
        if find_deleted:
            yield from helpers.gone(_customers_loaded_before(), api)

    def line_items(orders: list[dict[str, Any]]) -> Iterator[Any]:
        yield from helpers.line_items(orders, api)

    def refunds(orders: list[dict[str, Any]]) -> Iterator[Any]:
        yield from helpers.refunds(orders, api)

    yield customers
    yield dlt.resource(deleted_customers, **resource_hints(DeletedCustomer))
    yield orders
    headers = resource_hints(Order)
    headers["name"] = "order_headers"
    yield dlt.transformer(
        helpers.without_nested, data_from=orders, table_name=Order.raw.name, **headers
    )
    yield dlt.transformer(line_items, data_from=orders, **resource_hints(OrderLineItem))
    yield dlt.transformer(refunds, data_from=orders, **resource_hints(Refund))


def _connection(name: str, query: str, page_size: int) -> Endpoint:
    """Endpoint that lists the records of a connection that are new or changed."""
    return {
        "path": helpers.PATH,
        "method": "POST",
        "json": {
            # In a template, braces that mean themselves are doubled.
            "query": query.replace("{", "{{").replace("}", "}}"),
            "variables": {
                "first": page_size,
                "after": None,
                "query": helpers.updated_since("{incremental.start_value}"),
            },
        },
        "data_selector": f"data.{name}.nodes",
        "paginator": helpers.ConnectionPaginator(name),
        "incremental": {
            "cursor_path": "updatedAt",
            "initial_value": "1970-01-01T00:00:00Z",
            "on_cursor_value_missing": "include",
        },
    }


def _customers_loaded_before() -> list[str]:
    """Global ids of the customers in the raw table who are not known to be gone."""
    with dlt.current.pipeline().sql_client() as warehouse:
        known = warehouse.execute_sql(
            "select id from customers where id not in (select id from deleted_customers)"
        )
    return [id for (id,) in known or ()]
