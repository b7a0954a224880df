"""The Zendesk connector against a server that exports as Zendesk does."""

from __future__ import annotations

import base64
import datetime
import os
from typing import Any

import duckdb
import pytest
import requests

from ingestion.contracts import contracts
from ingestion.pipeline import load
from ingestion.sources.zendesk.helpers import ExportPaginator
from scripts.sandbox.server import Fault, Sandbox
from scripts.sandbox.store import Store
from scripts.sandbox.vendors import zendesk as vendor

DAY_1 = datetime.datetime(2025, 3, 1, 9, 0)
DAY_2 = datetime.datetime(2025, 3, 2, 9, 0)
DAY_3 = datetime.datetime(2025, 3, 3, 9, 0)


def put_user(store: Store, id: int, at: datetime.datetime = DAY_1, **fields: Any) -> None:
    body = {
        "id": id,
        "url": f"https://acme.zendesk.com/api/v2/users/{id}.json",
        "name": f"User {id}",
        "email": f"user{id}@example.com",
        "phone": "+15550100",
        "role": "end-user",
        "organization_id": 57542,
        "external_id": None,
        "tags": ["vip"],
        "user_fields": {"job_title": "Buyer"},
        "active": True,
        "created_at": f"{DAY_1.isoformat()}Z",
        "updated_at": f"{at.isoformat()}Z",
        **fields,
    }
    store.put("zendesk.users", str(id), body, DAY_1, at)


def put_identity(store: Store, id: int, user_id: int, value: str) -> None:
    body = {"id": id, "user_id": user_id, "type": "email", "value": value, "primary": False}
    store.put("zendesk.user_identities", str(id), body, DAY_1, parent_id=str(user_id))


def put_organization(store: Store, id: int, at: datetime.datetime = DAY_1, **fields: Any) -> None:
    body = {
        "id": id,
        "name": f"Organization {id}",
        "domain_names": [f"org{id}.example"],
        "organization_fields": {"industry": "Retail"},
        "created_at": f"{DAY_1.isoformat()}Z",
        "updated_at": f"{at.isoformat()}Z",
        "deleted_at": None,
        **fields,
    }
    store.put("zendesk.organizations", str(id), body, DAY_1, at)


def put_ticket(store: Store, id: int, at: datetime.datetime = DAY_1, **fields: Any) -> None:
    body = {
        "id": id,
        "subject": "Where is my order?",
        "status": "solved",
        "requester_id": 1,
        "via": {"channel": "email"},
        "satisfaction_rating": {"score": "good"},
        "metric_set": {"ticket_id": id, "solved_at": f"{at.isoformat()}Z"},
        "created_at": f"{DAY_1.isoformat()}Z",
        "updated_at": f"{at.isoformat()}Z",
        "generated_timestamp": int(at.replace(tzinfo=datetime.UTC).timestamp()),
        **fields,
    }
    store.put("zendesk.tickets", str(id), body, DAY_1, at)


@pytest.fixture
def desk(sandbox: Sandbox) -> Store:
    """Two users, one with an identity, an organization and a ticket."""
    put_user(sandbox.store, 1)
    put_user(sandbox.store, 2)
    put_identity(sandbox.store, 10, 1, "second@example.com")
    put_organization(sandbox.store, 57542)
    put_ticket(sandbox.store, 100)
    return sandbox.store


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.sources.zendesk.PAGE_SIZE", 2)


def test_the_first_load_brings_everything(desk, loaded, query):
    assert loaded("zendesk").rows == {
        "users": 2,
        "user_identities": 1,
        "organizations": 1,
        "tickets": 1,
    }
    assert query("select id, email, active, updated_at from raw_zendesk.users order by id") == [
        (1, "user1@example.com", True, DAY_1),
        (2, "user2@example.com", True, DAY_1),
    ]
    assert query("select user_fields ->> 'job_title' from raw_zendesk.users") == [("Buyer",)] * 2
    assert query("select user_id, value from raw_zendesk.user_identities") == [
        (1, "second@example.com")
    ]
    assert query("select domain_names ->> 0 from raw_zendesk.organizations") == [
        ("org57542.example",)
    ]
    assert query("select metric_set ->> 'solved_at' from raw_zendesk.tickets") == [
        ("2025-03-01T09:00:00Z",)
    ]


