"""A lake of Parquet files: what a commit names is all there is, and nobody overwrites another."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from typer.testing import Result

from ingestion import keys, lake, landing, mirror, pipeline, settings, storage
from ingestion.contracts import RawTable
from ingestion.lake import Lake, Manifest
from ingestion.settings import StorageError
from tests.faults.conftest import Company, contents, run

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

Cdi = Callable[..., Result]


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Two file sources, whose raw records go to a lake beside the warehouse."""
    company = Company(tmp_path)
    for variable, value in company.settings(settings.warehouse(), "lake").items():
        monkeypatch.setenv(variable, value)
    company.deliver(1)
    return company


def loaded(*sources: str) -> dict[str, int]:
    """Loads sources; rows written by table."""
    rows: dict[str, int] = {}
    for source in sources or ("files", "segment_events"):
        result = pipeline.load(source)
        assert result.error is None, result.error
        rows |= result.rows
    return rows


def load_elsewhere(environment: dict[str, str]) -> None:
    """Loads in a process of its own, as another machine would."""
    os.environ.update(environment)
    from ingestion import pipeline as theirs

    assert theirs.load("files").error is None


def held() -> dict[str, list[tuple]]:
    """All rows of all tables, as `tests.faults.conftest.contents`, of a lake at any place."""
    found = {}
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        for name, table in Lake(settings.lake()).manifest().tables.items():
            columns = [column for column in table.columns if not column.startswith("_dlt")]
            listed = ", ".join(f'"{column}"' for column in columns)
            found[name] = connection.execute(f"select {listed} from {name} order by all").fetchall()
    return found


def of_customers(manifest: Manifest) -> list[lake.DataFile]:
    return [*manifest.tables["raw_files.customers"].files]


def the_lake() -> Lake:
    chosen = lake.chosen()
    assert chosen is not None
    return chosen


def test_the_warehouse_file_can_be_removed_at_any_time(company: Company, cdi: Cdi) -> None:
    assert loaded()["customers"] == 300
    before = contents(settings.warehouse())
    assert before["raw_files.quarantine"], "nothing was set aside"
    settings.warehouse().unlink()

    told = cdi("storage", "refresh")

    assert told.exit_code == 0, told.output
    assert contents(settings.warehouse()) == before
    assert loaded() == {}
    settings.warehouse().unlink()
    company.deliver(2)
    assert loaded()["customers"] == 300


def test_raw_records_are_in_the_lake_alone(company: Company) -> None:
    loaded()
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        ((kind,),) = connection.execute(
            "select table_type from information_schema.tables "
            "where table_schema = 'raw_files' and table_name = 'customers'"
        ).fetchall()
    assert kind == "VIEW"
    assert b"p7.1@example.com" not in settings.warehouse().read_bytes()
    folder = Path(settings.lake(), "raw_files", "customers")
    assert [place.name.split("=")[0] for place in folder.iterdir()] == ["load_id"]


