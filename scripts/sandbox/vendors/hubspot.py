"""HubSpot: its CRM objects (v3), their search, and associations between them (v4)."""

from __future__ import annotations

import datetime
import functools
import math
import re
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import duckdb
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.sandbox.store import COLUMNS, Store, Stored

ACCESS_TOKEN = "pat-na1-sandbox"  # noqa: S105
OBJECT_TYPES = ("contacts", "companies", "deals")
LIST_PAGE_SIZE = 100
SEARCH_PAGE_SIZE = 200
SEARCH_RESULTS = 10_000
BATCH_SIZE = 1000
ASSOCIATIONS_PER_PAGE = 500

# HubSpot allows 5 and 190. The sandbox is a local program, and allows more.
SEARCHES_PER_SECOND = 200
REQUESTS_PER_TEN_SECONDS = 5_000

DEFAULT_PROPERTIES = {
    "contacts": (
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    ),
    "companies": ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    "deals": (
        "amount",
        "closedate",
        "createdate",
        "dealname",
        "dealstage",
        "hs_lastmodifieddate",
        "hs_object_id",
        "pipeline",
    ),
}
# What the API sends whether it was asked for or not.
CONSTANT_PROPERTIES = ("createdate", "hs_lastmodifieddate", "hs_object_id", "lastmodifieddate")

COMPARISONS = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}


