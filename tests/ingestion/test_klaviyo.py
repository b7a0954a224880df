"""The Klaviyo connector against a server that lists as Klaviyo does."""

from __future__ import annotations

import datetime
import os
from typing import Any

import duckdb
import pytest
import requests

from ingestion.contracts import contracts
from ingestion.pipeline import load
from ingestion.sources.klaviyo.helpers import NextLinkPaginator, a_second_before, lifted
from scripts.sandbox.server import Fault, Sandbox
from scripts.sandbox.store import Store
from scripts.sandbox.vendors import klaviyo as vendor

DAY_1 = datetime.datetime(2025, 3, 1, 9, 0)
DAY_2 = datetime.datetime(2025, 3, 2, 9, 0)
DAY_3 = datetime.datetime(2025, 3, 3, 9, 0)


def put_profile(store: Store, id: str, at: datetime.datetime = DAY_1, **attributes: Any) -> None:
    body = {
        "type": "profile",
        "id": id,
        "attributes": {
            "email": f"{id.lower()}@example.com",
            "first_name": "Sarah",
            "location": {"city": "Boston"},
            "properties": {"pseudonym": "Doc"},
            "subscriptions": {"email": {"marketing": {"consent": "SUBSCRIBED"}}},
            "created": f"{DAY_1.isoformat()}+00:00",
            "updated": f"{at.isoformat()}+00:00",
            **attributes,
        },
        "relationships": {"lists": {"links": {"self": "https://a.klaviyo.com/api/lists"}}},
        "links": {"self": f"https://a.klaviyo.com/api/profiles/{id}"},
    }
    store.put("klaviyo.profiles", id, body, DAY_1, at)


def put_metric(store: Store, id: str, name: str, at: datetime.datetime = DAY_1) -> None:
    body = {
        "type": "metric",
        "id": id,
        "attributes": {"name": name, "updated": f"{at.isoformat()}+00:00"},
    }
    store.put("klaviyo.metrics", id, body, DAY_1, at)


def put_event(store: Store, id: str, at: datetime.datetime = DAY_1, metric: str = "Opnd") -> None:
    body = {
        "type": "event",
        "id": id,
        "attributes": {
            "timestamp": int(at.replace(tzinfo=datetime.UTC).timestamp()),
            "event_properties": {"$message": "MSG1", "URL": "https://shop.example/sale"},
            "datetime": f"{at.isoformat()}+00:00",
            "uuid": "a9a1b1c0-0000-11ef-8001-000000000000",
        },
        "relationships": {
            "profile": {"data": {"type": "profile", "id": "P1"}},
            "metric": {"data": {"type": "metric", "id": metric}},
        },
    }
    store.put("klaviyo.events", id, body, at)


def put_campaign(store: Store, id: str, at: datetime.datetime = DAY_1, **attributes: Any) -> None:
    body = {
        "type": "campaign",
        "id": id,
        "attributes": {
            "name": f"Campaign {id}",
            "status": "Sent",
            "created_at": f"{DAY_1.isoformat()}+00:00",
            "updated_at": f"{at.isoformat()}+00:00",
            **attributes,
        },
        "relationships": {
            "campaign-messages": {"data": [{"type": "campaign-message", "id": "MSG1"}]}
        },
    }
    store.put("klaviyo.campaigns", id, body, DAY_1, at)


@pytest.fixture
def shop(sandbox: Sandbox) -> Store:
    """Two profiles, a metric, an event and a campaign."""
    put_profile(sandbox.store, "P1")
    put_profile(sandbox.store, "P2")
    put_metric(sandbox.store, "Opnd", "Opened Email")
    put_event(sandbox.store, "E1")
    put_campaign(sandbox.store, "C1")
    return sandbox.store


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.sources.klaviyo.PAGE_SIZE", 2)
    monkeypatch.setattr("ingestion.sources.klaviyo.EVENT_PAGE_SIZE", 2)


