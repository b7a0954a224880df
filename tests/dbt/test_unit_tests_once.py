"""`cdi build` runs unit tests where the code is not as it was when they last passed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion import mirror, pipeline, settings
from scripts import build as building

Build = Callable[..., bool]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Builds a project of a model, with dbt held off, and tells whether unit tests were to run."""
    (tmp_path / "dbt_project" / "models").mkdir(parents=True)
    (tmp_path / "target").mkdir()
    for file in ("dbt_project.yml", "profiles.yml", "dbt_project/models/one.sql"):
        (tmp_path / file).write_text("as it was")
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("create schema governance")
        connection.execute(
            "create table governance.current_checks as "
            "select 'unit_test' as check_name, 'pass' as status"
        )
    given: list[str] = []

    def dbt(command: str, *arguments: str) -> int:
        given[:] = [command, *arguments]
        duckdb.connect(str(settings.warehouse())).close()
        results = {
            "args": {"which": command, "select": [word for word in arguments if word == "one"]},
            "metadata": {"generated_at": "2026-01-01T00:00:00Z"},
            "results": [],
        }
        (tmp_path / "target" / "run_results.json").write_text(json.dumps(results))
        return code

    code = 0
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setattr(pipeline, "declare_everything", lambda: None)
    monkeypatch.setattr(building, "dbt", dbt)
    monkeypatch.setattr(building, "lasting_models", lambda _: [])
    monkeypatch.setattr(mirror, "save", lambda *_: None)
    monkeypatch.setattr(building, "publish", settings.published)
    monkeypatch.setattr(building, "look", lambda: None)

    def run(*arguments: str, ends_with: int = 0) -> bool:
        nonlocal code
        code = ends_with
        assert building.build(arguments) == ends_with
        assert tuple(given[: 1 + len(arguments)]) == ("build", *arguments)
        left_out = tuple(given[1 + len(arguments) :])
        assert left_out in ((), building.WITHOUT_UNIT_TESTS)
        return not left_out

    return run


def test_they_are_not_run_again_with_the_same_code(build: Build) -> None:
    assert build()
    assert not build()
    assert not build("--quiet")
    assert not build("--full-refresh")


@pytest.mark.parametrize("file", ["dbt_project.yml", "profiles.yml", "dbt_project/models/one.sql"])
def test_a_change_of_the_code_has_them_run_until_they_pass(build: Build, file: str) -> None:
    assert build()
    (settings.PROJECT / file).write_text("as it is now")
    assert build(ends_with=1)
    assert build()
    assert not build()


def test_another_file_or_a_file_elsewhere_is_a_change(build: Build) -> None:
    assert build()
    models = settings.PROJECT / "dbt_project" / "models"
    (models / "two.sql").write_text("")
    assert build()
    (models / "two.sql").rename(models / "three.sql")
    assert build()
    assert not build()


def test_another_way_to_build_has_them_run(build: Build) -> None:
    assert build()
    assert build("--vars", "{default_country: DE}")
    assert build()


def test_a_build_of_a_part_runs_its_own_and_is_not_remembered(build: Build) -> None:
    assert build()
    assert build("--select", "one")
    assert build("--select", "one")
    assert not build()


@pytest.mark.parametrize("status", ["fail", "error"])
def test_one_that_failed_since_has_them_run(build: Build, status: str) -> None:
    assert build()
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute(
            f"insert into governance.current_checks values ('unit_test', '{status}')"
        )
    assert build()


def test_what_builds_nothing_needs_no_target(build: Build) -> None:
    for file in (settings.PROJECT / "target").iterdir():
        file.unlink()
    assert build("--help")
    assert not (settings.PROJECT / "target" / "unit_tests_passed").exists()


def test_a_warehouse_that_knows_of_none_has_them_run(build: Build) -> None:
    assert build()
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("delete from governance.current_checks")
    assert build()
    settings.warehouse().unlink()
    assert build()
