"""Klaviyo: profiles with their subscriptions, events, metrics and e-mail campaigns, by JSON:API."""

from __future__ import annotations

from collections.abc import Iterable

import dlt
from dlt.sources import DltResource
from dlt.sources.rest_api import RESTAPIConfig, rest_api_resources

from ingestion.contracts import resource_hints
from ingestion.http import session
from ingestion.sources.klaviyo.helpers import NextLinkPaginator, lifted, since_last
from ingestion.sources.klaviyo.schema import Campaign, Event, Metric, Profile

REVISION = "2026-07-15"
PAGE_SIZE = 100
EVENT_PAGE_SIZE = 1000


@dlt.source(name="klaviyo", max_table_nesting=0)
def klaviyo(
    api_key: str = dlt.secrets.value,
    base_url: str = "https://a.klaviyo.com",
) -> Iterable[DltResource]:
    """Everything new or changed in a Klaviyo account since the last load.

    Args:
        api_key: private API key with read access to profiles, events, metrics and campaigns.
        base_url: address of the API.
    """
    config: RESTAPIConfig = {
        "client": {
            "base_url": f"{base_url.rstrip('/')}/api/",
            "headers": {"accept": "application/vnd.api+json", "revision": REVISION},
            "auth": {
                "type": "api_key",
                "name": "Authorization",
                "api_key": f"Klaviyo-API-Key {api_key}",
                "location": "header",
            },
            "session": session(),
        },
        "resource_defaults": {"endpoint": {"data_selector": "data"}},
        "resources": [
            {
                **resource_hints(Profile),
                "endpoint": {
                    "path": "profiles",
                    "params": {
                        "additional-fields[profile]": "subscriptions",
                        "filter": "greater-than(updated,{incremental.start_value})",
                        "sort": "updated",
                        "page[size]": PAGE_SIZE,
                    },
                    "paginator": NextLinkPaginator(),
                    "incremental": since_last("updated"),
                },
                "processing_steps": [{"map": lifted("updated")}],
            },
            {
                # Metrics can be neither filtered nor sorted by time: all are read, few are new.
                **resource_hints(Metric),
                "endpoint": {
                    "path": "metrics",
                    "paginator": NextLinkPaginator(),
                    "incremental": since_last("updated"),
                },
                "processing_steps": [{"map": lifted("updated")}],
            },
            {
                **resource_hints(Event),
                "endpoint": {
                    "path": "events",
                    "params": {
                        "filter": "greater-than(datetime,{incremental.start_value})",
                        "sort": "datetime",
                        "page[size]": EVENT_PAGE_SIZE,
                    },
                    "paginator": NextLinkPaginator(),
                    "incremental": since_last("datetime"),
                },
                "processing_steps": [{"map": lifted("datetime")}],
            },
            {
                **resource_hints(Campaign),
                "endpoint": {
                    "path": "campaigns",
                    "params": {
                        "filter": (
                            "and(equals(messages.channel,'email'),"
                            "greater-than(updated_at,{incremental.start_value}))"
                        ),
                        "sort": "updated_at",
                        "page[size]": PAGE_SIZE,
                    },
                    "paginator": NextLinkPaginator(),
                    "incremental": since_last("updated_at"),
                },
                "processing_steps": [{"map": lifted("updated_at")}],
            },
        ],
    }
    yield from rest_api_resources(config)