def test_the_first_load_brings_resources_as_they_are_sent(shop, loaded, query):
    assert loaded("klaviyo").rows == {"profiles": 2, "metrics": 1, "events": 1, "campaigns": 1}
    assert query(
        "select id, type, updated, attributes ->> 'email', attributes ->> '$.location.city',"
        " attributes ->> '$.subscriptions.email.marketing.consent',"
        " attributes ->> '$.properties.pseudonym', relationships ->> '$.lists.links.self'"
        " from raw_klaviyo.profiles where id = 'P1'"
    ) == [
        (
            "P1",
            "profile",
            DAY_1,
            "p1@example.com",
            "Boston",
            "SUBSCRIBED",
            "Doc",
            "https://a.klaviyo.com/api/lists",
        )
    ]
    assert query(
        "select datetime, attributes ->> 'datetime', relationships ->> '$.metric.data.id'"
        " from raw_klaviyo.events"
    ) == [(DAY_1, "2025-03-01T09:00:00+00:00", "Opnd")]
    assert query("select attributes ->> 'name', updated from raw_klaviyo.metrics") == [
        ("Opened Email", DAY_1)
    ]
    assert query("select attributes ->> 'name', updated_at from raw_klaviyo.campaigns") == [
        ("Campaign C1", DAY_1)
    ]


def test_a_second_load_without_change_writes_nothing(shop, loaded, sandbox):
    loaded("klaviyo")
    sandbox.misbehaviour.requests.clear()
    assert loaded("klaviyo").rows == {}
    asked = " ".join(sandbox.misbehaviour.requests)
    for field in ("updated", "datetime", "updated_at"):
        assert f"greater-than%28{field}%2C2025-03-01T08%3A59%3A59Z%29" in asked


def test_only_what_changed_arrives_later(shop, loaded, query):
    loaded("klaviyo")
    put_profile(shop, "P2", DAY_2, first_name="Renamed")
    put_profile(shop, "P3", DAY_2)
    put_metric(shop, "Clkd", "Clicked Email", DAY_2)
    put_event(shop, "E2", DAY_2, metric="Clkd")
    put_campaign(shop, "C1", DAY_2, name="Renamed too")
    assert loaded("klaviyo").rows == {"profiles": 2, "metrics": 1, "events": 1, "campaigns": 1}
    assert query(
        "select id, attributes ->> 'first_name' from raw_klaviyo.profiles order by id"
    ) == [("P1", "Sarah"), ("P2", "Renamed"), ("P3", "Sarah")]
    assert query("select attributes ->> 'name' from raw_klaviyo.campaigns") == [("Renamed too",)]
    assert loaded("klaviyo").rows == {}


def test_what_changes_in_the_second_of_the_last_load_is_not_lost(shop, loaded, query):
    loaded("klaviyo")
    put_profile(shop, "P2", DAY_1, first_name="Changed again")
    put_profile(shop, "P3", DAY_1)
    put_event(shop, "E2", DAY_1)
    assert loaded("klaviyo").rows == {"profiles": 2, "events": 1}
    assert query(
        "select id, attributes ->> 'first_name' from raw_klaviyo.profiles order by id"
    ) == [("P1", "Sarah"), ("P2", "Changed again"), ("P3", "Sarah")]


