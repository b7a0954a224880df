"""Stripe: what its lists and its event log bring, and what happens when they misbehave."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pytest
import requests

from ingestion.contracts import contracts
from ingestion.pipeline import LoadResult, SourceError, load
from ingestion.sources.stripe import helpers
from scripts.sandbox.server import Fault, Sandbox
from scripts.sandbox.store import Store
from scripts.sandbox.vendors import stripe as vendor

START = 1_760_000_000
API = {"Authorization": f"Bearer {vendor.API_KEY}"}

Load = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]
Read = Callable[[str], list[dict[str, Any]]]


class Account:
    """A Stripe account: what its users do to it, event log included."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.events = 0

    def create(self, kind: str, object_id: str, created: int, **fields: Any) -> None:
        body = {"id": object_id, "object": kind[:-1], "created": created, "metadata": {}} | fields
        self._put(kind, body)
        self.log(f"{PREFIXES[kind]}.created", body, created)

    def change(
        self, kind: str, object_id: str, at: int, event: str = "updated", **fields: Any
    ) -> None:
        body = self._body(kind, object_id) | fields
        self._put(kind, body)
        self.log(f"{PREFIXES[kind]}.{event}", body, at)

    def delete(self, kind: str, object_id: str, at: int) -> None:
        body = self._body(kind, object_id)
        self._put(kind, body, deleted=True)
        self.log(f"{PREFIXES[kind]}.deleted", body, at)

    def log(self, event: str, body: dict[str, Any], at: int) -> None:
        self.events += 1
        event_id = f"evt_{self.events:06}"
        # Shown as the account's own, older, API version does: not what the connector must land.
        shown = body | {"sent_as": "2020-08-27"}
        log_entry = {
            "id": event_id,
            "object": "event",
            "api_version": "2020-08-27",
            "created": at,
            "data": {"object": shown},
            "type": event,
        }
        self.store.put("stripe.events", event_id, log_entry, moment(at))

    def forget_events(self, which: str = "true") -> None:
        self.store.connection.cursor().execute(f"delete from stripe.events where {which}")

    def fill(self, kind: str, objects: int) -> None:
        """Creates `x_00000`, `x_00001`, …, three a second, long before the log begins."""
        self.store.ensure(f"stripe.{kind}")
        self.store.connection.cursor().execute(
            f"""
            insert into stripe.{kind} (id, created_at, updated_at, body)
            select
                format('x_{{:05}}', number) as id, make_timestamp(created * 1000000) as made_at,
                made_at,
                json_object('id', id, 'object', '{kind[:-1]}', 'created', created)
            from (select range as number, {START} + range // 3 as created from range({objects}))
            """
        )

    def _body(self, kind: str, object_id: str) -> dict[str, Any]:
        found = self.store.get(f"stripe.{kind}", object_id)
        assert found is not None
        return found.object

    def _put(self, kind: str, body: dict[str, Any], deleted: bool = False) -> None:
        created = moment(body["created"])
        parent = body.get("customer")
        self.store.put(
            f"stripe.{kind}", body["id"], body, created, deleted=deleted, parent_id=parent
        )


PREFIXES = {
    "customers": "customer",
    "subscriptions": "customer.subscription",
    "invoices": "invoice",
    "charges": "charge",
    "refunds": "refund",
}


