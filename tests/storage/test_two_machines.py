"""Two machines on one lake: nobody overwrites another, and nothing of another's is taken away."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from typer.testing import Result

from ingestion import lake, mirror, pipeline, settings, storage
from ingestion.contracts import RawTable
from ingestion.lake import Lake, OvertakenError
from ingestion.lock import exclusive
from ingestion.settings import StorageError
from tests.faults.conftest import Company, contents, run

Cdi = Callable[..., Result]
GUESTS = RawTable(name="guests", key=("id",))


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Two file sources, loaded to a lake by a machine that is this process."""
    company = Company(tmp_path)
    for variable, value in company.settings(settings.warehouse(), "lake").items():
        monkeypatch.setenv(variable, value)
    company.deliver(1)
    assert pipeline.load("files").error is None
    company.deliver(2)
    return company


@pytest.fixture
def elsewhere(company: Company, tmp_path: Path) -> Callable[..., None]:
    """Does something on the other machine, which has a warehouse file of its own."""

    def done(what: Callable[..., None] = load) -> None:
        assert run(what, there(company, tmp_path)) == 0

    return done


def there(company: Company, folder: Path) -> dict[str, str]:
    return company.settings(folder / "other.duckdb") | {
        "CDI_STORAGE": settings.storage(),
        "CDI_LAKE": settings.lake(),
    }