def settings(base_url: str) -> dict[str, str]:
    """Environment that points the connector at the sandbox, whose searches do not lag."""
    return {
        "SOURCES__HUBSPOT__BASE_URL": base_url,
        "SOURCES__HUBSPOT__ACCESS_TOKEN": ACCESS_TOKEN,
        "SOURCES__HUBSPOT__SEARCH_LAG": "0",
    }


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the world's CRM as HubSpot's objects. Contacts merged into others are gone."""
    connection.execute("create schema if not exists hubspot")
    connection.execute(
        """
        create or replace temp macro hubspot_time(moment) as
            strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ')
        """
    )
    for kind, rendered in {
        "contacts": _CONTACTS,
        "companies": _COMPANIES,
        "deals": _DEALS,
        "contact_companies": _CONTACT_COMPANIES,
        "deal_contacts": _DEAL_CONTACTS,
        "deal_companies": _DEAL_COMPANIES,
    }.items():
        connection.execute(f"create or replace table hubspot.{kind} {COLUMNS}")
        connection.execute(f"insert into hubspot.{kind} by name {rendered}")


def routes(store: Store) -> list[Route]:
    """List and search of each object type, and batches of associations."""
    searches = RateLimit("SECONDLY", "secondly", lambda: SEARCHES_PER_SECOND, 1)
    requests = RateLimit(
        "TEN_SECONDLY_ROLLING", "ten_secondly_rolling", lambda: REQUESTS_PER_TEN_SECONDS, 10
    )

    def listed(request: Request) -> Response:
        kind = _object_type(request.path_params["object_type"])
        query = request.query_params
        limit = _whole_number(query.get("limit", "10"), "limit", 1, LIST_PAGE_SIZE)
        after = _whole_number(query.get("after", "0"), "after", 0)
        names = [name for value in query.getlist("properties") for name in value.split(",")]
        found = store.select(
            f"hubspot.{kind}",
            "deleted = ? and cast(id as bigint) > ?",
            [query.get("archived", "false") == "true", after],
            order_by="cast(id as bigint)",
            limit=limit + 1,
        )
        body: dict[str, Any] = {"results": [_sent(kind, each, names) for each in found[:limit]]}
        if len(found) > limit:
            body["paging"] = _next_page(request, found[limit - 1].id)
        return JSONResponse(body)

    def search(request: Request) -> Response:
        kind = _object_type(request.path_params["object_type"])
        asked = _body(request)
        limit = _whole_number(asked.get("limit", 10), "limit", 1, SEARCH_PAGE_SIZE)
        offset = _whole_number(asked.get("after") or 0, "after", 0)
        if offset + limit > SEARCH_RESULTS:
            raise ApiError(400, f"Paging is limited to {SEARCH_RESULTS} results of a search")
        where, values = _where(asked.get("filterGroups") or [])
        rows = store.select(
            f"hubspot.{kind}",
            where,
            values,
            order_by=_order(asked.get("sorts") or []),
            limit=offset + limit,
        )[offset:]
        total = store.count(f"hubspot.{kind}", where, values)
        names = asked.get("properties") or []
        body = {"total": total, "results": [_sent(kind, each, names) for each in rows]}
        if total > offset + limit:
            body["paging"] = _next_page(request, str(offset + limit))
        return JSONResponse(body)

    def associated(request: Request) -> Response:
        from_type = _object_type(request.path_params["from_type"])
        to_type = _object_type(request.path_params["to_type"])
        inputs = _body(request).get("inputs")
        if not isinstance(inputs, list) or not 0 < len(inputs) <= BATCH_SIZE:
            raise ApiError(400, f"inputs must hold 1 to {BATCH_SIZE} objects")
        started = _now()
        kind = f"hubspot.{_singular(from_type)}_{to_type}"
        known = {
            each.id: each.object["to"]
            for each in store.select(
                kind, "id in (select unnest(?)) and not deleted", [[each["id"] for each in inputs]]
            )
        }
        results, errors = [], []
        for each in inputs:
            start = int(each.get("after") or 0)
            to = known.get(each["id"], [])
            if not to:
                errors.append(_no_association(from_type, to_type, each["id"]))
                continue
            result = {"from": {"id": each["id"]}, "to": to[start : start + ASSOCIATIONS_PER_PAGE]}
            if len(to) > start + ASSOCIATIONS_PER_PAGE:
                result["paging"] = {"next": {"after": str(start + ASSOCIATIONS_PER_PAGE)}}
            results.append(result)
        body = {
            "status": "COMPLETE",
            "results": results,
            "startedAt": started,
            "completedAt": _now(),
        }
        if not errors:
            return JSONResponse(body)
        return JSONResponse({**body, "numErrors": len(errors), "errors": errors}, 207)

    return [
        Route(
            "/crm/v3/objects/{object_type}",
            _guarded(listed, requests),
            methods=["GET"],
        ),
        Route(
            "/crm/v3/objects/{object_type}/search",
            _guarded(search, searches),
            methods=["POST"],
        ),
        Route(
            "/crm/v4/associations/{from_type}/{to_type}/batch/read",
            _guarded(associated, requests),
            methods=["POST"],
        ),
    ]


class ApiError(Exception):
    """An answer that says what is wrong.

    Args:
        status: HTTP status.
        message: what is wrong.
        category: HubSpot's category of the error.
        more: further fields of the body.
    """

    def __init__(
        self, status: int, message: str, category: str | None = "VALIDATION_ERROR", **more: str
    ) -> None:
        super().__init__(message)
        self.response = JSONResponse(
            {
                "status": "error",
                "message": message,
                "correlationId": str(uuid.uuid4()),
                **({"category": category} if category else {}),
                **more,
            },
            status,
        )


class RateLimit:
    """So many requests in so many seconds, counted from the first of them.

    Args:
        policy: `policyName` of the refusal.
        name: how its message calls the limit.
        most: says how many requests are allowed.
        seconds: length of the window.
    """

    def __init__(self, policy: str, name: str, most: Callable[[], int], seconds: int) -> None:
        self._policy, self._name, self._most, self._seconds = policy, name, most, seconds
        self._lock = threading.Lock()
        self._began = -math.inf
        self._taken = 0

    def take(self) -> dict[str, str]:
        """Counts a request, and returns the headers that say how many are left.

        Raises:
            ApiError: none is left.
        """
        with self._lock:
            if time.monotonic() - self._began >= self._seconds:
                self._began, self._taken = time.monotonic(), 0
            self._taken += 1
            remaining = self._most() - self._taken
        if remaining < 0:
            raise ApiError(
                429,
                f"You have reached your {self._name} limit.",
                category=None,
                errorType="RATE_LIMIT",
                policyName=self._policy,
            )
        return {
            "x-hubspot-ratelimit-max": str(self._most()),
            "x-hubspot-ratelimit-remaining": str(remaining),
            "x-hubspot-ratelimit-interval-milliseconds": str(self._seconds * 1000),
        }


def _guarded(
    endpoint: Callable[[Request], Response], limit: RateLimit
) -> Callable[[Request], Response]:
    """The endpoint, for those who are let in and do not ask too often."""

    @functools.wraps(endpoint)
    def guarded(request: Request) -> Response:
        try:
            if request.headers.get("authorization") != f"Bearer {ACCESS_TOKEN}":
                raise ApiError(
                    401,
                    "Authentication credentials not found. This API supports OAuth 2.0 "
                    "authentication and you can find more details at "
                    "https://developers.hubspot.com/docs/methods/auth/oauth-overview",
                    "INVALID_AUTHENTICATION",
                )
            headers = limit.take()
            response = endpoint(request)
            # Searches do not say how many are left.
            if not request.url.path.endswith("/search"):
                response.headers.update(headers)
            return response
        except ApiError as error:
            return error.response

    return guarded


def _body(request: Request) -> dict[str, Any]:
    try:
        body = anyio.from_thread.run(request.json)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, "Invalid input JSON")
    return body


def _object_type(name: str) -> str:
    if name not in OBJECT_TYPES:
        raise ApiError(400, f"Unable to infer object type from: {name}")
    return name


def _whole_number(value: Any, name: str, least: int, most: float = math.inf) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ApiError(400, f"{name} must be a whole number") from None
    if not least <= number <= most:
        raise ApiError(400, f"{name} must be between {least} and {most}")
    return number


def _where(groups: list[dict[str, Any]]) -> tuple[str, list[Any]]:
    """Condition on the live objects: filters of a group are joined by and, groups by or."""
    if len(groups) > 5 or any(len(group["filters"]) > 6 for group in groups):
        raise ApiError(400, "A search has at most 5 filter groups of at most 6 filters")
    alternatives, values = [], []
    for group in groups:
        conditions = []
        for each in group["filters"]:
            expression, convert = _property(each["propertyName"])
            operator = each["operator"]
            if operator in COMPARISONS:
                conditions.append(f"{expression} {COMPARISONS[operator]} ?")
                values.append(convert(each["value"]))
            elif operator == "BETWEEN":
                conditions.append(f"{expression} between ? and ?")
                values += [convert(each["value"]), convert(each["highValue"])]
            elif operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
                present = f"{expression} is not null"
                conditions.append(present if operator == "HAS_PROPERTY" else f"not ({present})")
            else:
                raise ApiError(400, f"The sandbox does not search by {operator}")
        alternatives.append(f"({' and '.join(conditions)})")
    return " and ".join(
        ["not deleted", *([f"({' or '.join(alternatives)})"] if groups else [])]
    ), values


def _order(sorts: list[Any]) -> str:
    if len(sorts) > 1:
        raise ApiError(400, "Only one sorting rule can be applied to a search")
    if not sorts:
        return "created_at, cast(id as bigint)"
    rule = sorts[0]
    if isinstance(rule, str):
        name, descending = rule.removeprefix("-"), rule.startswith("-")
    else:
        name, descending = rule["propertyName"], rule.get("direction") == "DESCENDING"
    return f"{_property(name)[0]} {'desc' if descending else 'asc'}, cast(id as bigint)"


def _property(name: str) -> tuple[str, Callable[[Any], Any]]:
    """SQL expression of a property, and what turns a filter's value into one to compare it with."""
    if name == "hs_object_id":
        return "cast(id as bigint)", lambda value: _whole_number(value, name, 0)
    if name == "createdate":
        return "created_at", _moment
    if name in ("lastmodifieddate", "hs_lastmodifieddate"):
        return "updated_at", _moment
    if not re.fullmatch(r"\w+", name):
        raise ApiError(400, "There was a problem with the request.")
    return f"nullif(json_extract_string(body, '$.properties.{name}'), '')", str


