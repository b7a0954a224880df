"""What GraphQL does unlike REST: errors in a 200, throttling by cost, and pages within pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, cast

from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Request, Response

from ingestion.pipeline import SourceError
from ingestion.sources.shopify import queries

PATH = f"admin/api/{queries.API_VERSION}/graphql.json"
# The API pages through no more than this many records of one list.
LONGEST_LIST = 25_000
# A list given as an argument may be this long.
LONGEST_ARGUMENT = 250
FOLLOW_UP_PAGE = 100

Record = dict[str, Any]


def must_be_repeated(response: Response | None, exception: BaseException | None) -> bool:
    """Whether a 200 says that the shop was too busy, or failed, so that asking again may help.

    A throttled answer tells how many points the query lacked and how fast they are restored. That
    is put into the header by which a REST API would say how long to wait, since dlt goes by it.
    """
    if response is None or not response.ok:
        return False  # dlt goes by the exception or the status
    body = _body(response)
    codes = {_code(error) for error in _errors(response)}
    if "THROTTLED" in codes and (cost := body.get("extensions", {}).get("cost")):
        status = cost["throttleStatus"]
        lacking = cost["requestedQueryCost"] - status["currentlyAvailable"]
        response.headers["Retry-After"] = str(max(1, math.ceil(lacking / status["restoreRate"])))
    return bool(codes & {"THROTTLED", "INTERNAL_SERVER_ERROR"})


def raise_for_errors(response: Response) -> None:
    """Stops at an answer with errors: it comes with none of the data, or with holes in it.

    Raises:
        SourceError: with the code and the first line of the message of the first error.
    """
    for error in _errors(response):
        message = str(error.get("message", "")).partition("\n")[0]
        raise SourceError(f"the API refused the query ({_code(error)}): {message}")


class ConnectionPaginator(JSONResponseCursorPaginator):
    """Pages through a connection, such as `customers` or `order.lineItems`.

    Where a page costs more than a query may, it asks for smaller pages. Where a list sorted by
    `updatedAt` is longer than the API pages through, it starts anew from the last record seen;
    the few that come twice are merged on their key.

    Args:
        connection: path of the connection in the data.
    """

    def __init__(self, connection: str) -> None:
        super().__init__(
            cursor_path=f"data.{connection}.pageInfo.endCursor",
            cursor_body_path="variables.after",
            has_more_path=f"data.{connection}.pageInfo.hasNextPage",
        )
        self._page_size = 0
        self._seen = 0
        self._started_at: str | None = None
        self._changes: Record = {}

    def init_request(self, request: Request) -> None:
        """Notes how many records the first page is to have."""
        self._page_size = _variables(request)["first"]

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Reads from a page where the next one begins.

        Raises:
            SourceError: the answer has errors in it.
        """
        self._changes = {}
        if self._page_size > 1 and "MAX_COST_EXCEEDED" in map(_code, _errors(response)):
            self._page_size //= 2
            self._changes = {"first": self._page_size}
            return
        raise_for_errors(response)
        super().update_state(response, data)
        self._changes = {"after": self._next_reference}
        self._seen += len(data or ())
        if self._seen >= LONGEST_LIST and data and data[-1].get("updatedAt") != self._started_at:
            self._seen, self._started_at = 0, data[-1]["updatedAt"]
            self._changes = {"after": None, "query": updated_since(self._started_at)}

    def _handle_missing_has_more(self, response_json: Record) -> None:
        raise SourceError("the answer holds no page of the list it was asked for")

    def update_request(self, request: Request) -> None:
        """Asks for the next page, or for half of the one that was refused."""
        _variables(request).update(self._changes)


def updated_since(moment: str | None) -> str:
    """Search for what was updated at a moment (ISO text) or after it."""
    return f"updated_at:>='{moment}'"


def without_nested(orders: list[Record]) -> list[Record]:
    """Orders without the records nested in them that have tables of their own."""
    nested = {"lineItems", "refunds"}
    return [{name: order[name] for name in order.keys() - nested} for order in orders]


def line_items(orders: list[Record], client: RESTClient) -> Iterator[Record]:
    """The line items of orders, those on further pages included."""
    for order in orders:
        for item in _nodes(order, "order.lineItems", queries.MORE_LINE_ITEMS, client):
            yield _of_order(order, item)


def refunds(orders: list[Record], client: RESTClient) -> Iterator[Record]:
    """The refunds of orders, each with all of its line items as a list."""
    for order in orders:
        for refund in order["refunds"]:
            items = _nodes(refund, "refund.refundLineItems", queries.MORE_REFUND_LINE_ITEMS, client)
            yield _of_order(order, {**refund, "refundLineItems": list(items)})


def gone(ids: list[str], client: RESTClient) -> Iterator[Record]:
    """Those of some records that the shop no longer has, for which the API answers null."""
    for start in range(0, len(ids), LONGEST_ARGUMENT):
        asked = ids[start : start + LONGEST_ARGUMENT]
        response = client.post(PATH, json={"query": queries.EXISTING, "variables": {"ids": asked}})
        response.raise_for_status()
        raise_for_errors(response)
        nodes = response.json()["data"]["nodes"]
        yield from ({"id": id} for id, node in zip(asked, nodes, strict=True) if node is None)


def _nodes(parent: Record, connection: str, query: str, client: RESTClient) -> Iterator[Record]:
    """What a connection nested in `parent` holds: its first page, and what `query` gives after."""
    first_page = parent[connection.partition(".")[2]]
    yield from first_page["nodes"]
    if not first_page["pageInfo"]["hasNextPage"]:
        return
    variables = {
        "id": parent["id"],
        "first": FOLLOW_UP_PAGE,
        "after": first_page["pageInfo"]["endCursor"],
    }
    for page in client.paginate(
        PATH,
        method="POST",
        json={"query": query, "variables": variables},
        paginator=ConnectionPaginator(connection),
        data_selector=f"data.{connection}.nodes",
    ):
        yield from page


def _of_order(order: Record, record: Record) -> Record:
    return {**record, "orderId": order["id"], "orderUpdatedAt": order["updatedAt"]}


def _variables(request: Request) -> Record:
    """The variables of a query, which can be changed in place."""
    return cast(Record, request.json)["variables"]


def _body(response: Response) -> Record:
    """The body of an answer; empty where it is no GraphQL answer."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _errors(response: Response) -> list[Record]:
    """The errors in an answer. Where it is refused altogether, they are a text and not a list."""
    errors = _body(response).get("errors")
    return errors if isinstance(errors, list) else []


def _code(error: Record) -> str:
    return str((error.get("extensions") or {}).get("code", "error"))
