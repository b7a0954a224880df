"""Zendesk Support: users, their identities, organizations and tickets, by incremental export."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import dlt
from dlt.sources import DltResource
from dlt.sources.rest_api import RESTAPIConfig, rest_api_resources

from ingestion.contracts import resource_hints
from ingestion.http import session
from ingestion.sources.zendesk.helpers import CursorExportPaginator, TimeExportPaginator
from ingestion.sources.zendesk.schema import Organization, Ticket, User, UserIdentity

PAGE_SIZE = 1000


@dlt.source(name="zendesk", max_table_nesting=0)
def zendesk(
    email: str = dlt.secrets.value,
    api_token: str = dlt.secrets.value,
    base_url: str = dlt.config.value,
) -> Iterable[DltResource]:
    """Everything new or changed in a Zendesk Support account since the last load.

    Args:
        email: address of the administrator the token belongs to.
        api_token: API token, from Admin Center > Apps and integrations > Zendesk API.
        base_url: address of the account, such as `https://acme.zendesk.com`.
    """
    config: RESTAPIConfig = {
        "client": {
            "base_url": f"{base_url.rstrip('/')}/api/v2/",
            "auth": {
                "type": "http_basic",
                "username": f"{email}/token",
                "password": api_token,
            },
            "session": session(),
        },
        "resource_defaults": {"endpoint": {"params": {"per_page": PAGE_SIZE}}},
        "resources": [
            {
                **resource_hints(User),
                "endpoint": {
                    "path": "incremental/users/cursor.json",
                    "params": {"start_time": 0},
                    "data_selector": "users",
                    "paginator": CursorExportPaginator(),
                },
            },
            {
                # Identities have no export of their own: they come beside the users who changed.
                **resource_hints(UserIdentity),
                "endpoint": {
                    "path": "incremental/users/cursor.json",
                    "params": {"start_time": 0, "include": "identities"},
                    "data_selector": "identities",
                    "paginator": CursorExportPaginator(),
                },
            },
            {
                # Organizations can only be exported by time, and a time-based export delivers the
                # records of its last second again: dlt's cursor knows which those are.
                **resource_hints(Organization),
                "endpoint": {
                    "path": "incremental/organizations.json",
                    "params": {"start_time": "{incremental.start_value}"},
                    "data_selector": "organizations",
                    "paginator": TimeExportPaginator(),
                    "incremental": {
                        "cursor_path": "updated_at",
                        "initial_value": "1970-01-01T00:00:00Z",
                        "convert": _unix_time,
                        "on_cursor_value_missing": "include",
                    },
                },
            },
            {
                **resource_hints(Ticket),
                "endpoint": {
                    "path": "incremental/tickets/cursor.json",
                    "params": {"start_time": 0, "include": "metric_sets"},
                    "data_selector": "tickets",
                    "paginator": CursorExportPaginator(),
                },
            },
        ],
    }
    yield from rest_api_resources(config)


def _unix_time(moment: str) -> int:
    """Seconds since 1970 of a moment in ISO text."""
    return int(datetime.datetime.fromisoformat(moment).timestamp())