@pytest.mark.parametrize("count", [2, 3, 5], ids=["one page", "one more", "three pages"])
def test_pages_join_without_gap_or_overlap(sandbox, loaded, query, small_pages, count):
    for number in range(count):
        at = DAY_1 + datetime.timedelta(seconds=number // 2)
        put_profile(sandbox.store, f"P{number}", at)
        put_event(sandbox.store, f"E{number}", at)
        put_campaign(sandbox.store, f"C{number}", at)
    assert loaded("klaviyo").rows == {"profiles": count, "events": count, "campaigns": count}
    for table in ("profiles", "events", "campaigns"):
        assert query(f"select count(distinct id) from raw_klaviyo.{table}") == [(count,)]
    assert loaded("klaviyo").rows == {}


def test_a_profile_that_changes_while_pages_are_read_arrives_in_the_last_state(
    sandbox, loaded, query, small_pages, monkeypatch
):
    for number in range(5):
        put_profile(sandbox.store, f"P{number}")
    read = NextLinkPaginator.update_state

    def change_after_first_page(self, response, data=None):
        read(self, response, data)
        if not sandbox.store.select("klaviyo.profiles", "updated_at = ?", [DAY_3]):
            put_profile(sandbox.store, "P0", DAY_3, first_name="Changed meanwhile")

    monkeypatch.setattr(NextLinkPaginator, "update_state", change_after_first_page)
    assert loaded("klaviyo").rows == {"profiles": 5}
    assert query("select count(*), count(distinct id) from raw_klaviyo.profiles") == [(5, 5)]
    assert query(
        "select attributes ->> 'first_name' from raw_klaviyo.profiles where id = 'P0'"
    ) == [("Changed meanwhile",)]


def test_a_profile_that_vanishes_stays_as_it_was_last_seen(shop, loaded, query):
    loaded("klaviyo")
    shop.connection.cursor().execute("delete from klaviyo.profiles where id = 'P1'")
    assert loaded("klaviyo").rows == {}
    assert query("select id from raw_klaviyo.profiles order by id") == [("P1",), ("P2",)]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/klaviyo", status=429, headers={"retry-after": "0"}, times=2),
        Fault("/klaviyo", status=503, times=2, skip=1),
        Fault("/klaviyo", kind="drop", times=2),
        Fault("/klaviyo", kind="hang", seconds=1),
    ],
    ids=["rate limit", "server error", "dropped connection", "time-out"],
)
def test_passing_trouble_is_outlived(shop, sandbox, loaded, monkeypatch, fault):
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "0.5")
    sandbox.misbehaviour.faults.append(fault)
    assert sum(loaded("klaviyo").rows.values()) == 5
    assert fault.times == 0


def test_a_load_that_fails_on_a_later_page_loses_nothing(sandbox, loaded, small_pages):
    for number in range(5):
        put_profile(sandbox.store, f"P{number}", DAY_1 + datetime.timedelta(days=number))
    sandbox.misbehaviour.faults.append(Fault("/klaviyo", status=500, times=99, skip=1))
    failed = load("klaviyo")
    assert failed.rows == {}
    assert failed.error is not None
    assert "klaviyo.profiles: " in failed.error
    assert "/api/profiles answered 500" in failed.error
    sandbox.misbehaviour.faults.clear()
    assert loaded("klaviyo").rows == {"profiles": 5}


def test_bad_credentials_name_the_table_and_address_but_no_secret(shop, monkeypatch):
    monkeypatch.setenv("SOURCES__KLAVIYO__API_KEY", "pk_not_the_key")
    error = load("klaviyo").error
    assert error is not None
    url = os.environ["SOURCES__KLAVIYO__BASE_URL"]
    assert error.startswith(f"klaviyo.profiles: {url}/api/profiles answered 401")
    assert "pk_not_the_key" not in error


def test_without_credentials_the_source_is_skipped(shop, monkeypatch):
    monkeypatch.delenv("SOURCES__KLAVIYO__API_KEY")
    skipped = load("klaviyo").skipped
    assert skipped is not None
    assert "API_KEY" in skipped


def test_a_link_that_leads_nowhere_new_is_an_error(sandbox, small_pages, monkeypatch):
    for number in range(5):
        put_profile(sandbox.store, f"P{number}")
    monkeypatch.setattr(vendor, "_cursor", lambda last, column: "MDo6")
    assert load("klaviyo").error == (
        "klaviyo.profiles: the link to the next page leads to the same page again"
    )


