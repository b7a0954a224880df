"""What holds for every source, shown on one made for the purpose."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any

import dlt
import pytest
import requests

from ingestion.contracts import RawRecord, RawTable, resource_hints
from ingestion.pipeline import LoadResult, SourceError, declare_tables, load
from ingestion.quarantine import Rejected


class Guest(RawRecord):
    """One guest."""

    raw = RawTable(name="guests", version="changed_at")

    id: str
    age: int | None = None
    changed_at: datetime.datetime | None = None


class Room(RawRecord):
    """One room."""

    raw = RawTable(name="rooms")

    id: str


@pytest.fixture
def hotel(monkeypatch: pytest.MonkeyPatch, made_source: Callable[..., None]) -> dict[str, Any]:
    """A source `hotel`; what it delivers is in the dictionary, by table."""
    deliveries: dict[str, Any] = {"guests": [], "rooms": []}

    since = dlt.sources.incremental("changed_at", on_cursor_value_missing="include")

    @dlt.source(name="hotel", max_table_nesting=0)
    def hotel(token: str = dlt.secrets.value) -> Any:
        def guests(changed: Any = since) -> Iterator[Any]:
            yield from deliveries["guests"]

        def rooms() -> Iterator[Any]:
            for item in deliveries["rooms"]:
                if isinstance(item, Exception):
                    raise item
                yield item

        return (
            dlt.resource(guests, **resource_hints(Guest)),
            dlt.resource(rooms, **resource_hints(Room)),
        )

    made_source("hotel", hotel, (Guest, Room))
    monkeypatch.setenv("SOURCES__HOTEL__TOKEN", "t0ken")
    return deliveries


Loaded = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]


def guest(id: str, day: int, **more: Any) -> dict[str, Any]:
    return {"id": id, "changed_at": f"2026-01-{day:02}T12:00:00+02:00", **more}


def test_every_declared_table_exists_with_its_types_even_when_empty(
    hotel: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    assert loaded("hotel").rows == {}
    types = dict(
        query(
            "select table_name || '.' || column_name, data_type from information_schema.columns "
            "where table_schema = 'raw_hotel' and not starts_with(column_name, '_')"
        )
    )
    assert types["guests.age"] == "BIGINT"
    assert types["guests.changed_at"] == "TIMESTAMP"
    assert types["rooms.id"] == "VARCHAR"
    assert types["quarantine.record"] == "VARCHAR"


def test_a_source_without_credentials_is_skipped_and_says_what_to_set(
    hotel: dict[str, Any], monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    monkeypatch.delenv("SOURCES__HOTEL__TOKEN")
    result = load("hotel")
    assert result.skipped is not None
    assert "SOURCES__HOTEL__TOKEN" in result.skipped
    assert query("select count(*) from raw_hotel.guests") == [(0,)]


def test_only_what_is_new_or_changed_is_written(
    hotel: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    hotel["guests"] = [guest("ann", 1), guest("bob", 2)]
    assert loaded("hotel").rows == {"guests": 2}
    assert loaded("hotel").rows == {}
    hotel["guests"] = [guest("ann", 3, age=40), guest("bob", 2), guest("cid", 3)]
    assert loaded("hotel").rows == {"guests": 2}
    assert query("select id, age from raw_hotel.guests order by id") == [
        ("ann", 40),
        ("bob", None),
        ("cid", None),
    ]


def test_the_latest_of_two_deliveries_in_one_load_stays(
    hotel: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    hotel["guests"] = [guest("ann", 5, age=41), guest("ann", 4, age=40)]
    loaded("hotel")
    assert query("select id, age from raw_hotel.guests") == [("ann", 41)]


def test_times_land_in_utc(hotel: dict[str, Any], loaded: Loaded, query: Query) -> None:
    hotel["guests"] = [guest("ann", 1)]
    loaded("hotel")
    assert query("select changed_at from raw_hotel.guests") == [
        (datetime.datetime(2026, 1, 1, 10),)
    ]


def test_unknown_fields_are_kept(hotel: dict[str, Any], loaded: Loaded, query: Query) -> None:
    hotel["guests"] = [guest("ann", 1, pets=[{"kind": "cat"}], vip=True)]
    loaded("hotel")
    ((pets, vip),) = query("select pets, vip from raw_hotel.guests")
    assert json.loads(pets) == [{"kind": "cat"}]
    assert vip is True


def test_a_record_that_breaks_its_contract_is_kept_apart_and_the_rest_lands(
    hotel: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    hotel["guests"] = [guest("ann", 1), {"age": 3}, guest("bob", 1, age="many")]
    result = loaded("hotel")
    assert result.rows == {"guests": 1}
    assert sum(result.rejected.values()) == 2
    kept = query("select table_name, rule, record from raw_hotel.quarantine order by rule")
    assert [row[:2] for row in kept] == [("guests", "int_parsing"), ("guests", "missing")]
    assert json.loads(kept[0][2])["id"] == "bob"
    assert "many" not in str(result.rejected), "what is shown must not hold values"


def test_a_rejected_line_keeps_its_place_and_is_kept_once(
    hotel: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    hotel["rooms"] = [{"id": "1"}, Rejected("<2>", "invalid_json", "no JSON", "rooms.jsonl", 2)]
    for _ in range(2):
        loaded("hotel")
    assert query("select table_name, record, rule, file, line from raw_hotel.quarantine") == [
        ("rooms", "<2>", "invalid_json", "rooms.jsonl", 2)
    ]


def test_a_failed_load_leaves_nothing_behind_and_the_next_one_brings_everything(
    hotel: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    hotel["guests"] = [guest("ann", 1)]
    hotel["rooms"] = [{"id": "1"}, SourceError("the key cupboard is locked")]
    result = load("hotel")
    assert result.error == "hotel.rooms: the key cupboard is locked"
    assert query("select count(*) from raw_hotel.guests") == [(0,)]
    hotel["rooms"].pop()
    assert loaded("hotel").rows == {"guests": 1, "rooms": 1}


def test_an_http_error_names_source_table_url_and_status_but_no_parameters(
    hotel: dict[str, Any],
) -> None:
    response = requests.Response()
    response.status_code, response.url = 403, "https://api.example/rooms?email=ann@example.com"
    hotel["rooms"] = [requests.HTTPError("403", response=response)]
    error = load("hotel").error or ""
    assert error.startswith("hotel.rooms: https://api.example/rooms answered 403")
    assert "SOURCES__HOTEL__" in error
    assert "ann@" not in error


def test_an_unexpected_error_is_told_in_one_line(hotel: dict[str, Any]) -> None:
    hotel["rooms"] = [ValueError("no room\nfor ann@example.com")]
    assert load("hotel").error == "hotel.rooms: ValueError: no room"


def test_an_unexpected_error_shows_no_value(hotel: dict[str, Any]) -> None:
    hotel["rooms"] = [ValueError("'Ann Lee' (ann@example.com, +44 20 7946 0000) is no room: 12")]
    assert load("hotel").error == "hotel.rooms: ValueError: … … …) is no room: 12"


def test_load_state_survives_on_the_warehouse_alone(
    hotel: dict[str, Any], loaded: Loaded, tmp_path: Any
) -> None:
    hotel["guests"] = [guest("ann", 1)]
    loaded("hotel")
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"warehouse.duckdb", "warehouse.duckdb.lock"}
    assert loaded("hotel").rows == {}


def test_declaring_tables_twice_changes_nothing(hotel: dict[str, Any], query: Query) -> None:
    for _ in range(2):
        declare_tables("hotel")
    assert query("select count(*) from raw_hotel._dlt_version") == [(1,)]
