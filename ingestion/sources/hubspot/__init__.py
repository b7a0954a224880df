"""HubSpot CRM: contacts, companies and deals, those deleted, and how they are associated."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, cast

import dlt
from dlt.sources import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.rest_api import RESTAPIConfig, rest_api_resources
from dlt.sources.rest_api.typing import EndpointResource

from ingestion.contracts import RawRecord, resource_hints
from ingestion.http import session
from ingestion.sources.hubspot.helpers import (
    IdKeysetPaginator,
    associations,
    milliseconds,
    search,
    with_times,
)
from ingestion.sources.hubspot.schema import (
    Company,
    Contact,
    ContactCompanies,
    CrmObject,
    Deal,
    DealCompanies,
    DealContacts,
)
from ingestion.sources.hubspot.settings import LAST_MODIFIED, PROPERTIES

SEARCH_PAGE_SIZE = 200
LIST_PAGE_SIZE = 100
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dlt.source(name="hubspot", max_table_nesting=0)
def hubspot(
    access_token: str = dlt.secrets.value,
    base_url: str = "https://api.hubapi.com",
    properties: dict[str, list[str]] | None = None,
    search_lag: int = 60,
) -> Iterable[DltResource]:
    """Everything new, changed or deleted in a HubSpot account since the last load.

    Args:
        access_token: token of a private app.
        base_url: address of the API.
        properties: more properties to read, by object: `{"contacts": ["loyalty_tier"]}`.
        search_lag: seconds that a write can take to show in a search. What was modified in the
            last so many seconds is left to the next load, when it can no longer be missed.
    """
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=search_lag)
    asked = {
        name: list(dict.fromkeys([*standard, *(properties or {}).get(name, [])]))
        for name, standard in PROPERTIES.items()
    }
    config: RESTAPIConfig = {
        "client": {
            "base_url": base_url,
            "auth": {"type": "bearer", "token": access_token},
            "session": session(),
        },
        "resources": [
            resource
            for model in (Contact, Company, Deal)
            for resource in (
                _modified(model, asked[model.raw.name], before),
                _archived(model, asked[model.raw.name]),
            )
        ],
    }
    resources = {resource.name: resource for resource in rest_api_resources(config)}
    yield from resources.values()

    client = RESTClient(base_url, auth=BearerTokenAuth(access_token), session=session())
    for model, from_type, to_type in (
        (ContactCompanies, "contacts", "companies"),
        (DealContacts, "deals", "contacts"),
        (DealCompanies, "deals", "companies"),
    ):
        yield _associated(model, client, resources[from_type], to_type)


def _modified(
    model: type[CrmObject], properties: list[str], before: datetime.datetime
) -> EndpointResource:
    """The live objects of one type modified since the last load."""
    name = model.raw.name
    resource = {
        **resource_hints(model),
        "endpoint": {
            "path": f"crm/v3/objects/{name}/search",
            "method": "POST",
            "json": search(properties, LAST_MODIFIED[name], before, SEARCH_PAGE_SIZE),
            "data_selector": "results",
            "paginator": IdKeysetPaginator(),
            "incremental": {
                "cursor_path": "updatedAt",
                "initial_value": EPOCH,
                "convert": milliseconds,
                "on_cursor_value_missing": "include",
            },
        },
        "processing_steps": [{"map": with_times}],
    }
    return cast(EndpointResource, resource)


def _archived(model: type[CrmObject], properties: list[str]) -> EndpointResource:
    """The objects of one type deleted since the last load: listed whole, the known ones dropped."""
    name = model.raw.name
    resource = {
        **resource_hints(model),
        "name": f"{name}_archived",
        "table_name": name,
        "endpoint": {
            "path": f"crm/v3/objects/{name}",
            "params": {
                "archived": "true",
                "limit": LIST_PAGE_SIZE,
                "properties": ",".join(properties),
            },
            "data_selector": "results",
            "paginator": {
                "type": "cursor",
                "cursor_path": "paging.next.after",
                "cursor_param": "after",
            },
            "incremental": {
                "cursor_path": "archivedAt",
                "initial_value": EPOCH,
                "on_cursor_value_missing": "include",
            },
        },
        "processing_steps": [{"map": with_times}],
    }
    return cast(EndpointResource, resource)


def _associated(
    model: type[RawRecord], client: RESTClient, objects: DltResource, to_type: str
) -> DltResource:
    """The associations of the objects modified since the last load, read a page at a time."""

    @dlt.transformer(data_from=objects, **resource_hints(model))
    def read(page: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
        ids = [record["id"] for record in page]
        yield list(associations(client, objects.name, to_type, ids))

    return read
