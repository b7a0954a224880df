"""What was erased does not come back: by no load, no new version, no replay, no other file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from ingestion import keys, privacy, settings
from ingestion.contracts import SQL_TYPES, columns, contracts, naming
from ingestion.erased import Erased, marks, values_in
from ingestion.pipeline import LoadResult
from ingestion.sources import SOURCES
from ingestion.sql import quoted

Loaded = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]


def bury(*marks: str) -> None:
    """Puts tombstones on the graves of what these marks stand for."""
    privacy.declare()
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.executemany(
            "insert into raw_privacy.tombstones (tombstone) values (?)",
            [[keys.keyed_hash(mark)] for mark in marks],
        )


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes a file of the dataset `crm` of customers, to be loaded."""
    crm = {
        "name": "crm",
        "path": str(tmp_path / "inbox" / "*.csv"),
        "entity": "customers",
        "key": ["No"],
        "columns": {"full_name": "Name", "email": "Mail"},
    }
    mapping = tmp_path / "files.yml"
    mapping.write_text(yaml.safe_dump({"datasets": [crm]}))
    monkeypatch.setenv("CDI_FILES", str(mapping))
    (tmp_path / "inbox").mkdir()

    def write(name: str, *rows: tuple[str, str, str]) -> None:
        with (tmp_path / "inbox" / name).open("w", newline="") as file:
            csv.writer(file).writerows([("No", "Name", "Mail"), *rows])

    return write


def counts(query: Query) -> list[tuple]:
    """Of each load that brought something: received, loaded, set aside, identical, kept out."""
    return query(
        "select records_received, records_loaded, records_quarantined, identical_redeliveries, "
        "records_kept_out from raw_loads.load_counts where records_received > 0 order by load_id"
    )


ANN = ("1", "Ann Lee", "ann@lee.example")
BO = ("2", "Bo Ek", "bo@ek.example")


def test_a_person_who_was_erased_is_kept_out_of_every_file(
    dropped: Callable[..., None], loaded: Loaded, query: Query
) -> None:
    dropped("first.csv", ANN, BO)
    bury(privacy.person_mark("files", "crm:1"))
    loaded("files")
    assert query("select record_id from raw_files.customers") == [("crm:2",)]
    dropped("second.csv", ("1", "Ann Lee", "new@lee.example"), ("3", "Cy Oz", "cy@oz.example"))
    loaded("files")
    assert query("select record_id from raw_files.customers order by all") == [
        ("crm:2",),
        ("crm:3",),
    ]
    assert counts(query) == [(2, 1, 0, 0, 1), (2, 1, 0, 0, 1)]


def test_without_tombstones_nothing_is_kept_out(
    dropped: Callable[..., None], loaded: Loaded, query: Query
) -> None:
    dropped("first.csv", ANN, BO)
    loaded("files")
    assert counts(query) == [(2, 2, 0, 0, 0)]
    bury(privacy.person_mark("files", "crm:9"), privacy.person_mark("stripe", "crm:1"))
    dropped("second.csv", ANN, BO)
    loaded("files")
    assert counts(query)[1] == (2, 0, 0, 2, 0)


def test_a_record_that_breaks_its_contract_is_kept_out_by_what_it_says(
    dropped: Callable[..., None], loaded: Loaded, query: Query
) -> None:
    dropped("first.csv", ("", "Ann Lee", "Ann@Lee.example"), ("", "Bo Ek", "bo@ek.example"))
    bury(privacy.value_mark("ann@lee.example"))
    loaded("files")
    records = query("select record from raw_files.quarantine")
    assert len(records) == 1 and "bo@ek.example" in records[0][0]
    assert counts(query) == [(2, 0, 1, 0, 1)]


def test_a_quarantined_record_is_kept_out_by_its_id(
    dropped: Callable[..., None], loaded: Loaded, query: Query
) -> None:
    dropped("first.csv", ("", "Ann Lee", ""))
    loaded("files")
    ((quarantined,),) = query("select quarantine_id from raw_files.quarantine")
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("delete from raw_files.quarantine")
        connection.execute("delete from raw_files._dlt_pipeline_state")
    bury(privacy.row_mark("files", "quarantine", quarantined))
    loaded("files")
    assert query("select count(*) from raw_files.quarantine") == [(0,)]