def test_the_latest_version_holds_whatever_the_clocks_say(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("files")
    company.deliver(2)
    of_load = landing._Table._insert

    def long_ago(self: Any, *given: Any, **more: Any) -> int:
        self._load_id = "86400.0"
        return of_load(self, *given, **more)

    monkeypatch.setattr(landing._Table, "_insert", long_ago)
    loaded("files")

    rows = contents(settings.warehouse())["raw_files.customers"]
    (told,) = (str(row) for row in rows if "p50." in str(row))
    assert "p50.2@example.com" in told
    assert any("load_id=86400.0" in file.path for file in of_customers(the_lake().manifest()))


def test_only_what_a_manifest_names_is_read(company: Company) -> None:
    loaded()
    before = contents(settings.warehouse(), "raw_loads.load_counts")
    file = of_customers(the_lake().manifest())[0]
    whole = Path(settings.lake(), file.path)
    stray = whole.with_name("stray.parquet")
    stray.write_bytes(whole.read_bytes()[: file.bytes // 2])
    # Of somebody who was killed before the last commit, not of one who is at work.
    os.utime(stray, (0, 0))
    unfinished = Path(settings.lake(), "_manifests", ".unfinished")
    unfinished.write_text('{"format": 1, "tab')
    settings.warehouse().unlink()

    assert loaded() == {}
    assert contents(settings.warehouse(), "raw_loads.load_counts") == before
    assert str(stray.relative_to(settings.lake())) in the_lake().sweep()
    assert set(the_lake().sizes()) == the_lake().manifest().paths


@pytest.mark.parametrize("harm", ["half", "gone"])
def test_a_file_that_is_not_whole_is_told_and_nothing_is_written(
    company: Company, cdi: Cdi, harm: str
) -> None:
    loaded()
    file = of_customers(the_lake().manifest())[0]
    place = Path(settings.lake(), file.path)
    if harm == "half":
        place.write_bytes(place.read_bytes()[: file.bytes // 2])
    else:
        place.unlink()
    number = the_lake().manifest().number
    company.deliver(2)

    result = cdi("load", "files")

    assert isinstance(result.exception, StorageError)
    said = str(result.exception)
    assert file.path in said
    assert ("is missing" if harm == "gone" else f"of {file.bytes:,}") in said
    assert "restore it" in said
    assert the_lake().manifest().number == number


def test_a_manifest_that_cannot_be_read_is_told(company: Company, cdi: Cdi) -> None:
    loaded()
    last = max(Path(settings.lake(), "_manifests").glob("*.json"))
    for text in ('{"format": 1, "tables": {"a": {}}}', '{"format": 9}', "{"):
        last.write_text(text)
        result = cdi("storage", "status")
        assert isinstance(result.exception, StorageError)
        assert last.name in str(result.exception)


def test_a_manifest_says_what_it_was_given(company: Company) -> None:
    loaded()
    manifest = the_lake().manifest()
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert json.loads(manifest.to_json())["format"] == lake.FORMAT


def test_files_of_one_table_may_differ_in_their_columns(tmp_path: Path) -> None:
    place = Lake(str(tmp_path / "lake"))
    raw = RawTable(name="guests", key=("id",))
    with duckdb.connect() as connection:
        for number, (columns, row) in enumerate(
            [
                ({"id": "VARCHAR", "age": "BIGINT"}, "select 'a' as id, 30 as age"),
                ({"id": "VARCHAR", "name": "VARCHAR"}, "select 'b' as id, 'Bo' as name"),
                ({"id": "VARCHAR", "age": "BIGINT"}, "select 'c' as id, '41' as age"),
            ]
        ):
            commit = place.begin("test")
            commit.declare("raw_inn.guests", raw, columns)
            commit.add(connection, "raw_inn.guests", row, f"load_id={number}", columns=[*columns])
            commit.put()
        sql = lake.latest(place, place.manifest().tables["raw_inn.guests"])
        assert sorted(connection.execute(sql).fetchall()) == [
            ("a", 30, None), ("b", None, "Bo"), ("c", 41, None)
        ]  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [RawTable(name="guests", key=("id", "bed")), RawTable(name="guests", write="replace")],
    ids=["key", "write"],
)
def test_by_another_key_the_versions_there_are_are_not_read(
    tmp_path: Path, changed: RawTable
) -> None:
    place = Lake(str(tmp_path / "lake"))
    name, columns = "raw_inn.guests", {"id": "VARCHAR", "bed": "VARCHAR"}

    def add(connection: duckdb.DuckDBPyConnection, raw: RawTable, sql: str, **more: bool) -> None:
        commit = place.begin("test")
        commit.declare(name, raw, columns)
        commit.add(connection, name, sql, "load_id=1", columns=[*columns], **more)
        commit.put()

    def rows(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
        return sorted(
            connection.execute(lake.latest(place, place.manifest().tables[name])).fetchall()
        )

    first = RawTable(name="guests", key=("id",))
    with duckdb.connect() as connection:
        add(connection, first, "select 'a' as id, '1' as bed")
        add(connection, first, "select 'a' as id, '2' as bed", supersedes=True)
        with pytest.raises(StorageError, match="cdi storage compact --keep-days 0"):
            place.begin("test").declare(name, changed, columns)
        commit = place.begin("cdi storage compact")
        commit.set_files(name, commit.tables[name].files[1:])
        commit.put()
        add(connection, changed, "select 'a' as id, '3' as bed")
        both = [("a", "2"), ("a", "3")]
        assert rows(connection) == (both[1:] if changed.write == "replace" else both)


def test_a_writer_that_was_overtaken_writes_nothing_and_goes_again(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded("files")
    company.deliver(2)
    other = dict(company.settings(tmp_path / "other.duckdb", "lake"))
    other["CDI_LAKE"] = settings.lake()
    land = pipeline.land

    def overtaken(*given: Any, **more: Any) -> Any:
        assert run(load_elsewhere, other) == 0
        return land(*given, **more)

    monkeypatch.setattr(pipeline, "land", overtaken)
    with pytest.raises(lake.OvertakenError, match="run this again"):
        pipeline.load("files")
    monkeypatch.setattr(pipeline, "land", land)
    manifest = the_lake().manifest()
    assert set(the_lake().sizes()) == manifest.paths | set(manifest.dropped)

    assert loaded("files") == {}
    # One load more is counted, which found nothing new.
    there = contents(tmp_path / "other.duckdb", "raw_loads.load_counts")
    assert contents(settings.warehouse(), "raw_loads.load_counts") == there
    counted = contents(settings.warehouse())["raw_loads.load_counts"]
    assert sum("customers" in row for row in counted) == 3


def test_two_commits_of_one_number_are_one(tmp_path: Path) -> None:
    place = Lake(str(tmp_path / "lake"))
    raw = RawTable(name="guests", key=("id",))
    first, second = place.begin("first"), place.begin("second")
    with duckdb.connect() as connection:
        for commit in (first, second):
            commit.declare("raw_inn.guests", raw, {"id": "VARCHAR"})
            commit.add(
                connection, "raw_inn.guests", "select 'a' as id", "load_id=1", columns=["id"]
            )
    first.put()
    with pytest.raises(lake.OvertakenError):
        second.put()
    assert set(place.sizes()) == place.manifest().paths
    assert place.manifest().by == "first"


def test_what_only_this_machine_has_is_not_lost_by_following_another(
    company: Company, cdi: Cdi, tmp_path: Path
) -> None:
    loaded("files")
    other = dict(company.settings(tmp_path / "other.duckdb", "lake"))
    other["CDI_LAKE"] = settings.lake()
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("update raw_files.quarantine set status = 'discarded'")
    company.deliver(2)
    assert run(load_elsewhere, other) == 0

    refused = cdi("load", "files")
    assert isinstance(refused.exception, StorageError)
    assert "raw_files.quarantine" in str(refused.exception)
    assert "--discard" in str(refused.exception)
    assert cdi("storage", "refresh", "--discard").exit_code == 0
    assert contents(settings.warehouse()) == contents(tmp_path / "other.duckdb")


def test_what_the_lake_has_not_goes_there_or_is_given_up(company: Company, cdi: Cdi) -> None:
    loaded("files")
    before = contents(settings.warehouse())["raw_files.quarantine"]

    def discard_all() -> None:
        with duckdb.connect(str(settings.warehouse())) as connection:
            connection.execute("update raw_files.quarantine set status = 'discarded'")

    discard_all()
    assert cdi("storage", "refresh", "--discard").exit_code == 0
    assert contents(settings.warehouse())["raw_files.quarantine"] == before
    discard_all()
    assert cdi("storage", "refresh").exit_code == 0
    settings.warehouse().unlink()
    assert cdi("storage", "refresh").exit_code == 0
    assert contents(settings.warehouse())["raw_files.quarantine"] != before


def test_what_a_command_writes_goes_to_the_lake_when_it_ends(company: Company, cdi: Cdi) -> None:
    loaded("files")
    rule = ("--rule", "wrong_number_of_fields")
    assert cdi("quarantine", "discard", "files", "--reason", "of no use", *rule).exit_code == 0
    discarded = contents(settings.warehouse())["raw_files.quarantine"]
    assert any("discarded" in row for row in discarded)
    settings.warehouse().unlink()
    mirror.follow()
    assert contents(settings.warehouse())["raw_files.quarantine"] == discarded


def test_files_a_commit_no_longer_names_stay_for_one_more(company: Company) -> None:
    loaded("files")
    first = the_lake().manifest()
    company.deliver(2)
    loaded("files")
    second = the_lake().manifest()
    dropped = first.paths - second.paths
    assert dropped == set(second.dropped)
    assert dropped <= set(the_lake().sizes())
    company.deliver(3)
    loaded("files")
    assert not dropped & set(the_lake().sizes())


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"CDI_STORAGE": "attic"}, "warehouse, lake, hybrid"),
        ({"CDI_ENCRYPTION_KEY": "First-key-0123456789-abcdefghijklm"}, "not encrypted by it"),
        ({"CDI_LAKE": "nowhere://kept/lake"}, "nowhere"),
    ],
)
def test_what_is_set_and_cannot_be_is_told(
    company: Company, cdi: Cdi, monkeypatch: pytest.MonkeyPatch, variables: dict, said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = cdi("load", "files")
    assert isinstance(result.exception, StorageError), result.output
    assert said in str(result.exception)


def test_another_storage_than_data_is_in_is_refused(
    company: Company, cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("files")
    for other in ("warehouse", "hybrid"):
        monkeypatch.setenv("CDI_STORAGE", other)
        result = cdi("load", "files")
        assert isinstance(result.exception, StorageError)
        assert "cdi storage migrate" in str(result.exception)
    monkeypatch.setenv("CDI_STORAGE", "lake")
    monkeypatch.setenv("CDI_LAKE", f"{settings.lake()}-another")
    result = cdi("load", "files")
    assert isinstance(result.exception, StorageError)
    assert "check CDI_LAKE" in str(result.exception)


def test_a_lake_that_was_moved_is_followed(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded()
    before = contents(settings.warehouse())
    shutil.move(settings.lake(), f"{settings.lake()}-moved")
    monkeypatch.setenv("CDI_LAKE", f"{settings.lake()}-moved")
    assert loaded() == {}
    assert contents(settings.warehouse(), "raw_loads.load_counts") == {
        name: rows for name, rows in before.items() if name != "raw_loads.load_counts"
    }


def test_without_the_key_of_tombstones_nothing_is_loaded(company: Company, cdi: Cdi) -> None:
    loaded("files")
    cdi("privacy", "requests")
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute(
            "create schema if not exists raw_privacy; create table if not exists "
            "raw_privacy.tombstones (tombstone varchar, kind varchar, request_id varchar, "
            "erased_at timestamp);"
            "insert into raw_privacy.tombstones values (repeat('0', 64), 'record', 'r', now())"
        )
    keys.key_file().unlink(missing_ok=True)
    company.deliver(2)
    result = cdi("load", "files")
    assert isinstance(result.exception, keys.UnusableKeyError)
    assert not keys.key_file().exists()


def test_an_s3_bucket_is_a_lake_like_any_other(
    company: Company, bucket: str, cdi: Cdi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loaded()["customers"] == 300
    company.deliver(2)
    loaded()
    before = held()
    manifest = the_lake().manifest()
    assert set(the_lake().sizes()) >= manifest.paths
    settings.warehouse().unlink()
    assert cdi("storage", "refresh").exit_code == 0
    assert held() == before

    overtaken = the_lake().begin("slow")
    company.deliver(3)
    loaded()
    with pytest.raises(lake.OvertakenError):
        overtaken.put()
    done = cdi("storage", "compact", "--keep-days", "0")
    assert done.exit_code == 0, done.output
    of_compacted = held()
    assert len(of_customers(the_lake().manifest())) == 1

    monkeypatch.setenv("CDI_LAKE", str(tmp_path / "local"))
    monkeypatch.setenv("CDI_WAREHOUSE", str(tmp_path / "local.duckdb"))
    monkeypatch.setenv("CDI_STORAGE", "hybrid")
    loaded()
    here = contents(settings.warehouse())
    there = {name: len(rows) for name, rows in of_compacted.items() if name in here}
    assert there["raw_files.customers"] == len(here["raw_files.customers"]) == 302


def test_a_bucket_out_of_reach_is_told_and_nothing_is_written(
    company: Company, bucket: str, cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded()
    before = settings.warehouse().read_bytes()
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    company.deliver(2)

    result = cdi("load", "files")

    assert isinstance(result.exception, StorageError)
    assert "cannot be reached" in str(result.exception)
    assert bucket in str(result.exception)
    assert settings.warehouse().read_bytes() == before


def test_a_bucket_that_does_not_exist_is_told(
    company: Company, bucket: str, cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDI_LAKE", "s3://never-made/lake")
    result = cdi("load", "files")
    assert isinstance(result.exception, StorageError), result.output or result.exception
    assert "s3://never-made/lake cannot be written" in str(result.exception)
    assert "its bucket exists" in str(result.exception)


@pytest.mark.parametrize("command", [("load", "files"), ("storage", "status")])
def test_a_password_in_the_lakes_address_is_refused_and_not_repeated(
    company: Company, cdi: Cdi, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CDI_LAKE", "sftp://loader:let-me-in@lake.example/customers")
    result = cdi(*command)
    assert isinstance(result.exception, StorageError), result.output or result.exception
    assert "there is a password in CDI_LAKE" in str(result.exception)
    assert "let-me-in" not in f"{result.output} {result.exception}"


def test_a_bucket_that_is_lost_while_files_are_written_is_told(
    company: Company,
    bucket: str,
    server: ThreadedMotoServer,
    cdi: Cdi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded()
    company.deliver(2)
    make_room = Lake.make_room

    def lost(self: Lake, path: str) -> None:
        server.stop()
        make_room(self, path)

    monkeypatch.setattr(Lake, "make_room", lost)
    rule = ("--rule", "wrong_number_of_fields")
    result = cdi("quarantine", "discard", "files", "--reason", "of no use", *rule)
    assert isinstance(result.exception, StorageError), result.output or result.exception
    assert "cannot be reached" in str(result.exception)


def test_a_commit_whose_answer_was_lost_is_in_force(
    company: Company, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded()
    company.deliver(2)
    files = the_lake()._fs
    put = files.pipe_file

    def asked_twice(path: str, *given: Any, **more: Any) -> None:
        put(path, *given, **more)
        put(path, *given, **more)

    def unanswered(path: str, *given: Any, **more: Any) -> None:
        put(path, *given, **more)
        raise TimeoutError

    monkeypatch.setattr(files, "pipe_file", asked_twice)
    assert loaded()["customers"] == 300
    company.deliver(3)
    monkeypatch.setattr(files, "pipe_file", unanswered)
    with pytest.raises(StorageError, match=r"cannot be reached.*whether this was written"):
        pipeline.load("files")
    monkeypatch.setattr(files, "pipe_file", put)

    assert loaded() == {"events": 500}
    the_lake().check(the_lake().manifest())
    assert len(held()["raw_files.customers"]) == 302


def test_what_cannot_be_removed_does_not_undo_a_commit(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("files")
    company.deliver(2)
    loaded("files")
    company.deliver(3)

    def unreachable(self: Lake, paths: Any) -> None:
        raise StorageError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "remove", unreachable)
        loaded("files")
    the_lake().check(the_lake().manifest())
    assert len(contents(settings.warehouse())["raw_files.customers"]) == 302