def load(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    assert pipeline.load("files").error is None


def build(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    with building("their"):
        pass


def discard(environment: dict[str, str]) -> None:
    """Makes one commit, of what is set aside."""
    os.environ.update(environment)
    with exclusive("cdi quarantine discard"), storage.connect(settings.warehouse()) as connection:
        connection.execute("update raw_files.quarantine set status = 'discarded'")


def erase(environment: dict[str, str]) -> None:
    """Puts a commit that erases, as `cdi privacy erase` does with what it has written."""
    os.environ.update(environment)
    with exclusive("cdi privacy erase"):
        mirror.begun(the_lake(), "cdi privacy erase", mirror.pointer_of_file(), erases=True).put()


@contextmanager
def building(word: str) -> Iterator[None]:
    """What a build does: it writes a mart and a table of governance, and saves what it made."""
    with exclusive("cdi build"):
        with storage.connect(settings.warehouse()) as connection:
            connection.execute(
                "create schema if not exists marts; create schema if not exists governance;"
                f"create or replace table marts.people as select '{word}' as word;"
                f"create or replace table governance.checks as select '{word}' as word"
            )
        yield
        mirror.save("cdi build", ["marts.people", "governance.checks"])


def the_lake() -> Lake:
    chosen = lake.chosen()
    assert chosen is not None
    return chosen


def word_in(table: str) -> str:
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        ((word,),) = connection.execute(f"select word from {table}").fetchall()
    return str(word)


def customers() -> int:
    return len(contents(settings.warehouse())["raw_files.customers"])


def test_what_another_was_loading_meanwhile_is_not_swept_away(
    company: Company, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = lake.Commit.put

    def swept(self: lake.Commit) -> None:
        the_lake().sweep()
        put(self)

    monkeypatch.setattr(lake.Commit, "put", swept)
    assert pipeline.load("files").error is None
    the_lake().check(the_lake().manifest())
    assert customers() == 301


def test_what_who_was_killed_has_left_is_swept_away(
    company: Company, elsewhere: Callable[..., None]
) -> None:
    of_the_killed = the_lake().begin("killed")
    with duckdb.connect() as connection:
        of_the_killed.declare("raw_inn.guests", GUESTS, {"id": "VARCHAR"})
        sql = "select 'a' as id"
        of_the_killed.add(connection, "raw_inn.guests", sql, "load_id=1", columns=["id"])
    (left,) = of_the_killed.manifest().tables["raw_inn.guests"].files
    assert left.path not in the_lake().sweep()
    elsewhere()
    assert left.path in the_lake().sweep(keeps_dropped=True)
    assert set(the_lake().manifest().dropped) <= set(the_lake().sizes())
    assert set(the_lake().sweep()) == set(the_lake().manifest().dropped)
    assert set(the_lake().sizes()) == the_lake().manifest().paths


@pytest.mark.parametrize("was_put", [True, False])
def test_a_new_file_is_for_its_own_commit_and_not_for_anothers_of_its_number(
    company: Company, elsewhere: Callable[..., None], cdi: Cdi, *, was_put: bool
) -> None:
    with exclusive("cdi privacy erase"):
        mine = mirror.begun(the_lake(), "mine", mirror.pointer_of_file())
        new = settings.warehouse().with_name("new.duckdb")
        new.write_bytes(settings.warehouse().read_bytes())
        with storage.connect(new) as connection:
            connection.execute("create schema intermediate; create table intermediate.mine (i int)")
            mirror.follow_with(connection, mine)
    # Killed in `put_with_file`, before or after its commit was put.
    new.replace(mirror.replacement())
    if was_put:
        mine.put()
    elsewhere(discard)
    last = the_lake().manifest()
    assert last.number == mine.number + was_put

    done = cdi("storage", "refresh")

    assert done.exit_code == 0, done.output or done.exception
    assert not mirror.replacement().exists()
    assert the_lake().manifest() == last
    the_lake().check(last)
    assert ("intermediate.mine" in contents(settings.warehouse())) == was_put
    assert "discarded" in str(contents(settings.warehouse())["raw_files.quarantine"])


def test_a_commit_that_was_taken_back_and_made_anew_is_followed(
    company: Company, elsewhere: Callable[..., None], cdi: Cdi
) -> None:
    last = max(Path(settings.lake(), "_manifests").glob("*.json"))
    last.unlink()
    elsewhere()
    assert max(Path(settings.lake(), "_manifests").glob("*.json")) == last
    assert cdi("storage", "refresh").exit_code == 0
    assert customers() == 301


def test_another_lake_is_not_followed_however_long_it_is(
    company: Company, cdi: Cdi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine = settings.lake()
    other = company.settings(tmp_path / "other.duckdb", "lake")
    for day in (3, 4, 5):
        company.deliver(day)
        assert run(load, other) == 0
    monkeypatch.setenv("CDI_LAKE", other["CDI_LAKE"])
    result = cdi("load", "files")
    assert isinstance(result.exception, StorageError)
    assert "is another: check CDI_LAKE" in str(result.exception)
    monkeypatch.setenv("CDI_LAKE", mine)
    assert pipeline.load("files").error is None
    assert customers() == 304


def test_a_build_is_kept_though_another_loads_meanwhile(
    company: Company, elsewhere: Callable[..., None], cdi: Cdi
) -> None:
    with building("mine"):
        elsewhere()
    assert customers() == 301
    before = contents(settings.warehouse())
    settings.warehouse().unlink()
    assert cdi("storage", "refresh").exit_code == 0
    assert contents(settings.warehouse()) == before
    assert word_in("marts.people") == "mine"
    assert len(before["raw_loads.load_counts"]) == 4


def test_of_two_builds_one_is_kept_and_the_other_can_be_made_again(
    company: Company, elsewhere: Callable[..., None]
) -> None:
    with pytest.raises(OvertakenError, match="run this again"), building("mine"):
        elsewhere(build)
    assert word_in("marts.people") == "mine"
    assert pipeline.load("files").error is None
    assert word_in("marts.people") == word_in("governance.checks") == "their"
    with building("mine"):
        pass
    assert word_in("governance.checks") == "mine"


def test_what_was_decided_here_is_not_lost_when_another_loads_during_a_build(
    company: Company, elsewhere: Callable[..., None], cdi: Cdi
) -> None:
    with pytest.raises(OvertakenError), building("mine"):
        with duckdb.connect(str(settings.warehouse())) as connection:
            connection.execute("update raw_files.quarantine set status = 'discarded'")
        elsewhere()
    refused = cdi("load", "files")
    assert isinstance(refused.exception, StorageError)
    assert "raw_files.quarantine" in str(refused.exception)


def test_whom_another_erases_is_gone_here_with_the_next_command(
    company: Company, elsewhere: Callable[..., None], cdi: Cdi
) -> None:
    with building("mine"), storage.connect(settings.warehouse()) as connection:
        connection.execute(
            "create schema intermediate; create table intermediate.of_them as select 'Ann' as name"
        )
    settings.published().write_text("Ann")
    settings.shares().mkdir()
    (settings.shares() / "warehouse_agency.duckdb").write_text("Ann")
    elsewhere(erase)
    assert cdi("storage", "refresh").exit_code == 0
    assert not settings.published().exists()
    assert not settings.shares().exists()
    assert "intermediate.of_them" not in contents(settings.warehouse())
    assert word_in("marts.people") == "mine"
    settings.published().write_text("published again")
    elsewhere()
    assert cdi("storage", "refresh").exit_code == 0
    assert settings.published().exists()


def test_an_erasure_is_refused_where_another_committed_meanwhile(
    company: Company, elsewhere: Callable[..., None]
) -> None:
    pointer = mirror.pointer_of_file()
    commit = mirror.begun(the_lake(), "cdi privacy erase", pointer, erases=True)
    elsewhere()
    with pytest.raises(OvertakenError):
        commit.refuse_if_overtaken()
    with pytest.raises(OvertakenError):
        mirror.begun(the_lake(), "cdi privacy erase", pointer, erases=True)


def test_what_people_are_looked_up_in_is_what_this_machine_follows(
    company: Company, elsewhere: Callable[..., None]
) -> None:
    before = contents(settings.warehouse())["raw_files.customers"]
    elsewhere()
    with mirror.whole() as file:
        assert len(contents(file)["raw_files.customers"]) == len(before) == 300