ROWS = {
    "stripe.invoices": ({"id": "in_1", "customer": "cus_1"}, {"row", "record:stripe:cus_1"}),
    "stripe.refunds": ({"id": "re_1", "charge": "ch_1"}, {"row", "row:stripe:charges:ch_1"}),
    "shopify.orders": (
        {"id": "gid://shopify/Order/7", "customer": '{"id": "gid://shopify/Customer/9"}'},
        {"row", "record:shopify:9", "record:shopify:order:7"},
    ),
    "shopify.order_line_items": (
        {"id": "gid://shopify/LineItem/1", "order_id": "gid://shopify/Order/7"},
        {"row", "row:shopify:orders:gid://shopify/Order/7"},
    ),
    "zendesk.tickets": ({"id": 5, "requester_id": 8}, {"row", "record:zendesk:8"}),
    "klaviyo.events": (
        {"id": "E1", "relationships": '{"profile": {"data": {"type": "profile", "id": "P1"}}}'},
        {"row", "record:klaviyo:P1"},
    ),
    "segment_events.events": (
        {"message_id": "m", "user_id": "u", "anonymous_id": "A-1"},
        {"row", "record:segment_events:u", "value:a-1"},
    ),
    "app_database.consents_keys": ({"id": "c1"}, {"row", "row:app_database:consents:c1"}),
    "files.orders": (
        {
            "record_id": "till:1|2",
            "dataset": "till",
            "order_id": "1",
            "customer_record_id": "crm:3",
        },
        {"row", "record:files:crm:3", "record:files:till:order:1"},
    ),
}


@pytest.mark.parametrize("table", ROWS)
def test_what_a_row_is_known_by(table: str) -> None:
    row, expected = ROWS[table]
    source, name = table.split(".")
    model = contracts(source)[name]
    hints = {
        naming.normalize_identifier(field): dict(hint) for field, hint in columns(model).items()
    }
    listed = ", ".join(
        f"{quoted(field)} {SQL_TYPES[hint['data_type']]}" for field, hint in hints.items()
    )
    with duckdb.connect() as connection:
        connection.execute(f"create table raw ({listed})")
        given = ", ".join(map(quoted, row))
        marked = ", ".join("?" * len(row))
        connection.execute(f"insert into raw ({given}) values ({marked})", list(row.values()))
        found = {
            connection.execute(f"select {mark} from raw").fetchall()[0][0]
            for mark in marks(source, model.raw)
        }
    key = next(iter(row.values()))
    assert found == {f"row:{source}:{name}:{key}" if one == "row" else one for one in expected}


def test_every_mark_of_every_table_can_be_computed() -> None:
    with duckdb.connect() as connection:
        for source in SOURCES:
            for name, model in contracts(source).items():
                hints = {naming.normalize_identifier(f): dict(h) for f, h in columns(model).items()}
                listed = ", ".join(
                    f"{quoted(f)} {SQL_TYPES[h['data_type']]}" for f, h in hints.items()
                )
                connection.execute(f"create or replace table raw ({listed})")
                for mark in marks(source, model.raw):
                    connection.execute(f"select {mark} from raw")
                assert set(model.raw.mentions) <= set(hints), name


def test_people_are_taken_out_of_the_lists_that_mention_them() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema raw_privacy")
        connection.execute("create table raw_privacy.tombstones (tombstone varchar, kind varchar)")
        for mark in (privacy.person_mark("hubspot", "7"), privacy.person_mark("zendesk", "7")):
            connection.execute(
                "insert into raw_privacy.tombstones (tombstone) values (?)", [keys.keyed_hash(mark)]
            )
        connection.execute(
            "create table delivered as from (values "
            """(1, '[{"toObjectId": 7, "x": 1}, {"toObjectId": 8}]', 0, 1), """
            """(2, '[{"toObjectId": 7}]', 0, 2), (3, '[{"toObjectId": 77}]', 0, 3), """
            "(4, '[]', 0, 4), (5, null, 0, 5)) as t(id, \"to\", _file, _row)"
        )
        Erased(connection, "hubspot").admit(contracts("hubspot")["deal_contacts"])
        assert connection.execute('select id, "to" from arrived order by id').fetchall() == [
            (1, '[{"toObjectId":8}]'),
            (2, "[]"),
            (3, '[{"toObjectId": 77}]'),
            (4, "[]"),
            (5, None),
        ]
        connection.execute(
            "create or replace table delivered as select 1 as id, 0 as requester_id, '[7, 8]' as "
            "collaborator_ids, '[]' as follower_ids, '[7]' as email_cc_ids, 0 as _file, 1 as _row"
        )
        Erased(connection, "zendesk").admit(contracts("zendesk")["tickets"])
        assert connection.execute(
            "select collaborator_ids, follower_ids, email_cc_ids from arrived"
        ).fetchall() == [("[8]", "[]", "[]")]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{"a": "x", "b": {"c": ["y", 1, null]}}', {"x", "y", "1"}),
        ('"x"', {"x"}),
        ('1,ann@lee.example;"Ann Lee"', {"1", "ann@lee.example", "Ann", "Lee"}),
    ],
)
def test_the_values_of_a_record_are_found(record: str, expected: set[str]) -> None:
    assert set(values_in(record)) == expected


def test_every_personal_table_says_whose_its_rows_are() -> None:
    """A table with personal data that names no person would keep what should be erased."""
    silent = {
        f"{source}.{name}"
        for source in SOURCES
        for name, model in contracts(source).items()
        if not (model.raw.person or model.raw.parent or model.raw.mentions)
        and any(hint["x-annotation-pii"] != "none" for hint in map(dict, columns(model).values()))
    }
    assert silent == {
        # Of organizations and of sales to them.
        "hubspot.companies",
        "hubspot.deals",
        "zendesk.organizations",
    }
