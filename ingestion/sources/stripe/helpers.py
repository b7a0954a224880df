"""Reads a Stripe list, and by the event log what the list alone would miss.

A list can be asked for objects created since a moment, never for objects changed since. Changes
and deletions are in the event log, which Stripe keeps for 30 days. An event shows its object as it
was then, in the API version of the account: so the object is fetched anew, in the version pinned
here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dlt
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Response

from ingestion.http import session
from ingestion.pipeline import SourceError

API_VERSION = "2026-08-26.dahlia"
PAGE_SIZE = 100

# Stripe keeps events for 30 days. A day less, for what is left of the first one.
EVENTS_KEPT_DAYS = 29

# The only two after which an object can no longer be fetched. The event holds its last state.
DELETIONS = ("customer.deleted", "invoice.deleted")


@dataclass(frozen=True)
class Listing:
    """How one table is read.

    Args:
        events: types of the events that tell of a change to an object; Stripe takes 20 at most.
        params: what the list must be asked besides.
        expand: parts of an object that Stripe sends on request only.
    """

    events: tuple[str, ...]
    params: dict[str, str] = field(default_factory=dict)
    expand: tuple[str, ...] = ()


LISTINGS: dict[str, Listing] = {
    "customers": Listing(
        events=("customer.created", "customer.updated", "customer.deleted"),
    ),
    "subscriptions": Listing(
        events=(
            "customer.subscription.created",
            "customer.subscription.deleted",
            "customer.subscription.paused",
            "customer.subscription.pending_update_applied",
            "customer.subscription.pending_update_expired",
            "customer.subscription.resumed",
            "customer.subscription.trial_will_end",
            "customer.subscription.updated",
        ),
        # Cancelled ones are left out unless asked for.
        params={"status": "all"},
    ),
    "invoices": Listing(
        events=(
            "invoice.created",
            "invoice.deleted",
            "invoice.finalization_failed",
            "invoice.finalized",
            "invoice.marked_uncollectible",
            "invoice.overdue",
            "invoice.overpaid",
            "invoice.paid",
            "invoice.payment_action_required",
            "invoice.payment_failed",
            "invoice.payment_succeeded",
            "invoice.sent",
            "invoice.updated",
            "invoice.voided",
        ),
        # The only way from a payment to its invoice since charges do not name one any more.
        expand=("payments",),
    ),
    "charges": Listing(
        events=(
            "charge.captured",
            "charge.expired",
            "charge.failed",
            "charge.pending",
            "charge.refunded",
            "charge.succeeded",
            "charge.updated",
        ),
    ),
    "refunds": Listing(events=("refund.created", "refund.failed", "refund.updated")),
}


class ListPaginator(JSONResponseCursorPaginator):
    """Follows a list from its newest object to its oldest."""

    def __init__(self) -> None:
        super().__init__("data[-1].id", "starting_after", has_more_path="has_more")

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Reads from a page whether there is another, and the object it starts after.

        Raises:
            SourceError: the body is not a page of a list, or the list goes round in circles.
        """
        page = response.json()
        if not isinstance(page, dict) or not isinstance(page.get("has_more"), bool):
            raise SourceError("the answer is not a page of a list")
        before = self._next_reference
        super().update_state(response, data)
        if self.has_next_page and self._next_reference == before:
            raise SourceError(f"the list does not get past {before}")


class Position:
    """How far a list has been read, by `created`.

    Times are whole seconds, so the newest second is asked for again the next time: the ids read in
    it tell what is new. On a first load the position is 0, before every object.

    Args:
        state: where the position is kept from load to load, changed in place.
    """

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state
        self._read_before = frozenset(state.setdefault("ids", []))
        self.start: int = state.setdefault("second", 0)

    def unread(self, page: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those objects of a page that were not read in an earlier load; they now count as read."""
        unread = [item for item in page if item.get("id") not in self._read_before]
        for item in unread:
            created = item.get("created")
            if not isinstance(created, int):  # left to the quarantine
                continue
            if created > self._state["second"]:
                self._state |= {"second": created, "ids": []}
            if created == self._state["second"]:
                self._state["ids"].append(item.get("id"))
        return unread


def connect(base_url: str, api_key: str) -> RESTClient:
    """A client that speaks the pinned version of the API."""
    return RESTClient(
        base_url=f"{base_url.rstrip('/')}/v1/",
        headers={"Stripe-Version": API_VERSION},
        auth=BearerTokenAuth(api_key),
        paginator=ListPaginator(),
        data_selector="data",
        session=session(),
    )


def read(client: RESTClient, table: str) -> Iterator[list[dict[str, Any]]]:
    """Yields what was created, changed or deleted since the last load.

    Objects created since come from the list, a hundred a request. The older ones that have changed
    are fetched one by one. The log is read before the list, so that a change made meanwhile is
    either in what the list shows or in the log of the next load.
    """
    listing = LISTINGS[table]
    state = dlt.current.resource_state(table)
    today = int(time.time()) // 86_400
    if today - state.get("day", today) >= EVENTS_KEPT_DAYS:
        state.clear()  # events may be lost: read everything again
    state["day"] = today

    listed = Position(state.setdefault("list", {}))
    changes = _changes(client, listing, Position(state.setdefault("events", {})), listed.start)

    params = listing.params | {"limit": PAGE_SIZE, "created[gte]": listed.start}
    expand = {"expand[]": [f"data.{part}" for part in listing.expand]}
    for page in client.paginate(table, params=params | expand):
        yield listed.unread(page)

    for event in changes:
        changed = _object_of(client, listing, table, event)
        if changed is not None:
            yield [changed | {"event_created": event["created"]}]


def _changes(
    client: RESTClient, listing: Listing, events: Position, listed_from: int
) -> list[dict[str, Any]]:
    """The last new event about each object that the list from `listed_from` on may not show."""
    latest: dict[str, dict[str, Any]] = {}
    params = {
        "types[]": list(listing.events),
        "limit": PAGE_SIZE,
        "created[gte]": events.start,
    }
    for page in client.paginate("events", params=params):
        for event in events.unread(page):  # newest first
            about = event["data"]["object"]
            if about.get("created", 0) <= listed_from or event["type"] in DELETIONS:
                latest.setdefault(about["id"], event)
    return list(latest.values())


def _object_of(
    client: RESTClient, listing: Listing, table: str, event: dict[str, Any]
) -> dict[str, Any] | None:
    """The object of an event as it is now; none if a deletion has overtaken the event.

    Raises:
        requests.HTTPError: Stripe refused to show it.
    """
    about: dict[str, Any] = event["data"]["object"]
    if event["type"] in DELETIONS:
        return about | {"deleted": True}
    response = client.get(f"{table}/{about['id']}", params={"expand[]": list(listing.expand)})
    if response.status_code == 404:
        return None
    response.raise_for_status()
    current: dict[str, Any] = response.json()
    # A deleted customer is shown as little more than its id: the event of its deletion tells more.
    return None if current.get("deleted") else current
