"""Every record is accounted for, and a load lands whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pyarrow as pa
import pytest

from ingestion import landing, settings
from ingestion.contracts import RawRecord, RawTable, resource_hints
from ingestion.pipeline import LoadResult, load, replay
from ingestion.quarantine import MAX_RECORD_BYTES, ReadWhole, Rejected

Loaded = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]


class Guest(RawRecord):
    """One guest."""

    raw = RawTable(name="guests", version="visit", provenance=("page",))

    id: str
    visit: int | None = None
    name: str | None = None
    page: int | None = None


class Key(RawRecord):
    """One key there is now."""

    raw = RawTable(name="keys", write="replace")

    id: str


@pytest.fixture(autouse=True, params=["warehouse", "hybrid", "lake"])
def storage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """What holds of one storage holds of each."""
    monkeypatch.setenv("CDI_STORAGE", request.param)
    monkeypatch.setenv("CDI_LAKE", str(tmp_path / "lake"))
    return str(request.param)


@pytest.fixture
def inn(monkeypatch: pytest.MonkeyPatch, made_source: Callable[..., None]) -> dict[str, Any]:
    """A source `inn`; what it delivers is in the dictionary, by table."""
    deliveries: dict[str, Any] = {"guests": [], "keys": []}

    @dlt.source(name="inn", max_table_nesting=0)
    def inn() -> Any:
        def read(table: str) -> Iterator[Any]:
            for item in deliveries[table]:
                if isinstance(item, Exception):
                    raise item
                yield item

        for model in (Guest, Key):
            yield dlt.resource(read(model.raw.name), **resource_hints(model))

    made_source("inn", inn, (Guest, Key))
    return deliveries


def guest(id: str, visit: int | None = 1, **more: Any) -> dict[str, Any]:
    return {"id": id, "visit": visit, **more}


def counted(query: Query, table: str = "guests") -> list[tuple]:
    """What became of the records of each load, in order."""
    return query(
        """
        select
            records_received, records_loaded, records_quarantined, identical_redeliveries,
            records_superseded
        from raw_loads.load_counts
        where source = 'inn' and table_name = ?
        order by load_id
        """,
        table,
    )


def held(query: Query) -> list[tuple]:
    return query("select id, visit, name from raw_inn.guests order by id")


def test_what_came_is_loaded_quarantined_or_known(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann"), guest("ann"), {"name": "no id"}, guest("bob")]
    loaded("inn")
    inn["guests"] = [guest("ann"), guest("bob", 2), guest("cid")]
    loaded("inn")
    loaded("inn")
    assert counted(query) == [(4, 2, 1, 1, 0), (3, 2, 0, 1, 0), (3, 0, 0, 3, 0)]


def test_a_load_without_news_is_counted_and_changes_no_row(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann")]
    loaded("inn")
    before = query("select * from raw_inn.guests")
    assert loaded("inn").rows == {}
    inn["guests"] = []
    loaded("inn")
    assert query("select * from raw_inn.guests") == before
    assert counted(query) == [(1, 1, 0, 0, 0), (1, 0, 0, 1, 0), (0, 0, 0, 0, 0)]


def test_of_two_versions_in_one_load_the_later_stays_and_both_were_taken_in(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann", 2, name="new"), guest("ann", 1, name="old")]
    loaded("inn")
    assert held(query) == [("ann", 2, "new")]
    assert counted(query) == [(2, 2, 0, 0, 1)]


def test_of_two_deliveries_of_one_version_the_last_stays(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann", name="first"), guest("ann", name="last")]
    loaded("inn")
    assert held(query) == [("ann", 1, "last")]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1), (3, 2, 1)])
def test_deliveries_out_of_order_end_alike(
    inn: dict[str, Any], loaded: Loaded, query: Query, order: tuple[int, ...]
) -> None:
    for visit in order:
        inn["guests"] = [guest("ann", visit, name=f"at {visit}")]
        loaded("inn")
    assert held(query) == [("ann", 3, "at 3")]
    assert [row[0] - row[1] for row in counted(query)] == [0, 0, 0]


def test_a_record_without_a_version_is_taken_as_it_comes(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann", 5)]
    loaded("inn")
    inn["guests"] = [guest("ann", None, name="now")]
    loaded("inn")
    assert held(query) == [("ann", None, "now")]


def test_where_a_record_was_read_does_not_make_it_another(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann", page=1)]
    loaded("inn")
    inn["guests"] = [guest("ann", page=7)]
    loaded("inn")
    assert query("select page from raw_inn.guests") == [(1,)]
    assert counted(query)[-1] == (1, 0, 0, 1, 0)


def test_a_new_field_and_a_lost_one_are_no_reason_to_stop(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann", name="Ann")]
    loaded("inn")
    inn["guests"] = [{"id": "bob", "visit": 1, "Pets": 2}]
    loaded("inn")
    inn["guests"] = [guest("cid", name="Cid")]
    loaded("inn")
    assert query("select id, name, pets from raw_inn.guests order by id") == [
        ("ann", "Ann", None),
        ("bob", None, 2),
        ("cid", "Cid", None),
    ]


def test_a_field_the_contract_does_not_know_may_change_its_type_and_keeps_every_value(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann", pets=2)]
    loaded("inn")
    inn["guests"] = [guest("bob", pets="two"), guest("cid", pets={"cats": 2})]
    loaded("inn")
    rows = query("select columns('pets.*') from raw_inn.guests order by id")
    assert [[value for value in row if value is not None] for row in rows] == [
        [2],
        ["two"],
        ['{"cats":2}'],
    ]


@pytest.mark.parametrize("year", [1, 1970, 2099, 9999])
def test_a_clock_that_is_wrong_is_no_reason_to_lose_a_record(
    inn: dict[str, Any], loaded: Loaded, query: Query, year: int
) -> None:
    inn["guests"] = [guest("ann", seen=f"{year:04}-01-01T00:00:00Z")]
    loaded("inn")
    assert query("select id from raw_inn.guests") == [("ann",)]


def test_a_table_that_comes_whole_is_replaced_only_when_it_differs(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["keys"] = [{"id": "1"}, {"id": "2"}]
    loaded("inn")
    assert loaded("inn").rows == {}
    inn["keys"] = [{"id": "2"}, {"id": "3"}]
    assert loaded("inn").rows == {"keys": 2}
    assert query("select id from raw_inn.keys order by id") == [("2",), ("3",)]
    assert counted(query, "keys") == [(2, 2, 0, 0, 0), (2, 0, 0, 2, 0), (2, 2, 0, 0, 0)]


def test_arrow_tables_are_landed_like_records(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [pa.table({"id": ["ann", "bob", "ann"], "visit": [1, 1, 2]})]
    loaded("inn")
    assert held(query) == [("ann", 2, None), ("bob", 1, None)]
    assert counted(query) == [(3, 3, 0, 0, 1)]
    assert query("select count(distinct _dlt_id), count(_dlt_load_id) from raw_inn.guests") == [
        (2, 2)
    ]


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ({"debt": math.nan}, "unstorable_value"),
        ({"debt": -math.inf}, "unstorable_value"),
        ({"debt": 2**70}, "unstorable_value"),
        ({"debt": 2**63}, "unstorable_value"),
        ({"note": "half a pair \ud83d"}, "unstorable_value"),
        ({"petName": "Rex", "pet_name": "Tom"}, "colliding_fields"),
        ({"note": "x" * MAX_RECORD_BYTES}, "oversize_record"),
        ({"visit": "many"}, "int_parsing"),
    ],
    ids=["NaN", "infinity", "2**70", "2**63", "surrogate", "collision", "oversize", "type"],
)
def test_what_no_table_can_hold_is_set_aside_and_the_rest_lands(
    inn: dict[str, Any], loaded: Loaded, query: Query, field: dict[str, Any], rule: str
) -> None:
    inn["guests"] = [guest("ann"), {**guest("bob"), **field}, guest("cid")]
    loaded("inn")
    assert [row[0] for row in held(query)] == ["ann", "cid"]
    ((table, found, status),) = query("select table_name, rule, status from raw_inn.quarantine")
    assert (table, found, status) == ("guests", rule, "waiting")
    assert counted(query) == [(3, 2, 1, 0, 0)]


def test_values_are_kept_to_the_letter(inn: dict[str, Any], loaded: Loaded, query: Query) -> None:
    hostile = ["=1+1", "'; drop table guests; --", '"', "a\0b", "é\u202e", " ", "NULL", "\\N", "{}"]
    inn["guests"] = [guest(str(number), name=name) for number, name in enumerate(hostile)]
    loaded("inn")
    assert [name for _, _, name in held(query)] == hostile


@pytest.mark.parametrize("broken", [9, 10], ids=["few enough", "too many"])
def test_a_load_too_much_of_which_is_broken_is_refused_whole(
    inn: dict[str, Any], query: Query, broken: int
) -> None:
    inn["guests"] = [
        *(guest(str(n)) for n in range(100)),
        *({"name": str(n)} for n in range(broken)),
    ]
    inn["keys"] = [{"id": "1"}]
    result = load("inn")
    if broken < 10:
        assert result.error is None
        return
    assert result.error == (
        "inn: refused, nothing was written: 10 of 110 records of guests (9.1%) break their "
        "contract, 5% may (load_thresholds.csv); missing 10"
    )
    for table in ("raw_inn.guests", "raw_inn.keys", "raw_inn.quarantine", "raw_loads.load_counts"):
        assert query(f"select count(*) from {table}") == [(0,)], table


def test_records_lost_on_the_way_stop_the_load(
    inn: dict[str, Any], query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count of what arrived is taken apart from the count of what was sent."""
    inn["guests"] = [guest("ann"), guest("bob")]
    inn["keys"] = [{"id": "1"}]
    opened = landing._Table._open

    def losing(table: Any, files: Any) -> None:
        opened(table, files)
        if table._place == "raw_inn.guests":
            table._connection.execute("create temp table kept as from delivered where id <> 'bob'")
            table._connection.execute("create or replace temp view delivered as from kept")

    monkeypatch.setattr(landing._Table, "_open", losing)
    assert load("inn").error == (
        "inn: raw_inn.guests: 2 records were extracted, 1 arrived; nothing was written"
    )
    assert query("select count(*) from raw_inn.keys") == [(0,)]