def test_a_second_load_without_change_writes_nothing(desk, loaded, sandbox):
    loaded("zendesk")
    sandbox.misbehaviour.requests.clear()
    assert loaded("zendesk").rows == {}
    start = int(DAY_1.replace(tzinfo=datetime.UTC).timestamp())
    asked = [request.split("?")[1] for request in sandbox.misbehaviour.requests]
    assert sum("cursor=" in query and "start_time" not in query for query in asked) == 3
    assert sum(f"start_time={start}" in query for query in asked) == 1


def test_only_what_changed_arrives_later(desk, loaded, query):
    loaded("zendesk")
    put_user(desk, 2, DAY_2, name="Renamed")
    put_user(desk, 3, DAY_2)
    put_organization(desk, 57542, DAY_2, name="Renamed too")
    put_ticket(desk, 100, DAY_2, status="closed")
    assert loaded("zendesk").rows == {"users": 2, "organizations": 1, "tickets": 1}
    assert query("select id, name from raw_zendesk.users order by id") == [
        (1, "User 1"),
        (2, "Renamed"),
        (3, "User 3"),
    ]
    assert query("select name from raw_zendesk.organizations") == [("Renamed too",)]
    assert query("select status from raw_zendesk.tickets") == [("closed",)]
    assert loaded("zendesk").rows == {}


def test_a_ticket_changed_by_the_system_arrives_though_its_update_time_stands_still(
    desk, loaded, query
):
    loaded("zendesk")
    put_ticket(desk, 100, DAY_2, status="closed", updated_at=f"{DAY_1.isoformat()}Z")
    assert loaded("zendesk").rows == {"tickets": 1}
    assert query("select status, updated_at from raw_zendesk.tickets") == [("closed", DAY_1)]


@pytest.mark.parametrize("count", [2, 3, 5], ids=["one page", "one more", "three pages"])
def test_pages_join_without_gap_or_overlap(sandbox, loaded, query, small_pages, count):
    for number in range(count):
        at = DAY_1 + datetime.timedelta(seconds=number // 2)
        put_user(sandbox.store, number + 1, at)
        put_organization(sandbox.store, number + 1, at)
        put_ticket(sandbox.store, number + 1, at)
    rows = loaded("zendesk").rows
    assert (rows["users"], rows["tickets"]) == (count, count)
    for table in ("users", "organizations", "tickets"):
        assert query(f"select count(*), count(distinct id) from raw_zendesk.{table}") == [
            (count, count)
        ]
    assert loaded("zendesk").rows == {}


def test_more_organizations_of_one_second_than_a_page_holds(sandbox, loaded, query, small_pages):
    for number in range(5):
        put_organization(sandbox.store, number, DAY_1)
    put_organization(sandbox.store, 9, DAY_2)
    loaded("zendesk")
    assert query("select count(*) from raw_zendesk.organizations") == [(6,)]
    put_organization(sandbox.store, 10, DAY_2)
    assert loaded("zendesk").rows == {"organizations": 1}


def test_a_user_who_changes_while_pages_are_read_arrives_in_the_last_state(
    sandbox, loaded, query, small_pages, monkeypatch
):
    for number in range(1, 6):
        put_user(sandbox.store, number)
    read = ExportPaginator.update_state

    def change_after_first_page(self, response, data=None):
        read(self, response, data)
        if not sandbox.store.select("zendesk.users", "updated_at = ?", [DAY_3]):
            put_user(sandbox.store, 1, DAY_3, name="Changed meanwhile")

    monkeypatch.setattr(ExportPaginator, "update_state", change_after_first_page)
    loaded("zendesk")
    assert query("select count(*), count(distinct id) from raw_zendesk.users") == [(5, 5)]
    assert query("select name from raw_zendesk.users where id = 1") == [("Changed meanwhile",)]


def test_deletes_are_kept_as_zendesk_tells_them(desk, loaded, query):
    loaded("zendesk")
    put_user(desk, 1, DAY_2, active=False)
    put_organization(desk, 57542, DAY_2, deleted_at=f"{DAY_2.isoformat()}Z")
    put_ticket(desk, 100, DAY_2, status="deleted")
    loaded("zendesk")
    assert query("select active from raw_zendesk.users order by id") == [(False,), (True,)]
    assert query("select deleted_at from raw_zendesk.organizations") == [(DAY_2,)]
    assert query("select status from raw_zendesk.tickets") == [("deleted",)]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/zendesk", status=429, headers={"retry-after": "0"}, times=2),
        Fault("/zendesk", status=500, times=2, skip=1),
        Fault("/zendesk", kind="drop", times=2),
        Fault("/zendesk", kind="hang", seconds=1),
    ],
    ids=["rate limit", "server error", "dropped connection", "time-out"],
)
def test_passing_trouble_is_outlived(desk, sandbox, loaded, monkeypatch, fault):
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "0.5")
    sandbox.misbehaviour.faults.append(fault)
    assert sum(loaded("zendesk").rows.values()) == 5
    assert fault.times == 0


