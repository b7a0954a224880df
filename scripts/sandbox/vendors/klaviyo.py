"""Klaviyo: profiles, metrics, events and e-mail campaigns as JSON:API, with the filters of each."""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.sandbox.store import COLUMNS, Store, Stored, beyond

API_KEY = "pk_sandbox_klaviyo_key"

_OPERATORS = {
    "greater-than": ">",
    "greater-or-equal": ">=",
    "less-than": "<",
    "less-or-equal": "<=",
}
_STRICT = {"greater-than", "less-than"}
_CLAUSE = re.compile(r"([a-z-]+)\(([\w.]+),([^()]+)\)")


@dataclass(frozen=True)
class Listing:
    """How one kind of resource can be listed.

    Args:
        moments: fields that can be filtered and sorted by, with their columns in the store.
        operators: what the moments can be filtered by.
        largest_page: the most that can be asked for, and the size when nothing is.
        usual_page: the size of a page when nothing is asked for.
        channel: whether a filter on the channel is demanded.
    """

    moments: dict[str, str]
    operators: frozenset[str]
    largest_page: int
    usual_page: int
    channel: bool = False


_LISTINGS = {
    "profiles": Listing(
        {"updated": "updated_at", "created": "created_at"}, frozenset(_STRICT), 100, 20
    ),
    "events": Listing({"datetime": "created_at"}, frozenset(_OPERATORS), 1000, 200),
    "campaigns": Listing(
        {"updated_at": "updated_at", "created_at": "created_at"},
        frozenset(_OPERATORS),
        100,
        100,
        channel=True,
    ),
    "metrics": Listing({}, frozenset(), 200, 200),
}


class _RefusedError(Exception):
    """A request Klaviyo would not answer."""

    def __init__(self, status: int, code: str, title: str, detail: str, source: dict[str, str]):
        super().__init__(detail)
        self.status = status
        self.error = {
            "id": "00000000-0000-4000-8000-000000000000",
            "status": status,
            "code": code,
            "title": title,
            "detail": detail,
            "source": source,
        }


