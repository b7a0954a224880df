"""From one storage to another: everything is there, as it was, or nothing has changed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import Result

from ingestion import lake, pipeline, settings
from ingestion.lake import Lake
from ingestion.settings import StorageError
from scripts.privacy import erase
from scripts.storage import compact, migrate
from scripts.storage.copies import contents
from tests.faults.conftest import Company, die, run
from tests.faults.conftest import contents as rows_of

Cdi = Callable[..., Result]
CHAIN = ("hybrid", "lake", "hybrid", "warehouse", "lake", "warehouse")


def load(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    load_here()


def load_here() -> None:
    for source in ("files", "segment_events"):
        assert pipeline.load(source).error is None


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A warehouse of two days, with a table of marts, a growing one, a view and dbt's manifest."""
    company = Company(tmp_path_factory.mktemp("company"))
    warehouse = company.folder / "warehouse.duckdb"
    for day in (1, 2):
        company.deliver(day)
        assert run(load, company.settings(warehouse)) == 0
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create schema marts; create schema intermediate; create schema staging;"
            "create table marts.people (person_id varchar not null, seen_on date, share double, "
            "paid decimal(18, 2) check (paid >= 0));"
            "insert into marts.people select 'p' || i, date '2026-01-01' + i::int, i / 7, i * 1.5 "
            "from range(500) as numbers (i);"
            "create table intermediate.int_growing as from range(40) as numbers (i);"
            "create table intermediate.int_passing as from range(50) as numbers (i);"
            "create view staging.stg_customers as select * from raw_files.customers;"
            "create view staging.again as select * from staging.stg_customers"
        )
    target = company.folder / "target"
    target.mkdir()
    (target / "manifest.json").write_text(
        '{"nodes": {"model.cdi.int_growing": {"resource_type": "model", "schema": "intermediate",'
        ' "alias": "int_growing", "config": {"materialized": "incremental"}}}}'
    )
    return company