def test_records_of_a_table_without_a_contract_stop_the_load(
    inn: dict[str, Any], query: Query
) -> None:
    inn["guests"] = [guest("ann"), dlt.mark.with_table_name({"id": "1"}, "ghosts")]
    assert load("inn").error == (
        "inn: raw_inn: there is no contract for the table ghosts; nothing was written"
    )
    assert query("select count(*) from raw_inn.guests") == [(0,)]


def waiting(query: Query) -> list[dict[str, Any]]:
    columns = ("quarantine_id", "table_name", "record", "rule", "detail", "file", "line", "part")
    rows = query(f"select {', '.join(columns)} from raw_inn.quarantine where status = 'waiting'")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_a_replay_loads_what_now_keeps_its_contract_and_keeps_the_rest(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [guest("ann"), Rejected('{"id": "bob", "visit": 2}', "late", "too late"), {}]
    loaded("inn")
    for expected in (1, 0):
        result = replay("inn", waiting(query))
        assert result.rows.get("guests", 0) == expected
    assert held(query) == [("ann", 1, None), ("bob", 2, None)]
    assert query("select rule, status from raw_inn.quarantine order by rule") == [
        ("late", "replayed"),
        ("missing", "waiting"),
    ]
    replays = query("select distinct is_replay from raw_loads.load_counts order by 1")
    assert replays == [(False,), (True,)]
    assert counted(query) == [(3, 1, 2, 0, 0), (2, 1, 1, 0, 0), (1, 0, 1, 0, 0)]


def test_a_replayed_record_does_not_undo_a_later_version(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [Rejected(json.dumps(guest("ann", 1, name="old")), "late", "too late")]
    loaded("inn")
    inn["guests"] = [guest("ann", 2, name="new")]
    loaded("inn")
    replay("inn", waiting(query))
    assert held(query) == [("ann", 2, "new")]
    assert waiting(query) == []


def test_a_file_read_again_settles_what_waited_of_it(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    lines = [Rejected(f"<{n}>", "invalid_json", "no JSON", "guests.jsonl", n) for n in (1, 2)]
    other = Rejected("<3>", "invalid_json", "no JSON", "others.jsonl", 3)
    inn["guests"] = [*lines, other]
    loaded("inn")
    inn["guests"] = [guest("1"), lines[1], ReadWhole("guests.jsonl")]
    loaded("inn")
    assert query("select record, status from raw_inn.quarantine order by record") == [
        ("<1>", "replayed"),
        ("<2>", "waiting"),
        ("<3>", "waiting"),
    ]


def test_a_record_that_is_rejected_again_waits_once_and_tells_when_first(
    inn: dict[str, Any], loaded: Loaded, query: Query
) -> None:
    inn["guests"] = [{"name": "no id"}]
    loaded("inn")
    first = query("select quarantine_id, load_id from raw_inn.quarantine")
    loaded("inn")
    assert query("select quarantine_id, load_id from raw_inn.quarantine") == first
    assert first[0][1] is not None


def test_a_load_that_fails_while_landing_leaves_everything_as_it_was(
    inn: dict[str, Any], loaded: Loaded, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    inn["guests"], inn["keys"] = [guest("ann")], [{"id": "1"}]
    loaded("inn")
    before = everything()
    inn["guests"], inn["keys"] = [guest("ann", 2), guest("bob")], [{"id": "2"}]
    with monkeypatch.context() as patch:
        patch.setattr(landing, "_remember", broken)
        assert load("inn").error is not None
    assert everything() == before
    loaded("inn")
    assert held(query) == [("ann", 2, None), ("bob", 1, None)]


def broken(*given: Any, **more: Any) -> None:
    raise duckdb.IOException("no space left on device")


def everything() -> dict[str, list[tuple]]:
    """All rows of all tables of the warehouse."""
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"from {name}").fetchall(), key=str)
            for (name,) in tables
        }