def settings(base_url: str) -> dict[str, str]:
    """Environment that points the connector at the sandbox."""
    return {"SOURCES__KLAVIYO__BASE_URL": base_url, "SOURCES__KLAVIYO__API_KEY": API_KEY}


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the world's marketing as Klaviyo's resources.

    Klaviyo does not show what was deleted; the world's profiles are all there.
    """
    connection.execute("create schema if not exists klaviyo")
    for kind in _LISTINGS:
        connection.execute(f"create or replace table klaviyo.{kind} {COLUMNS}")
    connection.execute(
        """
        create or replace temp macro klaviyo_time(moment) as
            strftime(moment, '%Y-%m-%dT%H:%M:%S+00:00');
        create or replace temp macro klaviyo_message(campaign_id) as
            '01' || upper(substr(md5(campaign_id), 1, 24));
        create or replace temp macro klaviyo_self(kind, id) as
            json_object('self', 'https://a.klaviyo.com/api/' || kind || '/' || id);
        create or replace temp table klaviyo_metrics as
        select * from (values
            ('KmRcvd', 'received', 'Received Email'),
            ('KmOpnd', 'opened', 'Opened Email'),
            ('KmClkd', 'clicked', 'Clicked Email'),
            ('KmUnsb', 'unsubscribed', 'Unsubscribed from Email Marketing'),
            ('KmBncd', 'bounced', 'Bounced Email')
        ) as metrics (metric_id, event_type, metric_name);
        """
    )
    for statement in (_PROFILES, _METRICS, _EVENTS, _CAMPAIGNS):
        connection.execute(statement)


def routes(store: Store) -> list[Route]:
    """The four lists, and an answer for every other address."""

    def listing(kind: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            try:
                _authorize(request)
                return _answer(_page(request, store, kind))
            except _RefusedError as refused:
                return _answer({"errors": [refused.error]}, refused.status)

        return answer

    def unknown(request: Request) -> Response:
        error = _RefusedError(
            404, "not_found", "Not found.", "The address was not found.", {}
        ).error
        return _answer({"errors": [error]}, 404)

    return [
        *(Route(f"/api/{kind}", listing(kind), name=kind) for kind in _LISTINGS),
        Route("/{path:path}", unknown, name="unknown"),
    ]


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(
        body,
        status,
        media_type="application/vnd.api+json",
        headers={"ratelimit-limit": "75, 75;w=1, 750;w=60", "ratelimit-remaining": "74"},
    )


def _authorize(request: Request) -> None:
    given = request.headers.get("authorization", "")
    if not given.startswith("Klaviyo-API-Key "):
        raise _RefusedError(
            401,
            "not_authenticated",
            "Authentication credentials were not provided.",
            "Missing or invalid authorization scheme. Please use Klaviyo-API-Key.",
            {"pointer": "/data/"},
        )
    if given != f"Klaviyo-API-Key {API_KEY}":
        raise _RefusedError(
            401,
            "authentication_failed",
            "Incorrect authentication credentials.",
            "Incorrect authentication credentials.",
            {"pointer": "/data/"},
        )
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(\.\w+)?", request.headers.get("revision", "")):
        raise _RefusedError(
            400,
            "revision_required",
            "Revision is required.",
            "A valid revision date is required in the request header.",
            {"pointer": "/data/"},
        )


def _page(request: Request, store: Store, kind: str) -> dict[str, Any]:
    """One page of a list.

    Raises:
        _RefusedError: a parameter the list does not take.
    """
    query, rules = request.query_params, _LISTINGS[kind]
    where, given = _filter(query.get("filter", ""), rules)
    sort = query.get("sort", next(iter(rules.moments), ""))
    field, descending = sort.removeprefix("-"), sort.startswith("-")
    if sort and field not in rules.moments:
        raise _invalid("sort", f"'{sort}' is not a sort option of the resource.")
    column = rules.moments.get(field, "created_at")
    if "page[cursor]" in query:
        where += f" and {beyond(column, '<' if descending else '>', 'make_timestamp(?)')}"
        moment, last = _position(query["page[cursor]"])
        given += [moment, moment, last]
    size = _size(query.get("page[size]"), rules)
    direction = "desc" if descending else "asc"
    found = store.select(
        f"klaviyo.{kind}",
        where,
        given,
        order_by=f"{column} {direction}, id {direction}",
        limit=size + 1,
    )
    page = found[:size]
    following = None
    if len(found) > size:
        cursor = _cursor(page[-1], column)
        following = f"{request.url.replace(query='')}?" + urlencode(
            {**query, "page[cursor]": cursor}
        )
    with_subscriptions = "subscriptions" in query.get("additional-fields[profile]", "").split(",")
    return {
        "data": [_resource(stored.object, with_subscriptions) for stored in page],
        "links": {"self": str(request.url), "next": following, "prev": None},
    }


def _resource(resource: dict[str, Any], with_subscriptions: bool) -> dict[str, Any]:
    """A resource, its subscriptions left out where they were not asked for."""
    if with_subscriptions or "subscriptions" not in (resource.get("attributes") or {}):
        return resource
    attributes = {k: v for k, v in resource["attributes"].items() if k != "subscriptions"}
    return {**resource, "attributes": attributes}


def _filter(text: str, rules: Listing) -> tuple[str, list[Any]]:
    """A filter as a SQL condition with its parameters.

    Raises:
        _RefusedError: a field, operator or value the list does not take, or a channel is missing.
    """
    inner = text[4:-1] if text.startswith("and(") and text.endswith(")") else text
    clauses = _CLAUSE.findall(inner)
    if ",".join(f"{operator}({field},{value})" for operator, field, value in clauses) != inner:
        raise _invalid("filter", "Invalid filter provided.")
    conditions, given = ["not deleted"], []
    channels = [value for operator, field, value in clauses if field == "messages.channel"]
    if rules.channel and not channels:
        raise _invalid("filter", "A channel filter is required to list campaigns.")
    for operator, field, value in clauses:
        if rules.channel and field == "messages.channel" and operator == "equals":
            conditions.append("? = 'email'")
            given.append(value.strip("'\""))
        elif field not in rules.moments or operator not in rules.operators:
            raise _invalid("filter", f"'{operator}' is not an allowed operator of '{field}'.")
        else:
            conditions.append(f"{rules.moments[field]} {_OPERATORS[operator]} ?")
            given.append(_moment(value))
    return " and ".join(conditions), given


def _moment(value: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise _invalid("filter", f"'{value}' is not a valid datetime.") from None
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)


def _size(value: str | None, rules: Listing) -> int:
    if value is None:
        return rules.usual_page
    if not value.isdigit() or not 1 <= int(value) <= rules.largest_page:
        raise _invalid("page[size]", f"Page size must be between 1 and {rules.largest_page}.")
    return int(value)


def _invalid(parameter: str, detail: str) -> _RefusedError:
    return _RefusedError(400, "invalid", "Invalid input.", detail, {"parameter": parameter})


def _cursor(last: Stored, column: str) -> str:
    """An opaque cursor: where in the list the page ended."""
    moment = getattr(last, column).replace(tzinfo=datetime.UTC).timestamp()
    return base64.urlsafe_b64encode(f"{round(moment * 1_000_000)}::{last.id}".encode()).decode()


def _position(cursor: str) -> list[Any]:
    """The microsecond and id a cursor stands for.

    Raises:
        _RefusedError: it is none.
    """
    try:
        moment, id = base64.urlsafe_b64decode(cursor).decode().split("::")
        return [int(moment), id]
    except (binascii.Error, ValueError):
        raise _invalid("page[cursor]", "Invalid cursor provided.") from None


_PROFILES = """
insert into klaviyo.profiles
select
    record_id,
    created_at,
    updated_at,
    false,
    null,
    json_object(
        'type', 'profile',
        'id', record_id,
        'attributes', json_object(
            'email', email,
            'phone_number', phone,
            'external_id', user_id,
            'first_name', given_name,
            'last_name', family_name,
            'organization', company_name,
            'locale', null,
            'title', job_title,
            'image', null,
            'created', klaviyo_time(created_at),
            'updated', klaviyo_time(updated_at),
            'last_event_date', null,
            'location', json_object(
                'address1', street_address,
                'address2', unit,
                'city', city,
                'region', region,
                'zip', postcode,
                'country', country,
                'latitude', null,
                'longitude', null,
                'timezone', null,
                'ip', null
            ),
            'properties', json_object('birth_date', birth_date, 'gender', gender),
            'subscriptions', json_object(
                'email', json_object(
                    'marketing', json_object(
                        'can_receive_email_marketing',
                        email_consent is distinct from 'unsubscribed',
                        'consent', upper(coalesce(email_consent, 'never_subscribed')),
                        'consent_timestamp', klaviyo_time(consent_at),
                        'last_updated', klaviyo_time(consent_at),
                        'method', case
                            when email_consent = 'subscribed' then 'HOSTED_SIGNUP_FORM'
                            when email_consent = 'unsubscribed' then 'PREFERENCE_PAGE'
                        end,
                        'method_detail', '',
                        'custom_method_detail', null,
                        'double_optin', false,
                        'suppression', case
                            when email_consent = 'unsubscribed' then [json_object(
                                'reason', 'UNSUBSCRIBE',
                                'timestamp', klaviyo_time(coalesce(consent_at, updated_at))
                            )]
                            else cast([] as json [])
                        end,
                        'list_suppressions', cast([] as json [])
                    )
                ),
                'sms', json_object(
                    'marketing', json_object(
                        'can_receive_sms_marketing', false,
                        'consent', 'NEVER_SUBSCRIBED',
                        'consent_timestamp', null,
                        'method', null,
                        'method_detail', '',
                        'last_updated', null
                    )
                )
            )
        ),
        'relationships', json_object(
            'lists', json_object('links', klaviyo_self('profiles', record_id || '/lists')),
            'segments', json_object('links', klaviyo_self('profiles', record_id || '/segments'))
        ),
        'links', klaviyo_self('profiles', record_id)
    )
