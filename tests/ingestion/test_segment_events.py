"""The Segment connector on files in a folder and in an in-memory bucket."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dlt.sources.filesystem import filesystem

from ingestion import lines
from ingestion.pipeline import SourceError, load
from ingestion.quarantine import Rejected
from ingestion.sources.segment_events import helpers
from scripts.sandbox.vendors import segment_events as vendor
from scripts.sandbox.world import build_world


def call(id: str, **fields: Any) -> dict[str, Any]:
    """A call in the shape of Segment's spec."""
    return {
        "messageId": id,
        "type": "track",
        "event": "Order Completed",
        "userId": "usr_1",
        "anonymousId": "dev_1",
        "timestamp": "2025-03-01T09:00:00.250Z",
        "receivedAt": "2025-03-01T09:00:02Z",
        "version": 2,
        "context": {"ip": "192.0.2.1", "page": {"path": "/cart"}},
        "properties": {"total": 12.5},
        "integrations": {"All": True},
        **fields,
    }


def text(*calls: dict[str, Any] | str) -> bytes:
    lines = [line if isinstance(line, str) else json.dumps(line) for line in calls]
    return "".join(f"{line}\n" for line in lines).encode()


def read(folder: Path) -> tuple[list[dict[str, Any]], list[Rejected]]:
    """What the files in a folder hold, without a warehouse."""
    tables, rejected = [], []
    for item in helpers.read(listed(folder)):
        if isinstance(item, list):
            rejected += item
        else:
            tables += item.to_pylist()
    return tables, rejected


