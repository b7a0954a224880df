"""HubSpot, from its API to its raw tables."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from dlt.extract.exceptions import ResourceExtractionError

from ingestion.contracts import contracts
from ingestion.pipeline import LoadResult, configured, load
from ingestion.sources import hubspot as source
from ingestion.sources.hubspot import helpers
from scripts.sandbox.server import Fault, Sandbox
from scripts.sandbox.store import Store, Stored
from scripts.sandbox.vendors import hubspot as vendor

Loaded = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]

AT = "2026-01-05T10:00:00.250Z"
EMAILS = "select id, properties ->> 'email' from raw_hubspot.contacts order by id"


def put(
    store: Store,
    kind: str,
    object_id: int,
    updated_at: str = AT,
    archived_at: str | None = None,
    **properties: str | None,
) -> None:
    """Writes an object as HubSpot sends it."""
    modified = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
    body: dict[str, Any] = {
        "id": str(object_id),
        "properties": {
            "hs_object_id": str(object_id),
            "createdate": "2025-03-01T08:30:00Z",
            modified: updated_at,
            **properties,
        },
        "createdAt": "2025-03-01T08:30:00Z",
        "updatedAt": updated_at,
        "archived": archived_at is not None,
        **({"archivedAt": archived_at} if archived_at else {}),
    }
    store.put(
        f"hubspot.{kind}",
        str(object_id),
        body,
        created_at="2025-03-01T08:30:00",
        updated_at=updated_at.removesuffix("Z"),
        deleted=archived_at is not None,
    )


def associate(store: Store, kind: str, from_id: int, *to_ids: int) -> None:
    """Sets all associations of one object."""
    to = [
        {
            "toObjectId": to_id,
            "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}],
        }
        for to_id in to_ids
    ]
    body = {"from": {"id": str(from_id)}, "to": to}
    store.put(f"hubspot.{kind}", str(from_id), body, created_at=AT.removesuffix("Z"))


def read(resource: str) -> list[dict[str, Any]]:
    """What a resource sends, without loading it."""
    return list(configured("hubspot").with_resources(resource))


def ids(records: list[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


def requested(sandbox: Sandbox, path: str) -> int:
    """How often a path was asked for."""
    return sum(each.startswith(path) for each in sandbox.misbehaviour.requests)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two, so that a handful of objects makes several."""
    monkeypatch.setattr(source, "SEARCH_PAGE_SIZE", 2)
    monkeypatch.setattr(source, "LIST_PAGE_SIZE", 2)


def test_first_load_lands_every_table(sandbox: Sandbox, loaded: Loaded, query: Query) -> None:
    put(sandbox.store, "contacts", 101, email="ana@example.com", phone="+1 202 555 0101")
    put(sandbox.store, "contacts", 102, archived_at="2026-01-04T00:00:00Z", email="bo@example.com")
    put(sandbox.store, "companies", 201, name="Acme", domain="acme.example")
    put(sandbox.store, "deals", 301, dealname="Acme renewal", amount="1200.50")
    associate(sandbox.store, "contact_companies", 101, 201)
    associate(sandbox.store, "deal_contacts", 301, 101)
    associate(sandbox.store, "deal_companies", 301, 201)

    assert loaded("hubspot").rows == {
        "contacts": 2,
        "companies": 1,
        "deals": 1,
        "contact_companies": 1,
        "deal_contacts": 1,
        "deal_companies": 1,
    }
    assert query(
        """
        select id, json_extract_string(properties, '$.email'), created_at, updated_at, archived
        from raw_hubspot.contacts order by id
        """
    ) == [
        (
            "101",
            "ana@example.com",
            datetime.datetime(2025, 3, 1, 8, 30),
            datetime.datetime(2026, 1, 5, 10, 0, 0, 250_000),
            False,
        ),
        (
            "102",
            "bo@example.com",
            datetime.datetime(2025, 3, 1, 8, 30),
            datetime.datetime(2026, 1, 5, 10, 0, 0, 250_000),
            True,
        ),
    ]
    [(to,)] = query('select "to" from raw_hubspot.contact_companies')
    assert [each["toObjectId"] for each in json.loads(to)] == [201]