from world.person_records
where source = 'klaviyo'
"""

_METRICS = """
insert into klaviyo.metrics
select
    metric_id,
    timestamp '2020-01-01',
    timestamp '2020-01-01',
    false,
    null,
    json_object(
        'type', 'metric',
        'id', metric_id,
        'attributes', json_object(
            'name', metric_name,
            'created', '2020-01-01T00:00:00+00:00',
            'updated', '2020-01-01T00:00:00+00:00',
            'integration', json_object(
                'object', 'integration', 'id', '0eMvjm', 'name', 'Klaviyo', 'category', 'Internal'
            )
        ),
        'relationships', json_object(
            'flow-triggers', json_object(
                'links', klaviyo_self('metrics', metric_id || '/flow-triggers')
            )
        ),
        'links', klaviyo_self('metrics', metric_id)
    )
from klaviyo_metrics
"""

_EVENTS = """
insert into klaviyo.events
select
    events.event_id,
    events.occurred_at,
    events.occurred_at,
    false,
    events.record_id,
    json_object(
        'type', 'event',
        'id', events.event_id,
        'attributes', json_object(
            'timestamp', cast(floor(epoch(events.occurred_at)) as bigint),
            'event_properties', json_merge_patch(
                json_object(
                    'Subject', campaigns.subject,
                    'Campaign Name', campaigns.name,
                    '$message', klaviyo_message(events.campaign_id)
                ),
                json_object('URL', events.url)
            ),
            'datetime', klaviyo_time(events.occurred_at),
            'uuid', cast(md5(events.event_id) as uuid)
        ),
        'relationships', json_object(
            'profile', json_object(
                'data', json_object('type', 'profile', 'id', events.record_id),
                'links', klaviyo_self('events', events.event_id || '/profile')
            ),
            'metric', json_object(
                'data', json_object('type', 'metric', 'id', metrics.metric_id),
                'links', klaviyo_self('events', events.event_id || '/metric')
            )
        ),
        'links', klaviyo_self('events', events.event_id)
    )