@pytest.fixture
def company(built: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """It, for a test to change."""
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(built.folder / "warehouse.duckdb", warehouse)
    for variable, value in built.settings(warehouse).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("DBT_TARGET_PATH", str(built.folder / "target"))
    return built


@pytest.fixture
def moved(cdi: Cdi, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Sets a storage and migrates to it; what was said."""

    def to(target: str) -> str:
        monkeypatch.setenv("CDI_STORAGE", target)
        done = cdi("storage", "migrate")
        assert done.exit_code == 0, done.output or done.exception
        return done.output

    return to


def hashes() -> dict[str, object]:
    """What is in the warehouse file, by hashes, definitions of tables and views included."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.warehouse()}' as held (read_only)")
        return contents(connection, "held")


def test_there_and_back_again_everything_is_as_it_was(
    company: Company, moved: Callable[[str], str], cdi: Cdi
) -> None:
    before, rows = hashes(), rows_of(settings.warehouse())
    assert len(rows["raw_files.customers"]) == 301
    for target in CHAIN:
        told = moved(target)
        assert f" to {target}: " in told
        assert rows_of(settings.warehouse()) == rows, target
        assert len(migrate.left()) >= 1
        if target == "warehouse":
            assert hashes() == before
            assert cdi("storage", "forget", "--for-good").exit_code == 0
            assert not Lake(settings.lake()).manifest().number
            assert not settings.left_behind().exists()
            assert not [*Path(settings.lake()).rglob("*.parquet")]
    assert migrate.in_place() == "warehouse"


def test_into_a_bucket_and_back_everything_is_as_it_was(
    company: Company, bucket: str, moved: Callable[[str], str], cdi: Cdi
) -> None:
    before = hashes()
    for target in ("hybrid", "lake", "warehouse"):
        assert f" to {target}: " in moved(target)
        if target == "warehouse":
            assert hashes() == before
        else:
            files = Lake(bucket).manifest().tables["raw_files.customers"].files
            assert sum(file.rows for file in files) == 301
            assert not [*settings.warehouse().parent.rglob("*.parquet")]
    assert cdi("storage", "forget", "--for-good").exit_code == 0
    assert not Lake(bucket).sizes()


def test_in_a_lake_are_the_marts_and_what_grows_and_the_file_comes_back(
    company: Company, moved: Callable[[str], str], cdi: Cdi
) -> None:
    rows, tables = rows_of(settings.warehouse()), hashes()["tables"]
    moved("lake")
    kept = {
        name for name, table in Lake(settings.lake()).manifest().tables.items()
        if table.kind == "kept" and not name.startswith("raw_")
    }  # fmt: skip
    assert kept == {"marts.people", "intermediate.int_growing"}
    settings.warehouse().unlink()
    assert cdi("storage", "refresh").exit_code == 0
    found = rows_of(settings.warehouse())
    assert found.pop("marts.people") == rows["marts.people"]
    assert {name for name in rows if name not in found} == {
        "marts.people", "intermediate.int_passing", "staging.stg_customers", "staging.again"
    }  # fmt: skip
    assert found == {name: rows[name] for name in found}
    # Its constraints, too, which a later build's rows are held to.
    (ddl,) = (sql for (sql,) in tables if "marts.people" in sql)  # type: ignore[attr-defined]
    assert (ddl,) in hashes()["tables"]  # type: ignore[operator]


def test_a_copy_that_is_not_the_same_changes_nothing(
    company: Company, cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hashes()
    add = lake.Commit.add

    def losing(self: Any, connection: Any, name: str, sql: str, *given: Any, **more: Any) -> int:
        if name == "raw_files.customers":
            sql = f"{sql} limit 300"
        return add(self, connection, name, sql, *given, **more)

    monkeypatch.setattr(lake.Commit, "add", losing)
    monkeypatch.setenv("CDI_STORAGE", "hybrid")
    refused = cdi("storage", "migrate")
    assert refused.exit_code == 1
    assert "raw_files.customers" in refused.output
    assert "301 rows, 300" in refused.output
    assert hashes() == before
    assert not Lake(settings.lake()).sizes()
    assert not settings.left_behind().exists()
    monkeypatch.undo()


def migrating(environment: dict[str, str], owner: str, step: str, when: str) -> None:
    """Migrates, and dies before or after the last call of a step."""
    os.environ.update(environment)
    from ingestion.lake import Lake as Place
    from scripts.storage import migrate as module

    place: Any = Path if owner == "Path" else Place
    method = getattr(place, step)

    def dying(self: Any, *given: Any, **more: Any) -> Any:
        is_it = owner == "Lake" or "warehouse.duckdb" in (self.name, Path(*given).name)
        if is_it and when == "before":
            die()
        result = method(self, *given, **more)
        if is_it:
            die()
        return result

    setattr(place, step, dying)
    module.migrate(lambda step: None)


@pytest.mark.parametrize("target", ["hybrid", "lake"])
@pytest.mark.parametrize(
    ("owner", "step", "when"),
    [
        ("Lake", "put_manifest", "before"),
        ("Lake", "put_manifest", "after"),
        ("Path", "replace", "before"),
        ("Path", "replace", "after"),
    ],
)
def test_killed_at_a_moment_it_is_one_or_the_other(
    company: Company, cdi: Cdi, monkeypatch: pytest.MonkeyPatch,
    target: str, owner: str, step: str, when: str,
) -> None:  # fmt: skip
    rows = rows_of(settings.warehouse())
    environment = company.settings(settings.warehouse(), target)
    environment["DBT_TARGET_PATH"] = str(settings.dbt_target())
    assert run(migrating, environment, owner, step, when) == -signal.SIGKILL

    if (owner, step, when) == ("Lake", "put_manifest", "after"):
        # It is in force, whatever is set by whoever comes next.
        assert isinstance(cdi("load", "files").exception, StorageError)
        assert migrate.in_place() == target
    monkeypatch.setenv("CDI_STORAGE", target)
    done = cdi("storage", "migrate")
    if "already" in done.output:
        assert migrate.in_place() == target
    else:
        assert done.exit_code == 0, done.output
    assert rows_of(settings.warehouse()) == rows
    load_here()
    assert rows_of(settings.warehouse(), "raw_loads.load_counts") == {
        name: listed for name, listed in rows.items() if name != "raw_loads.load_counts"
    }


def test_what_cannot_be_moved_is_told(
    company: Company, moved: Callable[[str], str], cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "already" in cdi("storage", "migrate").output
    moved("hybrid")
    moved("warehouse")
    monkeypatch.setenv("CDI_STORAGE", "lake")
    again = cdi("storage", "migrate")
    assert again.exit_code == 1
    assert "something in the lake" in again.output.replace("\n", " ")
    monkeypatch.setenv("CDI_STORAGE", "warehouse")
    assert "would be removed" in cdi("storage", "forget").output
    assert len(migrate.left()) == 2
    monkeypatch.setenv("CDI_WAREHOUSE", str(settings.warehouse().with_name("none.duckdb")))
    assert cdi("storage", "migrate").exit_code == 1


def test_a_lake_in_use_is_not_what_was_left_whatever_it_is_called(
    company: Company, moved: Callable[[str], str], cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for storage in ("hybrid", "lake", "hybrid"):
        moved(storage)
    before, called = hashes(), Path(settings.lake())
    called.rename(called.with_name("elsewhere"))
    called.symlink_to(called.with_name("elsewhere"))
    monkeypatch.setenv("CDI_LAKE", str(called.with_name("elsewhere")))
    done = cdi("storage", "forget", "--for-good")
    assert done.exit_code == 0, done.output or done.exception
    Lake(settings.lake()).check(Lake(settings.lake()).manifest())
    rows = {name: told for name, told in hashes().items() if name.startswith("raw_files")}
    assert rows == {name: told for name, told in before.items() if name.startswith("raw_files")}


def test_nobody_is_erased_while_a_copy_of_everybody_is_left(
    company: Company, moved: Callable[[str], str], cdi: Cdi
) -> None:
    moved("hybrid")

    def nobody(*_: Any) -> Any:
        raise AssertionError("it began")

    with pytest.raises(StorageError, match="cdi storage forget"):
        erase.rewrite("test", nobody, nobody, nobody, nobody)
    assert cdi("storage", "forget", "--for-good").exit_code == 0
    with pytest.raises(AssertionError, match="it began"):
        erase.rewrite("test", nobody, nobody, nobody, nobody)


@pytest.mark.parametrize("storage", ["hybrid", "lake"])
def test_small_files_become_one_and_old_versions_go_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, storage: str
) -> None:
    company = Company(tmp_path)
    for variable, value in company.settings(settings.warehouse(), storage).items():
        monkeypatch.setenv(variable, value)
    for day in (1, 2, 3):
        company.deliver(day)
        load_here()
    rows = rows_of(settings.warehouse())
    table = Lake(settings.lake()).manifest().tables["raw_files.customers"]
    assert len(table.files) == 3
    many = sum(file.rows for file in table.files)
    latest = len(rows["raw_files.customers"])
    assert many > latest == 302

    done = compact.compact(keep_days=30)
    assert done.files[1] < done.files[0]
    assert done.versions[1] == done.versions[0] >= many - latest
    assert rows_of(settings.warehouse()) == rows
    table = Lake(settings.lake()).manifest().tables["raw_files.customers"]
    assert [file.is_past for file in table.files] == [True, False]
    assert sum(file.rows for file in table.files) == many

    assert compact.compact(keep_days=30).files == (done.files[1], done.files[1])
    done = compact.compact(keep_days=0)
    assert done.versions[1] == 0
    assert rows_of(settings.warehouse()) == rows
    manifest = Lake(settings.lake()).manifest()
    assert sum(file.rows for file in manifest.tables["raw_files.customers"].files) == latest
    # Somebody may still read them; with the next commit they go.
    assert set(Lake(settings.lake()).sizes()) == manifest.paths | set(manifest.dropped)
    assert manifest.dropped
    company.deliver(4)
    load_here()
    assert not set(manifest.dropped) & set(Lake(settings.lake()).sizes())
    assert len(rows_of(settings.warehouse())["raw_files.customers"]) == 303


def test_a_warehouse_becomes_as_small_as_what_is_in_it(company: Company, cdi: Cdi) -> None:
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute(
            "create table marts.much as select uuid() as x from range(1000000); checkpoint;"
            "create table marts.last as select uuid() as x from range(100000); checkpoint;"
            "drop table marts.much"
        )
    before, size = hashes(), settings.warehouse().stat().st_size
    done = cdi("storage", "compact")
    assert done.exit_code == 0, done.output
    assert settings.warehouse().stat().st_size < size / 2
    assert hashes() == before
