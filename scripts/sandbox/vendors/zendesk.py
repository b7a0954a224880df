"""Zendesk Support: users, their identities, organizations and tickets, as its exports send them.

The exports of a real account leave out the last minute, so that nothing still being written is
delivered; the sandbox company lives in its own time, and leaves out nothing.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.sandbox.store import COLUMNS, Store, Stored, beyond

EMAIL = "admin@sandbox.example"
API_TOKEN = "sandbox-zendesk-token"  # noqa: S105
MAX_PAGE_SIZE = 1000
SUBDOMAIN = "https://sandbox.zendesk.com/api/v2"

_SECOND = "date_trunc('second', updated_at)"
_AUTHORIZATION = f"Basic {base64.b64encode(f'{EMAIL}/token:{API_TOKEN}'.encode()).decode()}"


def settings(base_url: str) -> dict[str, str]:
    """Environment that points the connector at the sandbox."""
    return {
        "SOURCES__ZENDESK__BASE_URL": base_url,
        "SOURCES__ZENDESK__EMAIL": EMAIL,
        "SOURCES__ZENDESK__API_TOKEN": API_TOKEN,
    }


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the world's support desk as Zendesk's objects."""
    connection.execute("create schema if not exists zendesk")
    for kind in ("users", "user_identities", "organizations", "tickets"):
        connection.execute(f"create or replace table zendesk.{kind} {COLUMNS}")
    connection.execute(
        """
        create or replace temp macro zendesk_time(moment) as
            strftime(moment, '%Y-%m-%dT%H:%M:%SZ')
        """
    )
    connection.execute(_ORGANIZATIONS, {"url": SUBDOMAIN})
    connection.execute(_USERS, {"url": SUBDOMAIN})
    connection.execute(_USER_IDENTITIES, {"url": SUBDOMAIN})
    connection.execute(_TICKETS, {"url": SUBDOMAIN})


def routes(store: Store) -> list[Route]:
    """The exports: by cursor for users and tickets, by time for organizations."""

    def export_users(request: Request) -> Response:
        return _by_cursor(request, "users", _beside(request, store))

    def export_tickets(request: Request) -> Response:
        return _by_cursor(request, "tickets", {})

    def _by_cursor(request: Request, kind: str, sideload: Any) -> Response:
        refused = _refused(request)
        if refused:
            return refused
        query = request.query_params
        size = _page_size(query.get("per_page"))
        if "cursor" in query:
            position = _position(query["cursor"])
            if position is None:
                return _error(400, "InvalidValue", "Invalid value for parameter: cursor")
            where = beyond("updated_at", ">", "make_timestamp(?)")
            given = [position[0], *position]
        else:
            start = _seconds(query.get("start_time"))
            if start is None:
                return _error(400, "InvalidValue", "Invalid value for parameter: start_time")
            where, given = "updated_at >= make_timestamp(?)", [start * 1_000_000]
        found = store.select(f"zendesk.{kind}", where, given, limit=size + 1)
        page = found[:size]
        cursor = _cursor(page[-1]) if page else query.get("cursor")
        next_page = urlencode({"cursor": cursor, "per_page": size}) if cursor else None
        body = {
            kind: [stored.object for stored in page],
            **(sideload(page) if sideload else {}),
            "after_url": f"{request.url.replace(query='')}?{next_page}" if next_page else None,
            "after_cursor": cursor,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": len(found) <= size,
        }
        return _answer(body)

    def export_organizations(request: Request) -> Response:
        refused = _refused(request)
        if refused:
            return refused
        size = _page_size(request.query_params.get("per_page"))
        start = _seconds(request.query_params.get("start_time"))
        if start is None:
            return _error(400, "InvalidValue", "Invalid value for parameter: start_time")
        # A page ends with a whole second and gets past the one it starts with, however many
        # organizations changed in them: so the next page begins with records of this one.
        later = store.select(
            "zendesk.organizations",
            f"{_SECOND} > make_timestamp(?)",
            [start * 1_000_000],
            limit=size,
        )
        until = later[-1].updated_at if later else datetime.datetime.max
        page = store.select(
            "zendesk.organizations",
            f"{_SECOND} between make_timestamp(?) and ?",
            [start * 1_000_000, until],
        )
        more = store.count("zendesk.organizations", f"{_SECOND} > ?", [until])
        end = int(page[-1].updated_at.replace(tzinfo=datetime.UTC).timestamp()) if page else start
        next_page = urlencode({"per_page": size, "start_time": end})
        body = {
            "organizations": [stored.object for stored in page],
            "next_page": f"{request.url.replace(query='')}?{next_page}",
            "end_time": end,
            "count": len(page),
            "end_of_stream": more == 0,
        }
        return _answer(body)

    def unknown(request: Request) -> Response:
        return _refused(request) or _error(404, "InvalidEndpoint", "Not found")

    return [
        Route("/api/v2/incremental/users/cursor.json", export_users),
        Route("/api/v2/incremental/tickets/cursor.json", export_tickets),
        Route("/api/v2/incremental/organizations.json", export_organizations),
        Route("/{path:path}", unknown),
    ]