def test_an_empty_account_still_has_its_tables(
    sandbox: Sandbox, loaded: Loaded, query: Query
) -> None:
    assert loaded("hubspot").rows == {}
    for table in contracts("hubspot"):
        assert query(f"select count(*) from raw_hubspot.{table}") == [(0,)]


def test_nothing_changed_writes_nothing(sandbox: Sandbox, loaded: Loaded) -> None:
    put(sandbox.store, "contacts", 101, "2026-01-05T10:00:00.250Z", email="ana@example.com")
    put(sandbox.store, "contacts", 102, "2026-01-05T10:00:00.250Z", email="bo@example.com")
    put(sandbox.store, "contacts", 103, archived_at="2026-01-04T00:00:00Z")
    put(sandbox.store, "companies", 201, name="Acme")
    associate(sandbox.store, "contact_companies", 101, 201)
    loaded("hubspot")

    before = requested(sandbox, "/hubspot/crm/v4/")
    assert loaded("hubspot").rows == {}
    assert requested(sandbox, "/hubspot/crm/v4/") == before


def test_only_what_changed_arrives(sandbox: Sandbox, loaded: Loaded, query: Query) -> None:
    put(sandbox.store, "contacts", 101, "2026-01-05T10:00:00Z", email="ana@example.com")
    put(sandbox.store, "contacts", 102, "2026-01-06T10:00:00Z", email="bo@example.com")
    put(sandbox.store, "companies", 201, name="Acme")
    loaded("hubspot")

    put(sandbox.store, "contacts", 101, "2026-01-07T10:00:00.001Z", email="ana@example.org")
    assert loaded("hubspot").rows == {"contacts": 1}
    assert query(EMAILS) == [("101", "ana@example.org"), ("102", "bo@example.com")]