def listed(folder: Path) -> list[Any]:
    return list(filesystem(str(folder), file_glob="**/*"))


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A local folder the connector is pointed at."""
    folder = tmp_path / "events"
    folder.mkdir()
    monkeypatch.setenv("SOURCES__SEGMENT_EVENTS__BUCKET_URL", str(folder))
    return folder


@pytest.fixture
def memory_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[fsspec.AbstractFileSystem]:
    """A bucket that is no folder, reached through fsspec."""
    monkeypatch.setenv("SOURCES__SEGMENT_EVENTS__BUCKET_URL", "memory://calls")
    bucket = fsspec.filesystem("memory")
    yield bucket
    bucket.rm("/calls", recursive=True)


def test_calls_land_typed_and_unknown_fields_are_kept(bucket, loaded, query):
    day = bucket / "2025" / "03"
    day.mkdir(parents=True)
    (day / "a.jsonl").write_bytes(
        text(call("m1", traits={"email": "a@example.com"}, writeKey="wk"), call("m2"))
    )

    assert loaded("segment_events").rows == {"events": 2}

    columns = "type, event, user_id, timestamp, received_at, version, extra->>'writeKey'"
    rows = query(f"select message_id, {columns} from raw_segment_events.events order by 1")
    assert [row[0] for row in rows] == ["m1", "m2"]
    assert rows[0][1:4] == ("track", "Order Completed", "usr_1")
    assert [str(time) for time in rows[0][4:6]] == [
        "2025-03-01 09:00:00.250000",
        "2025-03-01 09:00:02",
    ]
    assert [row[6:] for row in rows] == [("2", "wk"), ("2", None)]
    (picked,) = query(
        "select typeof(context), context->>'$.page.path', properties->>'total', traits->>'email' "
        "from raw_segment_events.events where message_id = 'm1'"
    )
    assert picked == ("JSON", "/cart", "12.5", "a@example.com")


def test_only_new_and_rewritten_files_are_read(bucket, loaded, query):
    (bucket / "a.jsonl").write_bytes(text(call("m1")))
    (bucket / "b.jsonl").write_bytes(text(call("m2")))
    same_moment = (bucket / "a.jsonl").stat().st_mtime_ns
    os.utime(bucket / "b.jsonl", ns=(same_moment, same_moment))
    assert loaded("segment_events").rows == {"events": 2}
    assert loaded("segment_events").rows == {}

    # At the very moment of those read, and older than them: both are new all the same.
    (bucket / "c.jsonl").write_bytes(text(call("m3")))
    os.utime(bucket / "c.jsonl", ns=(same_moment, same_moment))
    (bucket / "late.jsonl").write_bytes(text(call("m4")))
    os.utime(bucket / "late.jsonl", ns=(same_moment - 10**12, same_moment - 10**12))
    assert loaded("segment_events").rows == {"events": 2}

    # Rewritten, with one more call and the time it had before.
    (bucket / "a.jsonl").write_bytes(text(call("m1", event="Order Refunded"), call("m5")))
    os.utime(bucket / "a.jsonl", ns=(same_moment, same_moment))
    assert loaded("segment_events").rows == {"events": 2}
    assert loaded("segment_events").rows == {}

    events = query("select message_id, event from raw_segment_events.events order by 1")
    assert [id for id, _ in events] == ["m1", "m2", "m3", "m4", "m5"]
    assert events[0] == ("m1", "Order Refunded")


def test_a_call_delivered_twice_is_one_row(bucket, loaded, query):
    (bucket / "a.jsonl").write_bytes(text(call("m1"), call("m2"), call("m1")))
    loaded("segment_events")
    (bucket / "b.jsonl").write_bytes(text(call("m2"), call("m3")))
    loaded("segment_events")

    counted = query("select message_id, count(*) from raw_segment_events.events group by 1")
    assert sorted(counted) == [("m1", 1), ("m2", 1), ("m3", 1)]


def test_files_of_any_bucket_and_format(memory_bucket, loaded, query):
    memory_bucket.pipe("/calls/2025/a.jsonl", text(call("m1")))
    # Two members in one file, as log shippers write them.
    zipped = gzip.compress(text(call("m2"))) + gzip.compress(text(call("m3")))
    memory_bucket.pipe("/calls/b.jsonl.gz", zipped)
    memory_bucket.pipe("/calls/_SUCCESS", b"not a file of calls")
    with memory_bucket.open("/calls/c.parquet", "wb") as file:
        pq.write_table(pa.Table.from_pylist([call("m4")]), file)

    assert loaded("segment_events").rows == {"events": 4}
    assert loaded("segment_events").rows == {}
    rows = query("select message_id from raw_segment_events.events order by 1")
    assert rows == [("m1",), ("m2",), ("m3",), ("m4",)]


def test_parquet_columns_in_either_spelling(tmp_path):
    row = {
        "message_id": "m1",
        "type": "identify",
        "user_id": "usr_1",
        "received_at": "2025-03-01T09:00:02Z",
        "traits": '{"email": "a@example.com"}',
        "context": {"ip": "192.0.2.1"},
        "write_key": "wk",
    }
    table = pa.Table.from_pylist([row, {**row, "message_id": None}])
    moment = pa.array([1_740_819_600_000_000] * 2, pa.timestamp("us", tz="Europe/Berlin"))
    pq.write_table(table.append_column("timestamp", moment), tmp_path / "a.parquet")

    (found,), (rejected,) = read(tmp_path)

    assert found["messageId"] == "m1" and found["userId"] == "usr_1"
    assert str(found["timestamp"]) == "2025-03-01 09:00:00"
    assert str(found["receivedAt"]) == "2025-03-01 09:00:02"
    assert json.loads(found["traits"]) == {"email": "a@example.com"}
    assert json.loads(found["context"]) == {"ip": "192.0.2.1"}
    assert json.loads(found["extra"]) == {"write_key": "wk"}
    assert (rejected.rule, rejected.file, rejected.line) == (
        "missing_message_id",
        "a.parquet",
        2,
    )


BROKEN = {
    "{": "invalid_json",
    '{"messageId": "x", "type": "track"} {}': "invalid_json",
    '{"messageId": "\\ud800", "type": "track"}': "invalid_json",
    '{"messageId": "\udcff", "type": "track"}': "invalid_json",
    '["messageId"]': "not_an_object",
    '"messageId"': "not_an_object",
    "null": "not_an_object",
    "{}": "missing_message_id",
    '{"messageId": "", "type": "track"}': "missing_message_id",
    '{"messageId": "x"}': "missing_type",
    '{"messageId": "x", "type": "heartbeat"}': "unknown_type",
    '{"messageId": "x", "type": "track", "timestamp": "yesterday"}': "invalid_timestamp",
    '{"messageId": "x", "type": "track", "sentAt": "2025-13-01T00:00:00Z"}': "invalid_timestamp",
    '{"messageId": "x", "type": "track", "receivedAt": "infinity"}': "invalid_timestamp",
    '{"messageId": "x", "type": "track", "timestamp": 1740819600}': "invalid_timestamp",
}


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_malformed_line_is_set_aside_with_its_place(tmp_path, line):
    content = json.dumps(call("m1")) + f"\r\n\r\n \t\n{line}\n" + json.dumps(call("m2"))
    (tmp_path / "a.jsonl").write_bytes(content.encode(errors="surrogateescape"))

    found, (rejected,) = read(tmp_path)

    assert [event["messageId"] for event in found] == ["m1", "m2"]
    assert rejected.record == line.replace("\udcff", "\ufffd")
    assert (rejected.rule, rejected.file, rejected.line) == (BROKEN[line], "a.jsonl", 4)
    assert rejected.detail


def test_malformed_lines_are_quarantined_once_and_the_rest_loads(bucket, loaded, query):
    (bucket / "a.jsonl").write_bytes(text(call("m1"), "oops", call("m2")))
    result = loaded("segment_events")
    assert result.rows == {"events": 2}
    assert sum(result.rejected.values()) == 1
    (bucket / "a.jsonl").write_bytes(text(call("m1"), "oops", call("m2"), call("m3")))
    loaded("segment_events")

    rows = query("select table_name, rule, file, line, record from raw_segment_events.quarantine")
    assert rows == [("events", "invalid_json", "a.jsonl", 2, "oops")]


def test_lines_are_whole_wherever_the_blocks_end(tmp_path, monkeypatch):
    monkeypatch.setattr(helpers, "BLOCK_BYTES", 64)
    calls = [call(f"m{n}", properties={"note": "é" * n}) for n in range(60)]
    broken = {10, 59}
    lines = [json.dumps(line, ensure_ascii=False) for line in calls]
    for n in broken:
        lines[n] = f"broken {n}"
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(text(call("z1"), "broken")))

    found, rejected = read(tmp_path)

    assert {event["messageId"] for event in found} == {
        "z1",
        *(f"m{n}" for n in range(60) if n not in broken),
    }
    places = sorted((line.file, line.line, line.record) for line in rejected)
    assert places == [
        ("a.jsonl", 11, "broken 10"),
        ("a.jsonl", 60, "broken 59"),
        ("b.jsonl.gz", 2, "broken"),
    ]


def test_calls_come_in_the_order_of_their_lines(tmp_path):
    """Of two deliveries of one call it is the last that lands."""
    ids = [f"m{n}" for n in range(20_000)]
    (tmp_path / "a.jsonl").write_bytes(text(*(call(id) for id in ids)))
    found, _ = read(tmp_path)
    assert [event["messageId"] for event in found] == ids


@pytest.mark.parametrize(
    "name", ['it\'s "so".jsonl', "a [1] *?.jsonl", "данные ☃.jsonl", "50% #x & y.jsonl", "A.JSONL"]
)
def test_hostile_file_names(tmp_path, name):
    (tmp_path / name).write_bytes(text(call("m1"), "oops"))
    (found,), (rejected,) = read(tmp_path)
    assert found["messageId"] == "m1"
    assert rejected.file == name


def test_times_are_utc_whatever_their_offset(tmp_path):
    written = ["2025-03-01T10:00:00+02:00", "2025-03-01T08:00:00Z", "2025-03-01 08:00:00"]
    (tmp_path / "a.jsonl").write_bytes(text(*(call(time, timestamp=time) for time in written)))
    found, _ = read(tmp_path)
    assert {str(event["timestamp"]) for event in found} == {"2025-03-01 08:00:00"}


def test_values_are_kept_as_they_are(tmp_path):
    fields = {"event": 'a "b" \\ \u0000 \u2028 😀', "properties": {"x": {"y": None}, "n": 2**70}}
    (tmp_path / "bom.jsonl").write_bytes(
        b"\xef\xbb\xbf" + text(call("m1", **fields, traits=None, x={"messageId": None}))
    )
    (found,), rejected = read(tmp_path)
    assert not rejected
    assert found["event"] == fields["event"]
    assert json.loads(found["properties"]) == fields["properties"]
    assert found["traits"] is None
    assert json.loads(found["extra"]) == {"x": {"messageId": None}}


def test_empty_files_and_an_empty_folder(bucket, loaded, query):
    assert loaded("segment_events").rows == {}
    (bucket / "empty.jsonl").touch()
    (bucket / "empty.jsonl.gz").write_bytes(gzip.compress(b""))
    (bucket / "blank.jsonl").write_bytes(b"\n\n")
    pq.write_table(pa.table({"messageId": pa.array([], pa.string())}), bucket / "e.parquet")
    result = loaded("segment_events")
    assert (result.rows, dict(result.rejected)) == ({}, {})
    assert query("select count(*) from raw_segment_events.events") == [(0,)]


def test_a_torn_file_is_named_and_read_once_it_is_whole(bucket, loaded, query):
    whole = gzip.compress(text(*(call(f"m{n}") for n in range(200))))
    (bucket / "a.jsonl.gz").write_bytes(gzip.compress(text(call("first"))))
    (bucket / "torn.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    error = load("segment_events").error
    assert error is not None
    assert "segment_events.events" in error and "torn.jsonl.gz" in error
    assert "usr_1" not in error

    (bucket / "torn.jsonl.gz").write_bytes(whole)
    assert loaded("segment_events").rows == {"events": 201}
    assert query("select count(*) from raw_segment_events.events") == [(201,)]


def test_a_file_that_disappears_is_named(tmp_path):
    (tmp_path / "gone.jsonl").write_bytes(text(call("m1")))
    files = listed(tmp_path)
    (tmp_path / "gone.jsonl").unlink()
    with pytest.raises(SourceError, match=r"gone\.jsonl: the file is gone"):
        list(helpers.read(files))


def test_a_folder_that_does_not_exist_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCES__SEGMENT_EVENTS__BUCKET_URL", str(tmp_path / "nowhere"))
    error = load("segment_events").error
    assert error is not None and "there is no folder" in error and "nowhere" in error


def test_without_a_bucket_it_says_what_to_set():
    assert "SOURCES__SEGMENT_EVENTS__BUCKET_URL" in str(load("segment_events").skipped)


def test_the_sandbox_company_has_every_call_and_some_faults(tmp_path, monkeypatch, loaded, query):
    connection = duckdb.connect()
    build_world(connection, customers=60, seed=3)
    for folder in ("one", "two"):
        vendor.render(connection, tmp_path / folder)
    files = sorted(path.relative_to(tmp_path / "one") for path in tmp_path.glob("one/**/*.gz"))
    assert files
    for file in files:
        unzipped = [gzip.decompress((tmp_path / go / file).read_bytes()) for go in ("one", "two")]
        assert unzipped[0] == unzipped[1], file

    for variable, value in vendor.settings(tmp_path / "one").items():
        monkeypatch.setenv(variable, value)
    loaded("segment_events")

    expected = connection.execute(
        "select message_id, event_type, user_id, occurred_at from world.web_events"
    ).fetchall()
    landed = query("select message_id, type, user_id, timestamp from raw_segment_events.events")
    assert sorted(landed, key=str) == sorted(expected, key=str)


def test_a_line_without_an_end_is_cut_and_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(helpers, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(lines, "KEPT_BYTES", 5000)
    long = b'{"messageId":"' + b"x" * 20_000
    (tmp_path / "a.jsonl").write_bytes(text(call("m1")) + long + b'"}\n' + text(call("m2")))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(text(call("m3")) + long))
    found, rejected = read(tmp_path)
    assert sorted(event["messageId"] for event in found) == ["m1", "m2", "m3"]
    assert [(row.file, row.line, row.rule) for row in rejected] == [
        ("a.jsonl", 2, "oversize_record"),
        ("b.jsonl.gz", 2, "oversize_record"),
    ]
    assert all(long.startswith(row.record.encode()) for row in rejected)
    assert all(len(row.record) == 5000 for row in rejected)
