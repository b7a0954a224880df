"""Another key for every file: with the same content, whole, and none of the old bytes left."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import Result

from ingestion import settings, storage
from ingestion.storage import Encryption, StorageError
from scripts.encrypt import rotate
from scripts.encrypt.command import NEW_KEY
from scripts.storage import copies
from scripts.storage.copies import contents
from tests.faults.conftest import die, run

from .conftest import CANARY, FIRST, SECOND, places_of

Cdi = Callable[..., Result]


def held(files: list[Path], key: str | None) -> list[dict[str, object]]:
    """The contents of files that open with a key."""
    found = []
    for file in files:
        with duckdb.connect() as connection:
            storage.attach_with(connection, file, "held", key, read_only=True)
            found.append(contents(connection, "held"))
    return found


def states(files: list[Path]) -> set[Encryption | None]:
    return {storage.encryption(file) for file in files}


def test_there_and_back_with_the_same_content(
    files: list[Path], cdi: Cdi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = held(files, None)
    assert before[0]["marts.canaries"] != before[0]["marts.dim_customers"]
    (settings.published().with_name(f"{settings.published().name}.new")).write_text(CANARY)
    Path(f"{settings.warehouse()}.loading").mkdir()
    Path(f"{settings.warehouse()}.loading", "raw.parquet").write_text(CANARY)
    assert places_of(CANARY, tmp_path)

    monkeypatch.setenv(storage.KEY, FIRST)
    first = cdi("encrypt", "rotate")
    assert first.exit_code == 0, first.output
    assert held(files, FIRST) == before
    assert states(files) == {Encryption("AES-GCM")}
    assert places_of(CANARY, tmp_path) == []
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}

    second = cdi("encrypt", "rotate", given=f"{SECOND}\n")
    assert second.exit_code == 0, second.output
    assert held(files, SECOND) == before
    with pytest.raises(StorageError):
        held(files, FIRST)

    monkeypatch.setenv(storage.KEY, SECOND)
    status = cdi("encrypt", "status")
    assert status.output.count("AES-GCM") == 3
    third = cdi("encrypt", "rotate", "--decrypt")
    assert third.exit_code == 0, third.output
    assert states(files) == {Encryption(None)}
    assert held(files, None) == before
    said = first.output + second.output + status.output + third.output
    assert FIRST not in said
    assert SECOND not in said
    assert {file.name for file in tmp_path.iterdir()} == {
        "warehouse.duckdb", "warehouse.duckdb.lock", "warehouse_marts.duckdb", "shares",
    }  # fmt: skip


def test_what_cannot_be_done_is_refused_and_nothing_changes(
    files: list[Path], cdi: Cdi, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(files, None)
    assert "nothing is encrypted" in cdi("encrypt", "rotate", "--decrypt").output
    monkeypatch.setenv(NEW_KEY, "weak")
    assert isinstance(cdi("encrypt", "rotate").exception, StorageError)
    monkeypatch.setenv(NEW_KEY, FIRST)
    assert cdi("encrypt", "rotate").exit_code == 0
    assert "set CDI_ENCRYPTION_KEY to the key" in cdi("encrypt", "rotate").output
    monkeypatch.setenv(storage.KEY, FIRST)
    assert "the one there is already" in cdi("encrypt", "rotate").output
    monkeypatch.setenv(storage.KEY, SECOND)
    wrong = cdi("encrypt", "rotate")
    assert isinstance(wrong.exception, StorageError)
    assert "another key" in str(wrong.exception)
    assert not rotate.unfinished().exists()
    assert held(files, FIRST) == before


def test_a_file_written_otherwise_than_read_changes_nothing(
    files: list[Path], cdi: Cdi, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lossy(connection: Any, database: str) -> dict[str, object]:
        if database == "new":
            connection.execute("detach new")
            place = settings.published().name
            storage.attach_with(connection, rotate.unfinished() / place, "new", key)
            connection.execute("update new.marts.canaries set told = 'x' where number = 7")
        return contents(connection, database)

    before = held(files, None)
    rewrite = rotate.write_anew

    def second(old: Path, new: Path, given: str | None, **more: Any) -> None:
        if old == settings.published():
            monkeypatch.setattr(copies, "contents", lossy)
        rewrite(old, new, given, **more)

    monkeypatch.setattr(rotate, "write_anew", second)
    refused = cdi("encrypt", "rotate")
    assert refused.exit_code == 1
    assert "was not written as it was read; nothing changed" in refused.output
    assert held(files, None) == before


def rotated_until(settings_: dict[str, str], step: str, number: int) -> None:
    """Changes the key, and dies after the n-th time of a step."""
    os.environ.update(settings_)
    count = 0

    def dying(method: Callable[..., Any]) -> Callable[..., Any]:
        def then_die(*given: Any, **more: Any) -> Any:
            nonlocal count
            result = method(*given, **more)
            count += 1
            if count == number:
                die()
            return result

        return then_die

    owner: Any = Path if step in ("rename", "replace") else rotate
    setattr(owner, step, dying(getattr(owner, step)))
    rotate.rotate(SECOND, lambda _: None)


MOMENTS = [("write_anew", 3), ("rename", 1), ("replace", 1), ("replace", 3)]


@pytest.mark.parametrize(("step", "number"), MOMENTS)
def test_killed_at_any_moment_it_is_the_old_key_or_is_finished_by_the_next(
    files: list[Path], cdi: Cdi, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    before = held(files, None)
    monkeypatch.setenv(storage.KEY, FIRST)
    assert cdi("encrypt", "rotate").exit_code == 0
    environment = {storage.KEY: FIRST, "CDI_WAREHOUSE": str(settings.warehouse())}
    assert run(rotated_until, environment, step, number) == -9
    if step == "write_anew":
        assert held(files, FIRST) == before
        with storage.connect(settings.warehouse()):
            pass
        monkeypatch.setenv(NEW_KEY, SECOND)
    else:
        for command in (["status"], ["share", "open", "agency", "--sql", "select 1"]):
            refused = cdi(*command)
            assert isinstance(refused.exception, StorageError)
            assert "`cdi encrypt rotate` finishes it" in str(refused.exception)
        # To finish takes no key at all.
        monkeypatch.delenv(storage.KEY)
    finished = cdi("encrypt", "rotate")
    assert finished.exit_code == 0, finished.output
    assert held(files, SECOND) == before
    assert not rotate.unfinished().exists()
    assert not settings.rotated().exists()