def moment(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(tzinfo=None)


@pytest.fixture(autouse=True)
def patient_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests retry without waiting: they would run into the rate limit for good."""
    monkeypatch.setattr(vendor, "REQUESTS_PER_SECOND", 100_000)


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account(sandbox.store)


@pytest.fixture
def read(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads a table as successive loads do, without the time it takes to load."""
    states: dict[str, dict[str, Any]] = {}

    def run(table: str) -> list[dict[str, Any]]:
        state = json.loads(json.dumps(states.get(table, {})))
        monkeypatch.setattr(dlt.current, "resource_state", lambda resource: state)
        client = helpers.connect(f"{sandbox.url}/stripe", vendor.API_KEY)
        rows = [row for page in helpers.read(client, table) for row in page]
        states[table] = state
        return rows

    return run


def times_asked(sandbox: Sandbox, path: str) -> int:
    return sum(request.partition("?")[0] == path for request in sandbox.misbehaviour.requests)


def test_first_load_brings_every_table_and_the_second_nothing(
    account: Account, loaded: Load, query: Query
) -> None:
    for number in range(3):  # all in one second, which is asked for again
        account.create("customers", f"cus_{number}", START, metadata={"user_id": f"u{number}"})
    account.create("subscriptions", "sub_1", START, customer="cus_1", status="canceled")
    account.create("invoices", "in_1", START, customer="cus_1", payments={"data": [{"id": "p"}]})
    account.create("charges", "ch_1", START, customer="cus_1", amount=1250, currency="eur")
    account.create("refunds", "re_1", START, charge="ch_1", amount=250)

    assert loaded("stripe").rows == {
        "customers": 3,
        "subscriptions": 1,  # cancelled ones too
        "invoices": 1,
        "charges": 1,
        "refunds": 1,
    }
    assert query(
        "select id, created, metadata ->> 'user_id' from raw_stripe.customers order by id"
    ) == [("cus_0", START, "u0"), ("cus_1", START, "u1"), ("cus_2", START, "u2")]
    # Payments come only with the `expand` the connector must send.
    assert query("select payments ->> '$.data[0].id' from raw_stripe.invoices") == [("p",)]

    assert loaded("stripe").rows == {}


def test_changes_and_deletions_take_the_place_of_what_was_known(
    account: Account, loaded: Load, query: Query
) -> None:
    for number in (1, 2, 3):
        account.create("customers", f"cus_{number}", START, email=f"{number}@example.com")
    loaded("stripe")
    account.change("customers", "cus_1", START + 60, email="new@example.com")
    account.delete("customers", "cus_2", START + 61)
    account.create("customers", "cus_4", START)  # in the very second read last
    account.create("customers", "cus_5", START + 5)

    assert loaded("stripe").rows.keys() == {"customers"}

    found = query("select id, email, deleted, event_created from raw_stripe.customers order by id")
    assert found[:3] == [
        ("cus_1", "new@example.com", None, START + 60),
        ("cus_2", "2@example.com", True, START + 61),
        ("cus_3", "3@example.com", None, None),
    ]
    assert [row[0] for row in found[3:]] == ["cus_4", "cus_5"]
    assert loaded("stripe").rows == {}


def test_nothing_is_read_twice(account: Account, sandbox: Sandbox, read: Read) -> None:
    account.create("customers", "cus_1", START)
    account.change("customers", "cus_1", START + 60, email="a@example.com")
    assert [row["id"] for row in read("customers")] == ["cus_1"]
    # The list showed it as it is: its events need no look.
    assert times_asked(sandbox, "/stripe/v1/customers/cus_1") == 0
    assert read("customers") == []

    account.create("customers", "cus_2", START + 5)
    sandbox.misbehaviour.requests.clear()
    assert [row["id"] for row in read("customers")] == ["cus_2"]
    asked = [request for request in sandbox.misbehaviour.requests if "/v1/customers?" in request]
    assert len(asked) == 1
    assert f"created%5Bgte%5D={START}" in asked[0]
    assert read("customers") == []


def test_change_is_fetched_once_and_in_the_pinned_version(
    account: Account, sandbox: Sandbox, read: Read
) -> None:
    account.create("invoices", "in_1", START, number="old", payments={"data": []})
    read("invoices")
    account.change("invoices", "in_1", START + 60, number="newer")
    account.change("invoices", "in_1", START + 60, number="newest")

    (row,) = read("invoices")

    assert times_asked(sandbox, "/stripe/v1/invoices/in_1") == 1
    assert row["number"] == "newest"
    assert row["payments"] == {"data": []}
    assert row["event_created"] == START + 60
    assert "sent_as" not in row  # the event showed it in another version
    assert read("invoices") == []


def test_change_made_while_the_list_is_read_is_not_lost(
    account: Account, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create("customers", "cus_1", START, email="old@example.com")
    changes_of = helpers._changes

    def changed_once_the_log_is_read(*arguments: Any) -> list[dict[str, Any]]:
        found = changes_of(*arguments)
        if account.events == 1:
            account.change("customers", "cus_1", START, email="new@example.com")
        return found

    monkeypatch.setattr(helpers, "_changes", changed_once_the_log_is_read)
    read("customers")
    assert [row["email"] for row in read("customers")] == ["new@example.com"]


def test_customer_deleted_before_the_first_load_is_known_from_the_log(
    account: Account, read: Read
) -> None:
    account.create("customers", "cus_1", START, email="ann@example.com")
    account.change("customers", "cus_1", START + 1, email="ann@example.org")
    account.delete("customers", "cus_1", START + 2)
    (row,) = read("customers")
    assert (row["deleted"], row["email"]) == (True, "ann@example.org")
    assert read("customers") == []


@pytest.mark.parametrize("kind", ["customers", "invoices"])
def test_deletion_that_overtakes_the_log_wipes_nothing(
    account: Account, read: Read, kind: str
) -> None:
    account.create(kind, "x_1", START, description="first")
    read(kind)
    account.change(kind, "x_1", START + 60, description="last")
    account.delete(kind, "x_1", START + 60)
    (deletion,) = account.store.select("stripe.events", "body ->> '$.type' like '%.deleted'")
    account.forget_events("body ->> '$.type' like '%.deleted'")

    assert read(kind) == []

    account.store.put("stripe.events", deletion.id, deletion.object, deletion.created_at)
    (row,) = read(kind)
    assert (row["deleted"], row["description"]) == (True, "last")


def test_customer_changed_and_then_deleted_is_deleted(account: Account, read: Read) -> None:
    account.create("customers", "cus_1", START, email="old@example.com")
    read("customers")
    account.change("customers", "cus_1", START + 60, email="last@example.com")
    account.delete("customers", "cus_1", START + 61)
    (row,) = read("customers")
    assert (row["deleted"], row["email"]) == (True, "last@example.com")


def test_cancelled_subscription_is_fetched_as_it_is(account: Account, read: Read) -> None:
    account.create("subscriptions", "sub_1", START, status="active")
    read("subscriptions")
    account.change("subscriptions", "sub_1", START + 60, event="deleted", status="canceled")
    (row,) = read("subscriptions")
    assert row["status"] == "canceled"
    assert "deleted" not in row


def test_loads_too_far_apart_for_the_log_read_everything_again(
    account: Account, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create("customers", "cus_1", START, email="old@example.com")
    account.create("customers", "cus_2", START + 1)
    read("customers")
    account.change("customers", "cus_1", START + 60, email="new@example.com")
    account.forget_events()
    now = time.time()

    monkeypatch.setattr(helpers.time, "time", lambda: now + 28 * 86_400)
    assert read("customers") == []

    monkeypatch.setattr(helpers.time, "time", lambda: now + (28 + 29) * 86_400)
    assert [row["email"] for row in read("customers") if row["id"] == "cus_1"] == [
        "new@example.com"
    ]
    assert read("customers") == []


@pytest.mark.parametrize(
    ("objects", "requests_made"),
    [(0, 1), (99, 1), (100, 1), (101, 2), (200, 2), (201, 3)],
    ids=["empty", "less than a page", "one page", "a page and one", "two pages", "two and one"],
)
def test_paging(
    account: Account, sandbox: Sandbox, read: Read, objects: int, requests_made: int
) -> None:
    account.fill("customers", objects)
    rows = read("customers")
    assert times_asked(sandbox, "/stripe/v1/customers") == requests_made
    assert sorted(row["id"] for row in rows) == [f"x_{number:05}" for number in range(objects)]
    assert read("customers") == []


def test_log_of_more_than_a_page_is_read_to_its_end(account: Account, read: Read) -> None:
    account.fill("charges", 120)
    assert len(read("charges")) == 120
    for number in range(120):
        account.change("charges", f"x_{number:05}", START + 1_000 + number // 7, amount=number)
    assert sorted(row["amount"] for row in read("charges")) == list(range(120))


def test_objects_created_between_two_pages_do_not_shift_the_next_page(
    account: Account, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.fill("charges", 150)
    update_state = helpers.ListPaginator.update_state
    lists_read = []

    def create_between_pages(paginator: Any, response: Any, data: Any = None) -> None:
        update_state(paginator, response, data)
        if "/charges" in response.url:
            lists_read.append(response.url)
            if len(lists_read) == 1:
                account.create("charges", "ch_new", START + 1_000)

    monkeypatch.setattr(helpers.ListPaginator, "update_state", create_between_pages)
    ids = [row["id"] for row in read("charges")]
    assert len(ids) == len(set(ids)) == 150
    assert [row["id"] for row in read("charges")] == ["ch_new"]


def test_list_that_goes_round_in_circles_is_an_error(
    account: Account, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create("charges", "ch_1", START)
    page = vendor._page

    def same_page_again(store: Store, kind: str, request: Any) -> dict[str, Any]:
        if kind == "events":
            return page(store, kind, request)
        return {"data": [{"id": "ch_1", "created": START}], "has_more": True}

    monkeypatch.setattr(vendor, "_page", same_page_again)
    with pytest.raises(SourceError, match="does not get past"):
        read("charges")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/stripe/v1/customers", status=429, headers={"retry-after": "0"}, times=2),
        Fault("/stripe/v1/customers", status=500, times=2),
        Fault("/stripe/v1/events", status=503, times=1),
        Fault("/stripe/v1/customers", kind="page", times=2),
        Fault("/stripe/v1/customers", kind="drop"),
        Fault("/stripe/v1/customers", kind="hang", seconds=3),
    ],
    ids=["429", "500", "503 of the log", "error page", "dropped connection", "time-out"],
)
def test_passing_faults_are_survived(
    account: Account, sandbox: Sandbox, read: Read, fault: Fault
) -> None:
    account.create("customers", "cus_1", START)
    sandbox.misbehaviour.faults.append(fault)
    assert [row["id"] for row in read("customers")] == ["cus_1"]
    assert fault.times == 0


def test_fault_while_a_changed_object_is_fetched_is_survived(
    account: Account, sandbox: Sandbox, read: Read
) -> None:
    account.create("customers", "cus_1", START)
    read("customers")
    account.change("customers", "cus_1", START + 60, email="new@example.com")
    sandbox.misbehaviour.faults.append(Fault("/stripe/v1/customers/cus_1", status=429, times=2))
    assert [row["email"] for row in read("customers")] == ["new@example.com"]


@pytest.mark.parametrize("path", ["events", "customers"])
def test_lasting_error_page_is_an_error(sandbox: Sandbox, read: Read, path: str) -> None:
    sandbox.misbehaviour.faults.append(Fault(f"/stripe/v1/{path}", kind="page", times=50))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        read("customers")


def test_answer_that_is_no_list_is_an_error(
    sandbox: Sandbox, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "_page", lambda *given: {"data": []})
    with pytest.raises(SourceError, match="not a page of a list"):
        read("customers")


def test_lasting_fault_is_an_error_and_the_next_load_makes_up_for_it(
    account: Account, sandbox: Sandbox, loaded: Load
) -> None:
    account.create("customers", "cus_1", START)
    account.create("charges", "ch_1", START)
    fault = Fault("/stripe/v1/charges", status=500, times=1_000)
    sandbox.misbehaviour.faults.append(fault)

    error = load("stripe").error

    assert error is not None
    assert "stripe.charges" in error
    assert f"{sandbox.url}/stripe/v1/charges" in error
    assert "500" in error
    fault.times = 0
    assert loaded("stripe").rows == {"customers": 1, "charges": 1}


def test_bad_key_is_explained_without_showing_it(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__STRIPE__API_KEY", "sk_live_secret_of_someone")
    error = load("stripe").error
    assert error is not None
    assert "stripe.customers" in error
    assert f"{sandbox.url}/stripe/v1/events answered 401" in error
    assert "secret_of_someone" not in error


def test_source_without_a_key_is_skipped_and_has_its_tables(
    query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    skipped = load("stripe").skipped
    assert skipped is not None
    assert "SOURCES__STRIPE__API_KEY" in skipped
    for table in contracts("stripe"):
        assert query(f"select count(*) from raw_stripe.{table}") == [(0,)]


def test_empty_account_loads_nothing(sandbox: Sandbox, loaded: Load) -> None:
    assert loaded("stripe").rows == {}


def test_unknown_fields_are_kept_and_broken_records_set_aside_once(
    account: Account, loaded: Load, query: Query
) -> None:
    account.create("charges", "ch_1", START, amount="a lot")
    account.create("charges", "ch_2", START, amount=5, loyalty_tier="gold")
    result = loaded("stripe")
    assert result.rows == {"charges": 1}
    assert sum(result.rejected.values()) == 1
    assert query("select id, loyalty_tier from raw_stripe.charges") == [("ch_2", "gold")]
    assert query("select table_name, record ->> 'id' from raw_stripe.quarantine") == [
        ("charges", "ch_1")
    ]

    account.change("charges", "ch_1", START + 60, amount=7)  # mended at the source
    result = loaded("stripe")
    assert result.rows == {"charges": 1}
    assert not result.rejected
    assert query("select amount from raw_stripe.charges where id = 'ch_1'") == [(7,)]


class TestSandbox:
    """The sandbox answers as Stripe does."""

    @pytest.fixture
    def get(self, sandbox: Sandbox) -> Callable[..., requests.Response]:
        def ask(path: str, headers: dict[str, str] = API, **params: Any) -> requests.Response:
            return requests.get(
                f"{sandbox.url}/stripe/{path}", params=params, headers=headers, timeout=5
            )

        return ask

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sk_test_wrong_one"}])
    def test_refuses_strangers(self, get: Callable, headers: dict[str, str]) -> None:
        answer = get("v1/customers", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]["type"] == "invalid_request_error"
        assert "test_wrong" not in answer.text

    @pytest.mark.parametrize(
        ("path", "params", "status", "code"),
        [
            ("v1/customers", {"limit": 0}, 400, "parameter_invalid_integer"),
            ("v1/customers", {"limit": 101}, 400, "parameter_invalid_integer"),
            ("v1/customers", {"created[gte]": "now"}, 400, "parameter_invalid_integer"),
            ("v1/customers", {"colour": "red"}, 400, "parameter_unknown"),
            ("v1/charges", {"types[]": "charge.failed"}, 400, "parameter_unknown"),
            ("v1/customers", {"starting_after": "cus_gone"}, 400, "resource_missing"),
            ("v1/customers/cus_gone", {}, 404, "resource_missing"),
            ("v1/events", {"types[]": ["x"] * 21}, 400, None),
            ("v1/events", {"types[]": ["x"], "type": "x"}, 400, None),
            ("v1/dragons", {}, 404, None),
            ("v2/customers", {}, 404, None),
        ],
    )
    def test_errors(
        self, get: Callable, path: str, params: dict, status: int, code: str | None
    ) -> None:
        answer = get(path, **params)
        error = answer.json()["error"]
        assert (answer.status_code, error.get("code")) == (status, code)
        assert error["type"] == "invalid_request_error"
        assert error["message"]

    def test_limits_the_rate(self, get: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(vendor, "REQUESTS_PER_SECOND", 2)
        assert [get("v1/customers").status_code for _ in range(3)] == [200, 200, 429]
        assert get("v1/customers").json()["error"]["code"] == "rate_limit"

    def test_pages_both_ways(self, account: Account, get: Callable) -> None:
        for number in range(5):
            account.create("customers", f"cus_{number}", START + number // 2)
        first = get("v1/customers", limit=2).json()
        assert [item["id"] for item in first["data"]] == ["cus_4", "cus_3"]
        assert first["has_more"] is True
        after = get("v1/customers", limit=3, starting_after="cus_3").json()
        assert [item["id"] for item in after["data"]] == ["cus_2", "cus_1", "cus_0"]
        assert after["has_more"] is False
        before = get("v1/customers", limit=2, ending_before="cus_1").json()
        assert [item["id"] for item in before["data"]] == ["cus_3", "cus_2"]
        assert before["has_more"] is True

    def test_filters(self, account: Account, get: Callable) -> None:
        account.create("subscriptions", "sub_1", START, customer="cus_1", status="active")
        account.create("subscriptions", "sub_2", START + 1, customer="cus_2", status="canceled")
        account.change("subscriptions", "sub_1", START + 2, event="paused")

        def found(path: str, **params: Any) -> list[str]:
            return [item["id"] for item in get(path, **params).json()["data"]]

        assert found("v1/subscriptions") == ["sub_1"]
        assert found("v1/subscriptions", status="all") == ["sub_2", "sub_1"]
        assert found("v1/subscriptions", status="canceled") == ["sub_2"]
        assert found("v1/subscriptions", status="all", customer="cus_2") == ["sub_2"]
        assert found("v1/subscriptions", status="all", **{"created[gt]": START}) == ["sub_2"]
        assert found("v1/subscriptions", status="all", **{"created[lte]": START}) == ["sub_1"]
        assert found("v1/subscriptions", status="all", created=START + 1) == ["sub_2"]
        assert found("v1/events", type="customer.subscription.paused") == ["evt_000003"]

    def test_shows_a_deleted_customer_as_little_more_than_its_id(
        self, account: Account, get: Callable
    ) -> None:
        account.create("customers", "cus_1", START, email="ann@example.com")
        account.delete("customers", "cus_1", START + 1)
        assert get("v1/customers").json()["data"] == []
        assert get("v1/customers/cus_1").json() == {
            "id": "cus_1",
            "object": "customer",
            "deleted": True,
        }


WORLD = """
create schema world;

create table world.person_records as
select
    'stripe' as source, 'cus_' || number as record_id, number as record_number,
    'Ann Lee' as full_name, 'Ann' as given_name, null::varchar as middle_name, 'Lee' as family_name,
    case when number = 1 then 'ann@example.com' end as email, '+4420794600' || number as phone,
    '1 High Street' as street_address, null::varchar as unit, 'London' as city,
    null::varchar as region,
    'N1 1AA' as postcode, 'GB' as country, null::varchar as company_name,
    case when number = 1 then 'usr_1' end as user_id,
    timestamp '2026-10-01 10:00:00.5' as created_at, timestamp '2026-11-02 10:00:00' as updated_at,
    number = 2 as is_deleted,
    case when number = 2 then timestamp '2026-11-03 10:00:00' end as deleted_at
from range(1, 4) as numbers (number);

create table world.subscriptions as
select
    'sub_1' as subscription_id, 'cus_1' as record_id, 'Pro' as plan_name, 'price_1' as price_id,
    'prod_1' as product_id, 2 as quantity, 'USD' as currency, 20.00::decimal(18, 2) as unit_amount,
    'month' as billing_interval, 'active' as status, timestamp '2026-10-01 10:00:00' as started_at,
    timestamp '2026-11-01 10:00:00' as current_period_start,
    timestamp '2026-12-01 10:00:00' as current_period_end, null::timestamp as canceled_at,
    null::timestamp as ended_at, timestamp '2026-10-01 10:00:00' as created_at,
    timestamp '2026-11-01 10:00:00' as updated_at;

create table world.invoices as
select
    'in_1' as invoice_id, 'F-1' as invoice_number, 'sub_1' as subscription_id, 'cus_1' as record_id,
    'paid' as status, 'JPY' as currency, 4000.00::decimal(18, 2) as amount_due,
    4000.00::decimal(18, 2) as amount_paid, timestamp '2026-11-01 10:00:00' as created_at,
    timestamp '2026-11-01 11:00:00' as updated_at, null::timestamp as due_at,
    timestamp '2026-11-01 11:00:00' as paid_at, timestamp '2026-10-01 10:00:00' as period_start,
    timestamp '2026-11-01 10:00:00' as period_end;

create table world.charges as
select
    'ch_1' as charge_id, 'in_1' as invoice_id, 'cus_1' as record_id, 'succeeded' as status,
    'JPY' as currency, 4000.00::decimal(18, 2) as amount,
    1000.00::decimal(18, 2) as amount_refunded,
    null::varchar as failure_code, 'visa' as card_brand, '4242' as card_last4,
    timestamp '2026-11-01 11:00:00' as created_at;

create table world.refunds as
select
    're_1' as refund_id, 'ch_1' as charge_id, 'cus_1' as record_id, 'USD' as currency,
    10.00::decimal(18, 2) as amount, 'succeeded' as status,
    'requested_by_customer' as reason, timestamp '2026-11-02 11:00:00' as created_at;
"""


@pytest.fixture
def rendered(sandbox: Sandbox, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """The sandbox serving a small world."""
    connection = sandbox.store.connection
    connection.execute(WORLD)
    vendor.render(connection.cursor(), tmp_path)
    return connection


def test_rendered_world_is_served_and_meets_the_contracts(
    rendered: duckdb.DuckDBPyConnection, loaded: Load, query: Query
) -> None:
    result = loaded("stripe")
    assert result.rejected == {}
    assert result.rows == {
        "customers": 3,  # the deleted one by the event log
        "subscriptions": 1,
        "invoices": 1,
        "charges": 1,
        "refunds": 1,
    }
    assert query("select id from raw_stripe.customers where deleted") == [("cus_2",)]
    assert query("select amount_due from raw_stripe.invoices") == [(4000,)]  # a yen has no minor
    assert query("select amount from raw_stripe.refunds") == [(1000,)]
    assert query(
        """
        select count(*)
        from raw_stripe.charges
        inner join raw_stripe.invoices
            on payment_intent = (payments ->> '$.data[0].payment.payment_intent')
        """
    ) == [(1,)]


@pytest.mark.parametrize("kind", ["customers", "subscriptions", "invoices", "charges", "refunds"])
def test_rendered_objects_have_no_field_the_contract_does_not_know(
    rendered: duckdb.DuckDBPyConnection, kind: str
) -> None:
    bodies = rendered.cursor().execute(f"select body from stripe.{kind}").fetchall()
    assert bodies
    known = set(contracts("stripe")[kind].model_fields)
    for (body,) in bodies:
        assert set(json.loads(body)) <= known


def test_rendered_events_tell_of_the_last_thirty_days(
    rendered: duckdb.DuckDBPyConnection,
) -> None:
    rows = rendered.cursor().execute("select body from stripe.events order by created_at, id")
    events = [json.loads(body) for (body,) in rows.fetchall()]
    types = sorted(event["type"] for event in events)
    assert types == [
        "charge.refunded",
        "charge.succeeded",
        "customer.deleted",
        "customer.subscription.updated",
        "customer.updated",
        "customer.updated",
        "invoice.created",
        "invoice.paid",
        "refund.created",
    ]
    about = {event["type"]: event["data"]["object"] for event in events}
    assert "payments" not in about["invoice.paid"]
    assert about["customer.deleted"]["name"] == "Ann Lee"
    assert "discount" in about["customer.deleted"]  # empty fields are sent too