def _moment(value: Any) -> datetime.datetime:
    """A time in a filter: milliseconds since 1970, or ISO text."""
    try:
        if str(value).isdigit():
            epoch = datetime.datetime(1970, 1, 1)
            return epoch + datetime.timedelta(milliseconds=int(value))
        moment = datetime.datetime.fromisoformat(str(value))
        return moment.astimezone(datetime.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise ApiError(400, f"{value} is not a time") from None


def _sent(kind: str, stored: Stored, names: list[str]) -> dict[str, Any]:
    """The object with the properties asked for; one without a value is null."""
    given = stored.object["properties"]
    constant = [name for name in CONSTANT_PROPERTIES if name in given]
    wanted = dict.fromkeys([*constant, *(names or DEFAULT_PROPERTIES[kind])])
    return {
        **stored.object,
        "properties": {name: given.get(name) for name in sorted(wanted)},
        "archived": stored.deleted,
    }


def _next_page(request: Request, after: str) -> dict[str, Any]:
    link = request.url.include_query_params(after=after)
    return {"next": {"after": after, "link": str(link)}}


def _no_association(from_type: str, to_type: str, object_id: str) -> dict[str, Any]:
    from_name, to_name = _singular(from_type), _singular(to_type)
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to_name} is associated with {from_name} {object_id}.",
        "context": {
            "fromObjectId": [object_id],
            "fromObjectType": [from_name],
            "toObjectType": [to_name],
        },
    }