def test_a_whole_second_is_earlier_than_its_milliseconds(sandbox: Sandbox, loaded: Loaded) -> None:
    """As text `10:00:00.250Z` sorts before `10:00:00Z`, and the change would be dropped."""
    put(sandbox.store, "contacts", 101, "2026-01-05T10:00:00Z")
    loaded("hubspot")
    put(sandbox.store, "contacts", 102, "2026-01-05T10:00:00.250Z")
    assert loaded("hubspot").rows["contacts"] == 1


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_every_page_boundary(sandbox: Sandbox, small_pages: None, count: int) -> None:
    for number in range(count):
        put(sandbox.store, "contacts", 101 + number)
        put(sandbox.store, "companies", 201 + number, archived_at=AT)

    assert ids(read("contacts")) == [str(101 + number) for number in range(count)]
    assert ids(read("companies_archived")) == [str(201 + number) for number in range(count)]
    pages = max(1, -(-count // 2))
    assert requested(sandbox, "/hubspot/crm/v3/objects/contacts/search") == pages
    assert requested(sandbox, "/hubspot/crm/v3/objects/companies?archived=true") == pages


def test_ids_are_paged_as_numbers(sandbox: Sandbox, small_pages: None) -> None:
    for object_id in (9, 80, 700, 6000):
        put(sandbox.store, "contacts", object_id)
    assert ids(read("contacts")) == ["9", "80", "700", "6000"]


def test_more_than_a_search_can_reach(
    sandbox: Sandbox, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "SEARCH_RESULTS", 4)
    for number in range(7):  # all at one moment, as an import leaves them
        put(sandbox.store, "contacts", 101 + number)
    assert len(read("contacts")) == 7


def test_a_contact_changing_between_pages_costs_no_other(
    sandbox: Sandbox,
    loaded: Loaded,
    query: Query,
    small_pages: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(4):
        put(sandbox.store, "contacts", 101 + number, email="old@example.com")
    changed = f"{datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1):%FT%T}.000Z"
    update_state = helpers.IdKeysetPaginator.update_state

    def change_after_first_page(self: Any, response: Any, data: Any = None) -> None:
        update_state(self, response, data)
        if data and data[-1]["id"] == "102":
            # One contact that was read already, and one that was not.
            put(sandbox.store, "contacts", 101, changed, email="new@example.com")
            put(sandbox.store, "contacts", 103, changed, email="new@example.com")

    monkeypatch.setattr(helpers.IdKeysetPaginator, "update_state", change_after_first_page)
    loaded("hubspot")
    assert [contact_id for contact_id, _ in query(EMAILS)] == ["101", "102", "104"]

    monkeypatch.setattr(helpers.IdKeysetPaginator, "update_state", update_state)
    monkeypatch.setenv("SOURCES__HUBSPOT__SEARCH_LAG", "-7200")  # two hours later
    assert loaded("hubspot").rows["contacts"] == 2
    assert query(EMAILS) == [
        ("101", "new@example.com"),
        ("102", "old@example.com"),
        ("103", "new@example.com"),
        ("104", "old@example.com"),
    ]


def test_what_a_search_may_not_show_yet_is_left_to_the_next_load(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=30)
    put(sandbox.store, "contacts", 101, f"{just_now:%FT%T}.000Z")
    monkeypatch.delenv("SOURCES__HUBSPOT__SEARCH_LAG")
    assert read("contacts") == []
    monkeypatch.setenv("SOURCES__HUBSPOT__SEARCH_LAG", "20")
    assert ids(read("contacts")) == ["101"]


def test_a_search_that_goes_round_in_circles_ends_in_an_error(
    sandbox: Sandbox, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put(sandbox.store, "contacts", 101 + number)
    monkeypatch.setattr(helpers.IdKeysetPaginator, "update_request", lambda self, request: None)
    with pytest.raises(ResourceExtractionError, match="does not get past hs_object_id 102"):
        read("contacts")


def test_a_deleted_contact_is_noticed(sandbox: Sandbox, loaded: Loaded, query: Query) -> None:
    put(sandbox.store, "contacts", 101, email="ana@example.com")
    put(sandbox.store, "contacts", 102, email="bo@example.com")
    loaded("hubspot")

    put(
        sandbox.store,
        "contacts",
        101,
        archived_at="2026-01-08T00:00:00Z",
        email="ana@example.com",
    )
    assert loaded("hubspot").rows == {"contacts": 1}
    assert query("select id, archived, archived_at from raw_hubspot.contacts order by id") == [
        ("101", True, datetime.datetime(2026, 1, 8)),
        ("102", False, None),
    ]

    put(sandbox.store, "contacts", 101, "2026-01-09T00:00:00Z", email="ana@example.com")  # restored
    loaded("hubspot")
    assert query("select archived from raw_hubspot.contacts where id = '101'") == [(False,)]


def test_deleted_wins_over_a_search_that_does_not_know_yet(
    sandbox: Sandbox, loaded: Loaded, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sandbox.store, "contacts", 101, archived_at="2026-01-08T00:00:00Z")
    select = sandbox.store.select

    def late(kind: str, where: str = "true", *given: Any, **more: Any) -> list[Stored]:
        """The search still finds the contact live, and changed after the archived copy was."""
        if "contacts" not in kind or not where.startswith("not deleted"):
            return select(kind, where, *given, **more)
        live = {**select(kind)[0].object, "updatedAt": "2026-01-06T00:00:00Z"}
        return [dataclasses.replace(stored, object=live, deleted=False) for stored in select(kind)]

    monkeypatch.setattr(sandbox.store, "select", late)
    assert loaded("hubspot").rows["contacts"] == 1
    assert query("select id, archived from raw_hubspot.contacts") == [("101", True)]


def test_a_merged_contact_is_named_by_its_survivor(
    sandbox: Sandbox, loaded: Loaded, query: Query
) -> None:
    put(sandbox.store, "contacts", 101)
    put(sandbox.store, "contacts", 102)
    loaded("hubspot")

    sandbox.store.connection.execute("delete from hubspot.contacts where id = '101'")
    put(sandbox.store, "contacts", 102, "2026-01-09T00:00:00Z", hs_merged_object_ids="101")
    assert loaded("hubspot").rows["contacts"] == 1
    assert query(
        """
        select id, json_extract_string(properties, '$.hs_merged_object_ids')
        from raw_hubspot.contacts order by id
        """
    ) == [("101", None), ("102", "101")]


def test_a_removed_association_goes(sandbox: Sandbox, loaded: Loaded, query: Query) -> None:
    put(sandbox.store, "contacts", 101, "2026-01-05T00:00:00Z")
    put(sandbox.store, "contacts", 102, "2026-01-05T00:00:00Z")
    associate(sandbox.store, "contact_companies", 101, 201, 202)
    associate(sandbox.store, "contact_companies", 102, 201)
    loaded("hubspot")

    for contact_id in (101, 102):
        put(sandbox.store, "contacts", contact_id, "2026-01-06T00:00:00Z")
    associate(sandbox.store, "contact_companies", 101, 202)
    associate(sandbox.store, "contact_companies", 102)
    loaded("hubspot")
    assert query(
        """
        select id, json_extract_string("to", '$[*].toObjectId')
        from raw_hubspot.contact_companies order by id
        """
    ) == [("101", ["202"]), ("102", [])]


def test_associations_are_read_in_batches_and_pages(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "BATCH_SIZE", 2)
    monkeypatch.setattr(vendor, "BATCH_SIZE", 2)
    monkeypatch.setattr(vendor, "ASSOCIATIONS_PER_PAGE", 2)
    for contact_id in (101, 102, 103):
        put(sandbox.store, "contacts", contact_id)
    associate(sandbox.store, "contact_companies", 101, 201, 202, 203, 204, 205)
    associate(sandbox.store, "contact_companies", 103, 201)
    assert [
        (each["id"], [to["toObjectId"] for to in each["to"]]) for each in read("contact_companies")
    ] == [("101", [201, 202, 203, 204, 205]), ("102", []), ("103", [201])]


def test_associations_that_cannot_be_read_are_not_taken_for_none(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sandbox.store, "contacts", 101)
    refusal = {"status": "error", "category": "MISSING_SCOPES", "message": "…", "context": {}}
    monkeypatch.setattr(vendor, "_no_association", lambda *given: refusal)
    with pytest.raises(ResourceExtractionError, match="MISSING_SCOPES in a batch answered 207"):
        read("contact_companies")


def test_properties_of_the_account_are_added_by_configuration(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sandbox.store, "contacts", 101, email="ana@example.com", tier="gold", internal_note="-")
    monkeypatch.setenv("SOURCES__HUBSPOT__PROPERTIES", '{"contacts": ["tier", "email"]}')
    [contact] = read("contacts")
    assert contact["properties"]["tier"] == "gold"
    assert contact["properties"]["email"] == "ana@example.com"
    assert contact["properties"]["stripe_customer_id"] is None
    assert "internal_note" not in contact["properties"]


def test_an_unknown_field_is_kept(sandbox: Sandbox, loaded: Loaded, query: Query) -> None:
    put(sandbox.store, "contacts", 101)
    contact = sandbox.store.get("hubspot.contacts", "101")
    assert contact is not None
    body = {**contact.object, "objectWriteTraceId": "trace-7"}
    sandbox.store.put("hubspot.contacts", "101", body, contact.created_at, contact.updated_at)
    loaded("hubspot")
    assert query("select object_write_trace_id from raw_hubspot.contacts") == [("trace-7",)]


def test_a_record_breaking_its_contract_is_set_aside(
    sandbox: Sandbox, loaded: Loaded, query: Query
) -> None:
    put(sandbox.store, "contacts", 101)
    put(sandbox.store, "companies", 201, archived_at="2026-01-08T00:00:00Z")
    for kind, object_id in (("contacts", "102"), ("companies", "202")):
        good = sandbox.store.select(f"hubspot.{kind}")[0]
        body = {**good.object, "id": object_id, "updatedAt": "yesterday", "archivedAt": "long ago"}
        sandbox.store.put(
            f"hubspot.{kind}", object_id, body, good.created_at, good.updated_at, good.deleted
        )

    result = loaded("hubspot")
    assert result.rows == {"contacts": 1, "contact_companies": 1, "companies": 1}
    assert {key[:2] for key in result.rejected} == {
        ("contacts", "datetime_from_date_parsing"),
        ("companies", "datetime_from_date_parsing"),
    }
    assert query(
        """
        select table_name, json_extract_string(record, '$.id')
        from raw_hubspot.quarantine order by table_name
        """
    ) == [("companies", "202"), ("contacts", "102")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/hubspot/crm", status=429, headers={"retry-after": "1"}),
        Fault("/hubspot/crm", status=500, times=3),
        Fault("/hubspot/crm", status=502, skip=1),
        Fault("/hubspot/crm", kind="drop", skip=1),
        Fault("/hubspot/crm/v4", kind="drop"),
        Fault("/hubspot/crm/v4", kind="hang", seconds=3),
    ],
    ids=["429", "500 thrice", "502", "drop", "drop in a batch", "hang in a batch"],
)
def test_a_passing_fault_is_ridden_out(sandbox: Sandbox, small_pages: None, fault: Fault) -> None:
    for number in range(3):
        put(sandbox.store, "contacts", 101 + number)
    sandbox.misbehaviour.faults.append(fault)
    assert ids(read("contact_companies")) == ["101", "102", "103"]
    assert fault.times == 0


def test_a_lasting_fault_is_reported_and_the_next_load_makes_up_for_it(
    sandbox: Sandbox, loaded: Loaded, query: Query
) -> None:
    put(sandbox.store, "contacts", 101)
    put(sandbox.store, "deals", 301)
    fault = Fault("/hubspot/crm/v3/objects/deals/search", status=503, times=100)
    sandbox.misbehaviour.faults.append(fault)
    error = load("hubspot").error
    url = f"{sandbox.url}/hubspot/crm/v3/objects/deals/search"
    assert error == f"hubspot.deals: {url} answered 503"
    assert query("select count(*) from raw_hubspot.contacts") == [(0,)]

    fault.times = 0
    assert loaded("hubspot").rows.keys() == {
        "contacts",
        "contact_companies",
        "deals",
        "deal_contacts",
        "deal_companies",
    }


def test_hubspots_rate_limit_is_waited_for(
    sandbox: Sandbox, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(step=0.4)  # seconds that pass each time it is looked at
    monkeypatch.setattr(vendor, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(vendor, "SEARCHES_PER_SECOND", 2)
    for number in range(5):
        put(sandbox.store, "contacts", 101 + number)
    assert len(read("contacts")) == 5
    assert requested(sandbox, "/hubspot/crm/v3/objects/contacts/search") == 4  # three and a refusal


def test_bad_credentials_are_named_but_not_shown(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__HUBSPOT__ACCESS_TOKEN", "pat-na1-revoked")
    error = load("hubspot").error
    assert error is not None
    url = f"{sandbox.url}/hubspot/crm/v3/objects/contacts"
    assert error.startswith(f"hubspot.contacts_archived: {url} answered 401")
    assert "revoked" not in error


def test_without_credentials_it_is_skipped() -> None:
    skipped = load("hubspot").skipped
    assert skipped is not None
    assert "SOURCES__HUBSPOT__ACCESS_TOKEN" in skipped


def call(sandbox: Sandbox, path: str, body: Any = None) -> requests.Response:
    """Asks the sandbox as HubSpot is asked: POST with a body, GET without."""
    return requests.request(
        "GET" if body is None else "POST",
        f"{sandbox.url}/hubspot/crm/{path}",
        json=body,
        headers={"authorization": f"Bearer {vendor.ACCESS_TOKEN}"},
        timeout=5,
    )


def test_the_sandbox_pages_a_list_by_id(sandbox: Sandbox) -> None:
    for object_id in (9, 10, 100):
        put(sandbox.store, "contacts", object_id, email="ana@example.com", phone="1")
    first = call(sandbox, "v3/objects/contacts?limit=2").json()
    assert [each["id"] for each in first["results"]] == ["9", "10"]
    assert first["results"][0]["properties"] == {
        "createdate": "2025-03-01T08:30:00Z",
        "email": "ana@example.com",
        "firstname": None,
        "hs_object_id": "9",
        "lastmodifieddate": AT,
        "lastname": None,
    }
    rest = call(sandbox, f"v3/objects/contacts?limit=2&after={first['paging']['next']['after']}")
    assert [each["id"] for each in rest.json()["results"]] == ["100"]
    assert "paging" not in rest.json()
    assert int(rest.headers["x-hubspot-ratelimit-remaining"]) < vendor.REQUESTS_PER_TEN_SECONDS


def test_the_sandbox_searches_by_filters(sandbox: Sandbox) -> None:
    put(sandbox.store, "contacts", 1, "2026-01-01T00:00:00Z", city="Lisbon")
    put(sandbox.store, "contacts", 2, "2026-01-02T00:00:00Z", city="Porto")
    put(sandbox.store, "contacts", 3, "2026-01-03T00:00:00Z", city="")
    put(sandbox.store, "contacts", 4, archived_at=AT, city="Lisbon")

    def found(*groups: list[dict[str, str]], **more: Any) -> list[str]:
        asked = {"filterGroups": [{"filters": group} for group in groups], "limit": 10, **more}
        answer = call(sandbox, "v3/objects/contacts/search", asked).json()
        assert answer["total"] == len(answer["results"])
        return [each["id"] for each in answer["results"]]

    day_two = {"propertyName": "lastmodifieddate", "value": "1767312000000"}
    lisbon = {"propertyName": "city", "operator": "EQ", "value": "Lisbon"}
    assert found() == ["1", "2", "3"]
    assert found([{**day_two, "operator": "GTE"}]) == ["2", "3"]
    assert found([{**day_two, "operator": "LT"}]) == ["1"]
    assert found([{**day_two, "operator": "BETWEEN", "highValue": "2026-01-02T12:00:00Z"}]) == ["2"]
    assert found([{**day_two, "operator": "GTE"}, lisbon]) == []
    assert found([{**day_two, "operator": "GTE"}], [lisbon]) == ["1", "2", "3"]
    assert found([{"propertyName": "city", "operator": "HAS_PROPERTY"}]) == ["1", "2"]
    assert found(sorts=["-lastmodifieddate"]) == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("v3/objects/contacts?limit=101", None),
        ("v3/objects/contacts?after=x", None),
        ("v3/objects/people", None),
        ("v3/objects/contacts/search", []),
        ("v3/objects/contacts/search", {"limit": 0}),
        ("v3/objects/contacts/search", {"limit": 201}),
        ("v3/objects/contacts/search", {"limit": 200, "after": "9900"}),
        ("v3/objects/contacts/search", {"sorts": ["email", "phone"]}),
        (
            "v3/objects/contacts/search",
            {
                "filterGroups": [
                    {
                        "filters": [
                            {"propertyName": "createdate", "operator": "GT", "value": "soon"},
                        ]
                    }
                ]
            },
        ),
        ("v4/associations/contacts/companies/batch/read", {"inputs": []}),
        ("v4/associations/contacts/companies/batch/read", {"inputs": [{"id": "1"}] * 1001}),
    ],
)
def test_the_sandbox_refuses_what_hubspot_refuses(
    sandbox: Sandbox, path: str, body: dict[str, Any] | None
) -> None:
    response = call(sandbox, path, body)
    assert response.status_code == 400
    assert response.json().keys() == {"status", "message", "correlationId", "category"}
    assert response.json()["category"] == "VALIDATION_ERROR"


def test_the_sandbox_says_which_limit_was_reached(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "time", SimpleNamespace(monotonic=lambda: 0.0))
    monkeypatch.setattr(vendor, "SEARCHES_PER_SECOND", 1)
    assert call(sandbox, "v3/objects/contacts/search", {}).status_code == 200
    response = call(sandbox, "v3/objects/contacts/search", {})
    assert response.status_code == 429
    assert response.json().keys() == {
        "status",
        "message",
        "errorType",
        "correlationId",
        "policyName",
    }
    assert response.json()["policyName"] == "SECONDLY"


def test_the_sandbox_answers_207_where_an_object_has_no_association(sandbox: Sandbox) -> None:
    associate(sandbox.store, "contact_companies", 101, 201)
    path = "v4/associations/contacts/companies/batch/read"
    one = call(sandbox, path, {"inputs": [{"id": "101"}]})
    assert one.status_code == 200
    both = call(sandbox, path, {"inputs": [{"id": "101"}, {"id": "102"}]})
    assert both.status_code == 207
    assert both.json()["results"] == one.json()["results"]
    assert both.json()["numErrors"] == 1
    assert both.json()["errors"][0]["context"]["fromObjectId"] == ["102"]


WORLD = """
    create schema world;
    create table world.person_records as
    select
        'hubspot' as source, given.record_id, row_number() over () as record_number,
        1 as person_id, null::varchar as full_name, 'Ana' as given_name,
        null::varchar as middle_name, 'Silva' as family_name, 'Jr.' as name_suffix,
        '1990-02-01' as birth_date, 'female' as gender, 'ana@example.com' as email,
        'ana.silva@example.org' as other_email, '+12025550101' as phone,
        '1 Main St' as street_address, 'Apt 2' as unit, 'Springfield' as city, 'IL' as region,
        '62701' as postcode, 'US' as country, 7 as company_id, 'Acme' as company_name,
        'Buyer' as job_title, 'usr_000001' as user_id, 'cus_1' as stripe_customer_id,
        'unsubscribed' as email_consent, timestamp '2026-01-01' as consent_at,
        timestamp '2025-03-01 08:30:00' as created_at,
        timestamp '2026-01-05 10:00:00.25' as updated_at,
        given.deleted_at is not null as is_deleted, given.deleted_at, given.merged_into,
        false as is_guest
    from (
        values
            ('101', null, null), ('102', null, '101'), ('103', timestamp '2026-01-08', null)
    ) as given (record_id, deleted_at, merged_into);
    create table world.organization_records as
    select
        'hubspot' as source, given.record_id, row_number() over () as record_number,
        7 as company_id, 'Acme' as name, 'acme.example' as domain, null::varchar as phone,
        '5 High St' as street_address, 'London' as city, null::varchar as region,
        'N1 1AA' as postcode, 'GB' as country, 'RETAIL' as industry, 40 as employees,
        timestamp '2025-03-01' as created_at, timestamp '2026-01-05' as updated_at,
        given.is_deleted
    from (values ('201', true), ('202', false), ('203', false)) as given (record_id, is_deleted);
    create table world.deals as
    select
        given.deal_id, given.record_id, '202' as organization_record_id, 'Renewal' as deal_name,
        'default' as pipeline, 'closedwon' as stage, 'EUR' as currency,
        1200.50::decimal(18, 2) as amount, timestamp '2026-01-04' as closed_at,
        timestamp '2025-12-01' as created_at, timestamp '2026-01-05' as updated_at,
        given.is_deleted
    from (
        values ('301', '102', false), ('302', '103', false), ('303', '101', true)
    ) as given (deal_id, record_id, is_deleted);
"""


def test_the_rendered_world_loads_whole(
    sandbox: Sandbox, loaded: Loaded, query: Query, tmp_path: Path
) -> None:
    connection = sandbox.store.connection
    connection.execute(WORLD)
    vendor.render(connection, tmp_path)

    result = loaded("hubspot")
    assert not result.rejected
    assert result.rows == {
        table: connection.execute(f"select count(*) from hubspot.{table}").fetchone()[0]
        for table in contracts("hubspot")
    }
    contacts = query(
        """
        select
            id,
            archived,
            archived_at,
            updated_at,
            json_extract_string(
                properties,
                ['$.firstname', '$.lastname', '$.hs_merged_object_ids', '$.hs_email_optout']
            )
        from raw_hubspot.contacts order by id
        """
    )
    updated = datetime.datetime(2026, 1, 5, 10, 0, 0, 250_000)
    assert contacts == [
        ("101", False, None, updated, ["Ana", "Silva Jr.", "102", "true"]),
        ("103", True, datetime.datetime(2026, 1, 8), updated, ["Ana", "Silva Jr.", None, "true"]),
    ]
    associated = """
        select id, json_extract_string("to", '$[*].toObjectId') from raw_hubspot.{} order by id
    """
    assert query(associated.format("contact_companies")) == [("101", ["202"])]
    assert query(associated.format("deal_contacts")) == [("301", ["101"]), ("302", [])]
    assert query(associated.format("deal_companies")) == [("301", ["202"]), ("302", ["202"])]