from world.email_events as events
inner join klaviyo_metrics as metrics on events.event_type = metrics.event_type
left join world.campaigns as campaigns on events.campaign_id = campaigns.campaign_id
"""

_CAMPAIGNS = """
insert into klaviyo.campaigns
select
    campaign_id,
    created_at,
    updated_at,
    false,
    null,
    json_object(
        'type', 'campaign',
        'id', campaign_id,
        'attributes', json_object(
            'name', name,
            'status', case when sent_at is null then 'Draft' else 'Sent' end,
            'archived', false,
            'audiences', json_object(
                'included', ['Xy9PqT'], 'excluded', cast([] as varchar [])
            ),
            'send_options', json_object('use_smart_sending', true),
            'tracking_options', json_object(
                'add_tracking_params', true,
                'custom_tracking_params', cast([] as json []),
                'is_tracking_clicks', true,
                'is_tracking_opens', true
            ),
            'send_strategy', json_object(
                'method', 'static', 'datetime', klaviyo_time(sent_at), 'options', null
            ),
            'created_at', klaviyo_time(created_at),
            'scheduled_at', klaviyo_time(created_at),
            'updated_at', klaviyo_time(updated_at),
            'send_time', klaviyo_time(sent_at)
        ),
        'relationships', json_object(
            'campaign-messages', json_object(
                'data', [json_object(
                    'type', 'campaign-message', 'id', klaviyo_message(campaign_id)
                )],
                'links', klaviyo_self('campaigns', campaign_id || '/campaign-messages')
            ),
            'tags', json_object(
                'data', cast([] as json []),
                'links', klaviyo_self('campaigns', campaign_id || '/tags')
            )
        ),
        'links', klaviyo_self('campaigns', campaign_id)
    )
from world.campaigns
"""