def test_a_field_the_contract_does_not_know_is_kept(shop, loaded, query):
    loaded("klaviyo")
    put_profile(shop, "P1", DAY_2, loyalty_tier="gold")
    shop.put(
        "klaviyo.events",
        "E2",
        {"id": "E2", "attributes": {"datetime": "2025-03-02T09:00:00Z"}, "meta": {"a": 1}},
        DAY_2,
    )
    assert loaded("klaviyo").rows == {"profiles": 1, "events": 1}
    assert query("select attributes ->> 'loyalty_tier' from raw_klaviyo.profiles order by id") == [
        ("gold",),
        (None,),
    ]
    assert query("select id, meta ->> 'a' from raw_klaviyo.events order by id") == [
        ("E1", None),
        ("E2", "1"),
    ]


def test_a_record_that_breaks_its_contract_is_set_aside(shop, loaded, query):
    put_profile(shop, "P3", DAY_2, updated="yesterday")
    put_profile(shop, "P4", DAY_2, properties="none")
    result = loaded("klaviyo")
    assert result.rows["profiles"] == 2
    assert sum(result.rejected.values()) == 2
    assert query(
        "select table_name, rule, detail, record ->> 'id' from raw_klaviyo.quarantine order by 4"
    ) == [
        (
            "profiles",
            "datetime_from_date_parsing",
            "attributes.updated: Input should be a valid datetime or date, input is too short",
            "P3",
        ),
        (
            "profiles",
            "dict_type",
            "attributes.properties: Input should be a valid dictionary",
            "P4",
        ),
    ]


def test_a_record_without_its_moment_is_not_lost(sandbox, loaded, query):
    sandbox.store.put("klaviyo.profiles", "P1", {"id": "P1", "attributes": None}, DAY_1)
    loaded("klaviyo")
    assert query("select id, updated from raw_klaviyo.profiles") == [("P1", None)]


def test_an_empty_account_has_every_table(sandbox, loaded, query):
    assert loaded("klaviyo").rows == {}
    for table in contracts("klaviyo"):
        assert query(f"select count(*) from raw_klaviyo.{table}") == [(0,)]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-03-01T09:00:00+00:00", DAY_1),
        ("2025-03-01T10:00:00+01:00", DAY_1),
        ("2025-03-01 09:00:00", DAY_1),
        ("2025-03-01T09:00:00.250000Z", DAY_1.replace(microsecond=250000)),
    ],
)
def test_moments_are_compared_in_utc_however_they_are_written(written, moment):
    lift = lifted("updated")
    record = lift({"id": "P1", "attributes": {"updated": written}})
    assert record["updated"] == moment.replace(tzinfo=datetime.UTC)
    assert record["attributes"] == {"updated": written}


def test_filters_ask_for_a_second_more_than_is_new():
    moment = datetime.datetime(2025, 3, 1, 0, 0, 0, 250000, tzinfo=datetime.UTC)
    assert a_second_before(moment) == "2025-02-28T23:59:59Z"


@pytest.mark.parametrize(
    ("path", "code", "parameter"),
    [
        ("profiles?filter=greater-or-equal(updated,2025-01-01T00:00:00Z)", "invalid", "filter"),
        ("profiles?filter=greater-than(updated,soon)", "invalid", "filter"),
        ("profiles?filter=nonsense", "invalid", "filter"),
        ("profiles?sort=name", "invalid", "sort"),
        ("profiles?page[size]=101", "invalid", "page[size]"),
        ("profiles?page[cursor]=nonsense", "invalid", "page[cursor]"),
        ("campaigns", "invalid", "filter"),
    ],
)
def test_the_sandbox_refuses_what_klaviyo_refuses(sandbox, path, code, parameter):
    url = f"{os.environ['SOURCES__KLAVIYO__BASE_URL']}/api/{path}"
    key = {"authorization": f"Klaviyo-API-Key {vendor.API_KEY}"}
    revision = {"revision": "2026-07-15"}
    assert requests.get(url, headers=revision, timeout=5).status_code == 401
    without_revision = requests.get(url, headers=key, timeout=5)
    assert without_revision.status_code == 400
    refused = requests.get(url, headers=key | revision, timeout=5)
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/vnd.api+json"
    (error,) = refused.json()["errors"]
    assert (error["code"], error["source"]) == (code, {"parameter": parameter})