def _beside(request: Request, store: Store) -> Any:
    """What is delivered beside a page of users: their identities, where asked for."""
    if "identities" not in request.query_params.get("include", "").split(","):
        return None

    def identities(page: list[Stored]) -> dict[str, Any]:
        users = [stored.id for stored in page]
        found = store.select("zendesk.user_identities", "list_contains(?, parent_id)", [users])
        return {"identities": [stored.object for stored in found]}

    return identities


def _refused(request: Request) -> Response | None:
    if request.headers.get("authorization") == _AUTHORIZATION:
        return None
    return JSONResponse({"error": "Couldn't authenticate you"}, 401)


def _error(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "description": description}, status)


def _answer(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"x-rate-limit": "700", "x-rate-limit-remaining": "699"})


def _page_size(value: str | None) -> int:
    size = int(value) if value and value.isdigit() else MAX_PAGE_SIZE
    return max(1, min(size, MAX_PAGE_SIZE))


def _seconds(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() else None


def _cursor(last: Stored) -> str:
    """An opaque cursor: where in the export the page ended."""
    moment = last.updated_at.replace(tzinfo=datetime.UTC).timestamp()
    return base64.b64encode(f"{moment}||{last.id}|".encode()).decode()


def _position(cursor: str) -> tuple[int, str] | None:
    """The microsecond and id a cursor stands for."""
    try:
        moment, _, id, _ = base64.b64decode(cursor, validate=True).decode().split("|")
        return round(float(moment) * 1_000_000), id
    except (binascii.Error, ValueError):
        return None


_ORGANIZATIONS = """
insert into zendesk.organizations
select
    record_id,
    created_at,
    updated_at,
    coalesce(is_deleted, false),
    null,
    json_object(
        'id', cast(record_id as bigint),
        'url', $url || '/organizations/' || record_id || '.json',
        'name', name,
        'domain_names', case when domain is null then cast([] as varchar []) else [domain] end,
        'external_id', null,
        'group_id', null,
        'details', null,
        'notes', null,
        'tags', cast([] as varchar []),
        'organization_fields', json_object(
            'phone', phone,
            'street_address', street_address,
            'city', city,
            'region', region,
            'postcode', postcode,
            'country', country,
            'industry', industry,
            'employees', employees
        ),
        'shared_tickets', false,
        'shared_comments', false,
        'created_at', zendesk_time(created_at),
        'updated_at', zendesk_time(updated_at),
        'deleted_at', case when is_deleted then zendesk_time(updated_at) end
    )
from world.organization_records
where source = 'zendesk'
"""

_USERS = """
insert into zendesk.users
select
    people.record_id,
    people.created_at,
    people.updated_at,
    coalesce(people.is_deleted, false),
    null,
    json_object(
        'id', cast(people.record_id as bigint),
        'url', $url || '/users/' || people.record_id || '.json',
        'name', coalesce(people.full_name, concat_ws(' ', people.given_name, people.family_name)),
        'email', people.email,
        'alias', null,
        'phone', people.phone,
        'shared_phone_number', null,
        'photo', null,
        'role', 'end-user',
        'role_type', null,
        'custom_role_id', null,
        'organization_id', cast(organizations.record_id as bigint),
        'default_group_id', null,
        'external_id', people.user_id,
        'locale', 'en-US',
        'locale_id', 1,
        'time_zone', 'UTC',
        'iana_time_zone', 'Etc/UTC',
        'tags', cast([] as varchar []),
        'details', null,
        'notes', null,
        'signature', null,
        'user_fields', json_object(
            'job_title', people.job_title,
            'street_address', people.street_address,
            'unit', people.unit,
            'city', people.city,
            'region', people.region,
            'postcode', people.postcode,
            'country', people.country
        ),
        'active', not coalesce(people.is_deleted, false),
        'suspended', false,
        'verified', true,
        'moderator', false,
        'shared', false,
        'shared_agent', false,
        'chat_only', false,
        'restricted_agent', true,
        'only_private_comments', false,
        'report_csv', false,
        'ticket_restriction', 'requested',
        'two_factor_auth_enabled', null,
        'last_login_at', null,
        'created_at', zendesk_time(people.created_at),
        'updated_at', zendesk_time(people.updated_at)
    )
from world.person_records as people
left join world.organization_records as organizations
    on
        people.company_id = organizations.company_id
        and organizations.source = 'zendesk'
where people.source = 'zendesk'
qualify row_number() over (partition by people.record_id order by organizations.record_id) = 1
"""

_USER_IDENTITIES = """
insert into zendesk.user_identities
with
identities as (
    select record_id, record_number, 1 as number, 'email' as type, email as value, created_at
    from world.person_records
    where source = 'zendesk' and email is not null
    union all
    select record_id, record_number, 2, 'email', other_email, updated_at
    from world.person_records
    where source = 'zendesk' and other_email is not null and other_email is distinct from email
    union all
    select record_id, record_number, 3, 'phone_number', phone, created_at
    from world.person_records
    where source = 'zendesk' and phone is not null
)

select
    cast(record_number * 10 + number as varchar),
    created_at,
    created_at,
    false,
    record_id,
    json_object(
        'id', record_number * 10 + number,
        'user_id', cast(record_id as bigint),
        'url',
        $url || '/users/' || record_id || '/identities/' || record_number * 10 + number || '.json',
        'type', type,
        'value', value,
        'verified', number = 1,
        'primary', number = 1,
        'created_at', zendesk_time(created_at),
        'updated_at', zendesk_time(created_at)
    )
from identities
"""

_TICKETS = """
insert into zendesk.tickets
select
    ticket_id,
    created_at,
    updated_at,
    coalesce(is_deleted, false),
    null,
    json_object(
        'id', cast(ticket_id as bigint),
        'url', $url || '/tickets/' || ticket_id || '.json',
        'external_id', null,
        'via', json_object(
            'channel', channel,
            'source', json_object('from', json_object(), 'to', json_object(), 'rel', null)
        ),
        'type', 'question',
        'subject', subject,
        'raw_subject', subject,
        'description', description,
        'priority', priority,
        'status', case when is_deleted then 'deleted' else status end,
        'recipient', null,
        'requester_id', cast(record_id as bigint),
        'submitter_id', cast(record_id as bigint),
        'assignee_id', null,
        'organization_id', cast(organization_record_id as bigint),
        'group_id', null,
        'collaborator_ids', cast([] as bigint []),
        'follower_ids', cast([] as bigint []),
        'email_cc_ids', cast([] as bigint []),
        'forum_topic_id', null,
        'problem_id', null,
        'has_incidents', false,
        'is_public', true,
        'due_at', null,
        'tags', coalesce(tags, cast([] as varchar [])),
        'custom_fields', cast([] as json []),
        'satisfaction_rating', json_object('score', coalesce(satisfaction, 'unoffered')),
        'sharing_agreement_ids', cast([] as bigint []),
        'fields', cast([] as json []),
        'followup_ids', cast([] as bigint []),
        'brand_id', null,
        'allow_channelback', false,
        'allow_attachments', true,
        'from_messaging_channel', false,
        'generated_timestamp', cast(epoch(updated_at) as bigint),
        'created_at', zendesk_time(created_at),
        'updated_at', zendesk_time(updated_at),
        'metric_set', json_object(
            'ticket_id', cast(ticket_id as bigint),
            'created_at', zendesk_time(created_at),
            'updated_at', zendesk_time(updated_at),
            'solved_at', zendesk_time(solved_at)
        )
    )
from world.tickets
"""