def test_rate_limits_are_waited_out_for_as_long_as_told(desk, sandbox, loaded, monkeypatch):
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_RETRY_DELAY", "5")
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    limit = Fault("/zendesk", status=429, headers={"retry-after": "3"})
    sandbox.misbehaviour.faults.append(limit)
    loaded("zendesk")
    assert waits == [3]


def test_a_load_that_fails_on_a_later_page_loses_nothing(sandbox, loaded, query, small_pages):
    for number in range(1, 6):
        put_user(sandbox.store, number)
    sandbox.misbehaviour.faults.append(Fault("/zendesk", status=500, times=99, skip=1))
    failed = load("zendesk")
    assert failed.rows == {}
    assert failed.error is not None
    assert "zendesk.users" in failed.error
    assert "incremental/users/cursor.json answered 500" in failed.error
    sandbox.misbehaviour.faults.clear()
    assert loaded("zendesk").rows == {"users": 5}


def test_bad_credentials_name_the_table_and_address_but_no_secret(desk, monkeypatch):
    monkeypatch.setenv("SOURCES__ZENDESK__API_TOKEN", "not-the-token")
    error = load("zendesk").error
    assert error is not None
    assert error.startswith("zendesk.users: ")
    assert f"{os.environ['SOURCES__ZENDESK__BASE_URL']}/api/v2/incremental/users" in error
    assert "answered 401" in error
    assert "not-the-token" not in error
    assert vendor.EMAIL not in error


def test_without_credentials_the_source_is_skipped(desk, monkeypatch):
    monkeypatch.delenv("SOURCES__ZENDESK__API_TOKEN")
    skipped = load("zendesk").skipped
    assert skipped is not None
    assert "SOURCES__ZENDESK__" in skipped
    assert "API_TOKEN" in skipped


def test_an_export_that_does_not_move_on_is_an_error(sandbox, small_pages, monkeypatch):
    for number in range(1, 6):
        put_user(sandbox.store, number)
    always = base64.b64encode(b"0.0||0|").decode()
    monkeypatch.setattr(vendor, "_cursor", lambda last: always)
    assert load("zendesk").error == (
        f"zendesk.users: the export does not get past after_cursor {always}"
    )


def test_an_answer_that_is_no_export_is_an_error(desk, sandbox):
    sandbox.misbehaviour.faults.append(Fault("/zendesk", kind="page", times=99))
    error = load("zendesk").error
    assert error is not None
    assert error.startswith("zendesk.users: ")


def test_a_field_the_contract_does_not_know_is_kept(desk, loaded, query):
    loaded("zendesk")
    put_user(desk, 1, DAY_2, loyalty_tier="gold")
    loaded("zendesk")
    assert query("select id, loyalty_tier from raw_zendesk.users order by id") == [
        (1, "gold"),
        (2, None),
    ]


def test_a_record_that_breaks_its_contract_is_set_aside(desk, loaded, query):
    put_user(desk, 3, DAY_2, created_at="yesterday")
    desk.put("zendesk.tickets", "101", {"id": None}, DAY_2)
    result = loaded("zendesk")
    assert result.rows["users"] == 2
    assert result.rows["tickets"] == 1
    assert sum(result.rejected.values()) == 2
    assert query(
        "select table_name, rule, detail, record ->> 'name' from raw_zendesk.quarantine"
        " order by table_name desc"
    ) == [
        (
            "users",
            "datetime_from_date_parsing",
            "created_at: Input should be a valid datetime or date, input is too short",
            "User 3",
        ),
        ("tickets", "int_type", "id: Input should be a valid integer", None),
    ]
    assert loaded("zendesk").rows == {}