def _singular(kind: str) -> str:
    return {"contacts": "contact", "companies": "company", "deals": "deal"}[kind]


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")[:23] + "Z"


_CONTACTS = """
    with

    contacts as (

        select * from world.person_records
        where source = 'hubspot' and merged_into is null

    ),

    merged as (

        select
            merged_into,
            string_agg(record_id, ';' order by record_number) as record_ids
        from world.person_records
        where source = 'hubspot' and merged_into is not null
        group by merged_into

    )

    select
        contacts.record_id as id,
        contacts.created_at,
        contacts.updated_at,
        contacts.is_deleted as deleted,
        json_merge_patch(
            json_object(
                'id', contacts.record_id,
                'properties', json_object(
                    'email', contacts.email,
                    'hs_additional_emails', contacts.other_email,
                    'firstname', coalesce(
                        nullif(concat_ws(' ', contacts.given_name, contacts.middle_name), ''),
                        contacts.full_name
                    ),
                    'lastname',
                    nullif(concat_ws(' ', contacts.family_name, contacts.name_suffix), ''),
                    'date_of_birth', contacts.birth_date,
                    'gender', contacts.gender,
                    'phone', contacts.phone,
                    'address',
                    nullif(concat_ws(', ', contacts.street_address, contacts.unit), ''),
                    'city', contacts.city,
                    'state', contacts.region,
                    'zip', contacts.postcode,
                    'country', contacts.country,
                    'company', contacts.company_name,
                    'jobtitle', contacts.job_title,
                    'lifecyclestage', case
                        when contacts.user_id is not null then 'customer' else 'lead'
                    end,
                    'hs_email_optout', case contacts.email_consent
                        when 'unsubscribed' then 'true' when 'subscribed' then 'false'
                    end,
                    'hs_legal_basis', case contacts.email_consent
                        when 'subscribed' then 'Freely given consent from contact'
                    end,
                    'hs_merged_object_ids', merged.record_ids,
                    'user_id', contacts.user_id,
                    'stripe_customer_id', contacts.stripe_customer_id,
                    'hs_object_id', contacts.record_id,
                    'createdate', hubspot_time(contacts.created_at),
                    'lastmodifieddate', hubspot_time(contacts.updated_at)
                ),
                'createdAt', hubspot_time(contacts.created_at),
                'updatedAt', hubspot_time(contacts.updated_at),
                'archived', contacts.is_deleted
            ),
            if(
                contacts.is_deleted,
                json_object('archivedAt', hubspot_time(contacts.deleted_at)),
                json_object()
            )
        ) as body
    from contacts
    left join merged on contacts.record_id = merged.merged_into
"""

_COMPANIES = """
    select
        record_id as id,
        created_at,
        updated_at,
        is_deleted as deleted,
        json_merge_patch(
            json_object(
                'id', record_id,
                'properties', json_object(
                    'name', name,
                    'domain', domain,
                    'phone', phone,
                    'address', street_address,
                    'city', city,
                    'state', region,
                    'zip', postcode,
                    'country', country,
                    'industry', industry,
                    'numberofemployees', cast(employees as varchar),
                    'hs_object_id', record_id,
                    'createdate', hubspot_time(created_at),
                    'hs_lastmodifieddate', hubspot_time(updated_at)
                ),
                'createdAt', hubspot_time(created_at),
                'updatedAt', hubspot_time(updated_at),
                'archived', is_deleted
            ),
            if(
                is_deleted,
                json_object('archivedAt', hubspot_time(updated_at)),
                json_object()
            )
        ) as body
    from world.organization_records
    where source = 'hubspot'
"""