def test_subscriptions_come_only_when_asked_for(shop):
    url = f"{os.environ['SOURCES__KLAVIYO__BASE_URL']}/api/profiles"
    headers = {"authorization": f"Klaviyo-API-Key {vendor.API_KEY}", "revision": "2026-07-15"}
    (first, _) = requests.get(url, headers=headers, timeout=5).json()["data"]
    assert "subscriptions" not in first["attributes"]


def test_the_sandbox_company_is_served_whole_and_keeps_the_contract(
    sandbox, loaded, query, tmp_path
):
    tiny_world(sandbox.store.connection)
    vendor.render(sandbox.store.connection, tmp_path)
    result = loaded("klaviyo")
    assert result.rejected == {}
    assert result.rows == {"profiles": 2, "metrics": 5, "events": 2, "campaigns": 1}
    assert query(
        "select id, attributes ->> 'email', attributes ->> 'external_id',"
        " attributes ->> '$.subscriptions.email.marketing.consent',"
        " attributes ->> '$.subscriptions.email.marketing.suppression[0].reason'"
        " from raw_klaviyo.profiles order by id"
    ) == [
        ("01ANN", "ann@example.com", "usr_000001", "SUBSCRIBED", None),
        ("01BEN", "ben@example.com", None, "UNSUBSCRIBED", "UNSUBSCRIBE"),
    ]
    assert query(
        "select events.id, metrics.attributes ->> 'name',"
        " events.attributes ->> '$.event_properties.URL'"
        " from raw_klaviyo.events as events inner join raw_klaviyo.metrics as metrics"
        " on metrics.id = (events.relationships ->> '$.metric.data.id') order by 1"
    ) == [
        ("01EVENT1", "Clicked Email", "https://shop.example/spring"),
        ("01EVENT2", "Unsubscribed from Email Marketing", None),
    ]
    assert query(
        "select count(*) from raw_klaviyo.events as events, raw_klaviyo.campaigns as campaigns"
        " where (events.attributes ->> '$.event_properties.\"$message\"')"
        " = (campaigns.relationships ->> '$.\"campaign-messages\".data[0].id')"
    ) == [(2,)]


def tiny_world(connection: duckdb.DuckDBPyConnection) -> None:
    """A company of two people and one campaign, with the columns the renderer reads."""
    connection.execute(
        f"""
        create schema world;
        create table world.person_records as
        select
            'klaviyo' as source, * from (values
            ('01ANN', 'ann@example.com', 'usr_000001', 'subscribed', timestamp '{DAY_1}'),
            ('01BEN', 'ben@example.com', null, 'unsubscribed', timestamp '{DAY_2}')
        ) as rows (record_id, email, user_id, email_consent, consent_at)
        cross join (
            select
                'Ann' as given_name, 'Lee' as family_name, '+41315550100' as phone,
                '1980-05-01' as birth_date, null::varchar as gender,
                null::varchar as company_name, null::varchar as job_title,
                null::varchar as street_address, null::varchar as unit, 'Bern' as city,
                null::varchar as region, null::varchar as postcode, 'CH' as country,
                timestamp '{DAY_1}' as created_at, timestamp '{DAY_2}' as updated_at
        );
        create table world.campaigns as
        select
            '01CAMPAIGN' as campaign_id, 'Spring' as name, 'It is spring' as subject,
            timestamp '{DAY_1}' as sent_at, timestamp '{DAY_1}' as created_at,
            timestamp '{DAY_2}' as updated_at;
        create table world.email_events as
        select * from (values
            (
                '01EVENT1', '01ANN', '01CAMPAIGN', 'clicked', timestamp '{DAY_2}',
                'https://shop.example/spring'
            ),
            ('01EVENT2', '01BEN', '01CAMPAIGN', 'unsubscribed', timestamp '{DAY_3}', null)
        ) as rows (event_id, record_id, campaign_id, event_type, occurred_at, url);
        """
    )
