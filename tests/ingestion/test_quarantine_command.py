"""`cdi quarantine`: what waits is shown, replayed once after the mend, or discarded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from ingestion.pipeline import LoadResult
from ingestion.sources.segment_events import helpers
from scripts.cli import app

Loaded = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]


def cdi(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["quarantine", *arguments])


@pytest.fixture
def mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes the mapping of one CSV file of guests."""
    monkeypatch.setenv("CDI_FILES", str(tmp_path / "files.yml"))

    def write(date_format: str) -> None:
        born = {"column": "Born", "date_format": date_format}
        dataset = {
            "name": "guests",
            "path": str(tmp_path / "guests.csv"),
            "key": "No",
            "columns": {"birth_date": born, "email": "Mail"},
        }
        (tmp_path / "files.yml").write_text(yaml.safe_dump({"datasets": [dataset]}))

    return write


@pytest.fixture
def guests(tmp_path: Path, mapped: Callable[..., None], loaded: Loaded) -> None:
    """Three guests, of whom one lands: one was born in another format, one has a field too many."""
    mapped("%d.%m.%Y")
    (tmp_path / "guests.csv").write_text(
        "No,Born,Mail\n1,31.01.1980,ann@example.com\n2,1981-01-31,\n3,01.02.1982,c@example.com,x\n"
    )
    loaded("files")


def test_what_waits_is_counted_by_rule_and_no_value_shown(guests: None) -> None:
    said = cdi("list").output
    for text in ("files.customers", "invalid_date", "wrong_number_of_fields", "guests.csv"):
        assert text in said
    assert "1981" not in said
    assert "example.com" not in said
    assert "invalid_date" not in cdi("list", "stripe").output
    assert "invalid_date" not in cdi("list", "--rule", "wrong_number_of_fields").output


def test_a_record_is_shown_whole_by_the_start_of_its_id(guests: None, query: Query) -> None:
    ((record_id,),) = query(
        "select quarantine_id from raw_files.quarantine where rule = 'invalid_date'"
    )
    said = cdi("show", record_id[:10]).output
    assert '{"No":"2","Born":"1981-01-31"}' in said
    assert "contract_version" in said
    assert "load_id" in said
    assert cdi("show", "nothing").exit_code == 1


def test_a_replay_after_the_mapping_was_mended_loads_the_record_once(
    guests: None, mapped: Callable[..., None], query: Query, tmp_path: Path
) -> None:
    (tmp_path / "guests.csv").unlink()  # the record alone is enough
    assert cdi("replay", "files").exit_code == 1
    mapped("%Y-%m-%d")
    first = cdi("replay", "files")
    assert "1 of 2 replayed; 1 still break their contract" in first.output
    assert first.exit_code == 1
    cdi("replay", "files")
    assert query("select record_id, birth_date, line from raw_files.customers order by 1") == [
        ("guests:1", "1980-01-31", 2),
        ("guests:2", "1981-01-31", 3),
    ]
    assert query("select rule, status from raw_files.quarantine order by rule") == [
        ("invalid_date", "replayed"),
        ("wrong_number_of_fields", "waiting"),
    ]


def test_a_row_with_the_key_of_another_does_not_take_its_place(
    mapped: Callable[..., None], loaded: Loaded, query: Query, tmp_path: Path
) -> None:
    mapped("%d.%m.%Y")
    (tmp_path / "guests.csv").write_text(
        "No,Born,Mail\n1,31.01.1980,ann@example.com\n1,31.01.1981,ben@example.com\n"
    )
    loaded("files")
    assert "0 of 1 replayed" in cdi("replay", "files").output
    assert query("select birth_date from raw_files.customers") == [("1980-01-31",)]
    assert query("select rule, status from raw_files.quarantine") == [("duplicate_key", "waiting")]


def test_a_mended_file_settles_what_waited_of_it(
    guests: None, loaded: Loaded, query: Query, tmp_path: Path
) -> None:
    (tmp_path / "guests.csv").write_text(
        "No,Born,Mail\n1,31.01.1980,ann@example.com\n2,31.01.1981,\n3,01.02.1982,c@example.com\n"
    )
    loaded("files")
    assert query("select count(*) from raw_files.customers") == [(3,)]
    assert query("select distinct status from raw_files.quarantine") == [("replayed",)]
    assert "nothing is waiting" in cdi("list").output


def test_lines_of_events_are_replayed_by_the_contract_as_it_is_now(
    loaded: Loaded, query: Query, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    monkeypatch.setenv("SOURCES__SEGMENT_EVENTS__BUCKET_URL", str(bucket))
    (bucket / "calls.jsonl").write_text(
        '{"messageId": "1", "type": "track"}\n{"messageId": "2", "type": "chirp"}\n{"messageId": \n'
    )
    loaded("segment_events")
    query_of = helpers._calls_query
    monkeypatch.setattr(
        helpers,
        "_calls_query",
        lambda *arguments: query_of(*arguments).replace("'alias'", "'alias', 'chirp'"),
    )
    assert "1 of 1 replayed" in cdi("replay", "--rule", "unknown_type").output
    assert "0 of 1 replayed" in cdi("replay", "segment_events").output
    assert query("select message_id, type from raw_segment_events.events order by 1") == [
        ("1", "track"),
        ("2", "chirp"),
    ]
    assert query("select rule, status, line from raw_segment_events.quarantine order by 1") == [
        ("invalid_json", "waiting", 3),
        ("unknown_type", "replayed", 2),
    ]


def test_discarded_records_wait_no_longer_and_keep_the_reason(guests: None, query: Query) -> None:
    assert cdi("discard", "files", "--reason", "known").exit_code == 2, "say which"
    done = cdi("discard", "files", "--rule", "invalid_date", "--reason", "guest left")
    assert "1 discarded" in done.output
    assert query(
        "select resolution, resolved_at is not null from raw_files.quarantine "
        "where status = 'discarded'"
    ) == [("guest left", True)]
    assert "invalid_date" not in cdi("list").output
    assert "invalid_date" in cdi("list", "--all").output


def test_an_unknown_source_is_refused(guests: None) -> None:
    assert cdi("list", "filess").exit_code == 2


def test_without_a_warehouse_nothing_waits() -> None:
    assert not Path(os.environ["CDI_WAREHOUSE"]).exists()
    assert "nothing is waiting" in cdi("list").output


def test_every_load_ends_reconciled(guests: None, query: Query) -> None:
    rows: Any = query(
        "select records_received - records_loaded - records_quarantined - identical_redeliveries "
        "from raw_loads.load_counts"
    )
    assert {difference for (difference,) in rows} == {0}