def test_an_empty_account_has_every_table(sandbox, loaded, query):
    assert loaded("zendesk").rows == {}
    for table in contracts("zendesk"):
        assert query(f"select count(*) from raw_zendesk.{table}") == [(0,)]


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("incremental/users/cursor.json", 400, "InvalidValue"),
        ("incremental/users/cursor.json?cursor=nonsense", 400, "InvalidValue"),
        ("incremental/organizations.json?start_time=soon", 400, "InvalidValue"),
        ("incremental/organizations/cursor.json?start_time=0", 404, "InvalidEndpoint"),
    ],
)
def test_the_sandbox_refuses_what_zendesk_refuses(sandbox, path, status, error):
    url = f"{os.environ['SOURCES__ZENDESK__BASE_URL']}/api/v2/{path}"
    assert requests.get(url, timeout=5).json() == {"error": "Couldn't authenticate you"}
    auth = (f"{vendor.EMAIL}/token", vendor.API_TOKEN)
    answer = requests.get(url, auth=auth, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_sandbox_company_is_served_whole_and_keeps_the_contract(
    sandbox, loaded, query, tmp_path
):
    store = sandbox.store.connection
    tiny_world(store)
    vendor.render(store, tmp_path)
    result = loaded("zendesk")
    assert result.rejected == {}
    assert result.rows == {"users": 2, "user_identities": 4, "organizations": 2, "tickets": 2}
    assert query(
        "select id, name, active, organization_id, user_fields ->> 'city'"
        " from raw_zendesk.users order by id"
    ) == [(1001, "Ann Lee", True, 501, "Bern"), (1002, "Ben Ode", False, None, None)]
    assert query("select user_id, type, value from raw_zendesk.user_identities order by all") == [
        (1001, "email", "ann@example.com"),
        (1001, "email", "ann@home.example"),
        (1001, "phone_number", "+41315550100"),
        (1002, "email", "ben@example.com"),
    ]
    assert query("select id, deleted_at from raw_zendesk.organizations order by id") == [
        (501, None),
        (502, DAY_2),
    ]
    assert query(
        "select id, status, metric_set ->> 'solved_at' from raw_zendesk.tickets order by id"
    ) == [(1, "solved", "2025-03-02T09:00:00Z"), (2, "deleted", None)]


def tiny_world(connection: duckdb.DuckDBPyConnection) -> None:
    """A company of two people, with the columns the renderer reads."""
    connection.execute(
        f"""
        create schema world;
        create table world.organization_records as
        select
            'zendesk' as source, * from (values
            ('501', 1, 7, 'Alp AG', 'alp.example', false, timestamp '{DAY_1}'),
            ('502', 2, 8, 'Gone Ltd', null, true, timestamp '{DAY_2}')
        ) as rows (record_id, record_number, company_id, name, domain, is_deleted, updated_at)
        cross join (
            select
                null::varchar as phone, null::varchar as street_address, null::varchar as city,
                null::varchar as region, null::varchar as postcode, 'CH' as country,
                'Retail' as industry, 12 as employees, timestamp '{DAY_1}' as created_at
        );
        create table world.person_records as
        select
            'zendesk' as source, * from (values
            (
                '1001', 1, 'Ann Lee', 'ann@example.com', 'ann@home.example', '+41315550100',
                'Bern', 7, 'usr_000001', false
            ),
            ('1002', 2, 'Ben Ode', 'ben@example.com', null, null, null, null, null, true)
        ) as rows (
            record_id, record_number, full_name, email, other_email, phone, city, company_id,
            user_id, is_deleted
        )
        cross join (
            select
                null::varchar as given_name, null::varchar as family_name,
                null::varchar as job_title, null::varchar as street_address,
                null::varchar as unit, null::varchar as region, null::varchar as postcode,
                null::varchar as country, timestamp '{DAY_1}' as created_at,
                timestamp '{DAY_2}' as updated_at
        );
        create table world.tickets as
        select * from (values
            ('1', '1001', '501', 'solved', timestamp '{DAY_2}', false),
            ('2', '1002', null, 'open', null, true)
        ) as rows (ticket_id, record_id, organization_record_id, status, solved_at, is_deleted)
        cross join (
            select
                'Late' as subject, 'Where is it?' as description, 'normal' as priority,
                'email' as channel, ['delivery'] as tags, null::varchar as satisfaction,
                timestamp '{DAY_1}' as created_at, timestamp '{DAY_2}' as updated_at
        );
        """
    )