_DEALS = """
    select
        deal_id as id,
        created_at,
        updated_at,
        is_deleted as deleted,
        json_merge_patch(
            json_object(
                'id', deal_id,
                'properties', json_object(
                    'dealname', deal_name,
                    'pipeline', pipeline,
                    'dealstage', stage,
                    'amount', cast(amount as varchar),
                    'deal_currency_code', currency,
                    'closedate', hubspot_time(closed_at),
                    'hs_is_closed', cast(closed_at is not null as varchar),
                    'hs_is_closed_won', cast(stage = 'closedwon' as varchar),
                    'hs_object_id', deal_id,
                    'createdate', hubspot_time(created_at),
                    'hs_lastmodifieddate', hubspot_time(updated_at)
                ),
                'createdAt', hubspot_time(created_at),
                'updatedAt', hubspot_time(updated_at),
                'archived', is_deleted
            ),
            if(
                is_deleted,
                json_object('archivedAt', hubspot_time(updated_at)),
                json_object()
            )
        ) as body
    from world.deals
"""

# Every live object has its associations, be they none; those of a deleted object are gone. A
# contact belongs to the first of the records that its company has.
_CONTACT_COMPANIES = """
    with

    companies as (

        select
            company_id,
            arg_min(record_id, record_number) as record_id
        from world.organization_records
        where source = 'hubspot' and not is_deleted
        group by company_id

    )

    select
        contacts.record_id as id,
        contacts.created_at,
        contacts.updated_at,
        json_object(
            'from', json_object('id', contacts.record_id),
            'to', if(
                companies.record_id is null,
                json_array(),
                json_array(
                    json_object(
                        'toObjectId', cast(companies.record_id as bigint),
                        'associationTypes', json_array(
                            json_object(
                                'category', 'HUBSPOT_DEFINED', 'typeId', 1, 'label', 'Primary'
                            ),
                            json_object(
                                'category', 'HUBSPOT_DEFINED', 'typeId', 279, 'label', null
                            )
                        )
                    )
                )
            )
        ) as body
    from world.person_records as contacts
    left join companies on contacts.company_id = companies.company_id
    where
        contacts.source = 'hubspot'
        and contacts.merged_into is null
        and not contacts.is_deleted
"""

# A merged contact's deals are the survivor's.
_DEAL_CONTACTS = """
    with

    contacts as (

        select
            named.record_id as named_id,
            survivors.record_id
        from world.person_records as named
        inner join world.person_records as survivors
            on
                survivors.source = 'hubspot'
                and survivors.record_id = coalesce(named.merged_into, named.record_id)
                and not survivors.is_deleted
        where named.source = 'hubspot'

    )

    select
        deals.deal_id as id,
        deals.created_at,
        deals.updated_at,
        json_object(
            'from', json_object('id', deals.deal_id),
            'to', if(
                contacts.record_id is null,
                json_array(),
                json_array(
                    json_object(
                        'toObjectId', cast(contacts.record_id as bigint),
                        'associationTypes', json_array(
                            json_object('category', 'HUBSPOT_DEFINED', 'typeId', 3, 'label', null)
                        )
                    )
                )
            )
        ) as body
    from world.deals as deals
    left join contacts on deals.record_id = contacts.named_id
    where not deals.is_deleted
"""

_DEAL_COMPANIES = """
    select
        deals.deal_id as id,
        deals.created_at,
        deals.updated_at,
        json_object(
            'from', json_object('id', deals.deal_id),
            'to', if(
                companies.record_id is null,
                json_array(),
                json_array(
                    json_object(
                        'toObjectId', cast(companies.record_id as bigint),
                        'associationTypes', json_array(
                            json_object(
                                'category', 'HUBSPOT_DEFINED', 'typeId', 5, 'label', 'Primary'
                            ),
                            json_object(
                                'category', 'HUBSPOT_DEFINED', 'typeId', 341, 'label', null
                            )
                        )
                    )
                )
            )
        ) as body
    from world.deals as deals
    left join world.organization_records as companies
        on
            companies.source = 'hubspot'
            and deals.organization_record_id = companies.record_id
            and not companies.is_deleted
    where not deals.is_deleted
"""
