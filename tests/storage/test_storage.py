"""What is written with a key is of use to nobody without it, and the key shows nowhere."""

from __future__ import annotations

import importlib.util
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from ingestion import settings, storage
from ingestion.storage import Encryption, PlainError, StorageError

from .conftest import CANARY, FIRST, SECOND, places_of

ROWS = f"select '{CANARY}' || i as told from range(1000) as numbers (i)"


def test_without_a_key_files_are_plain_and_need_no_extension(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "_load_cipher", lambda _: pytest.fail("needs the extension"))
    with storage.connect(settings.warehouse()) as connection:
        connection.execute(f"create table told as {ROWS}")
        other = storage.in_memory()
        loaded = connection.execute(
            "select loaded from duckdb_extensions() where extension_name = 'httpfs'"
        ).fetchall()
    other.close()
    assert loaded == [(False,)]
    assert storage.encryption(settings.warehouse()) == Encryption(None)
    with duckdb.connect(str(settings.warehouse())) as connection:
        assert connection.execute("select count(*) from told").fetchall() == [(1000,)]


def test_with_a_key_neither_the_file_nor_its_log_shows_a_value(key: str, tmp_path: Path) -> None:
    with storage.connect(settings.warehouse()) as connection:
        connection.execute(f"create table told as {ROWS}")
        log = Path(f"{settings.warehouse()}.wal")
        assert log.stat().st_size > 1000
        assert places_of(CANARY, tmp_path) == []
        assert connection.execute("select current_database()").fetchall() == [("warehouse",)]
    assert not log.exists()
    assert places_of(CANARY, tmp_path) == []
    assert storage.encryption(settings.warehouse()) == Encryption("AES-GCM")
    assert stat.S_IMODE(settings.warehouse().stat().st_mode) == 0o600
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        assert connection.execute("select count(*) from told").fetchall() == [(1000,)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("create table other (told varchar)")


def test_every_connection_is_held_to_the_memory_that_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CDI_MEMORY", "512MiB")
    with storage.connect(settings.warehouse()) as file, storage.in_memory() as memory:
        for connection in (file, memory):
            limit = connection.execute("select current_setting('memory_limit')").fetchall()
            assert limit == [("512.0 MiB",)]
    monkeypatch.setenv("CDI_MEMORY", "plenty")
    with pytest.raises(StorageError, match="'plenty': it has to be a size, such as 4GB"):
        storage.connect(settings.warehouse())


@pytest.mark.parametrize("is_in_memory", [False, True])
def test_what_memory_cannot_hold_is_spilled_encrypted(
    key: str, tmp_path: Path, is_in_memory: bool
) -> None:
    seen: dict[str, bool] = {}
    done = threading.Event()
    folder = Path(f"{settings.warehouse()}.tmp")

    def watch() -> None:
        while not done.is_set():
            for file in folder.glob("*"):
                try:
                    seen[file.name] = seen.get(file.name, False) or CANARY.encode() in (
                        file.read_bytes()
                    )
                except OSError:
                    continue
            time.sleep(0.01)

    watching = threading.Thread(target=watch)
    watching.start()
    opened = (
        storage.in_memory({"temp_directory": str(folder)})
        if is_in_memory
        else storage.connect(settings.warehouse())
    )
    with opened as connection:
        connection.execute("set memory_limit = '60MB'; set threads = 2")
        connection.execute(
            f"create temp table spilled as select md5(i::varchar) || '{CANARY}' || i as told "
            "from range(1200000) as numbers (i)"
        )
    done.set()
    watching.join()
    assert seen, "nothing was spilled: the test shows nothing"
    assert not any(seen.values())


def test_connections_of_a_process_share_the_file(key: str) -> None:
    with storage.connect(settings.warehouse()) as one, storage.connect(settings.warehouse()) as two:
        one.execute("create table told as select 1 as number")
        assert two.execute("select number from told").fetchall() == [(1,)]
        with storage.connect(settings.warehouse(), read_only=True) as reading:
            assert reading.execute("select number from told").fetchall() == [(1,)]
        cursor = storage.cursor(one)
        assert cursor.execute("select number from told").fetchall() == [(1,)]
        cursor.close()


def test_another_process_finds_the_file_taken(key: str) -> None:
    code = "from ingestion import settings, storage; storage.connect(settings.warehouse())"
    with storage.connect(settings.warehouse()) as connection:
        connection.execute("create table told as select 1 as number")
        with storage.connect(settings.warehouse()):
            pass
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
    assert "Could not set lock" in done.stderr
    assert FIRST not in done.stderr


def test_each_wrong_way_to_open_a_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, encrypted = (settings.warehouse().with_name(f"{n}.duckdb") for n in ("plain", "other"))
    storage.connect(plain).close()
    monkeypatch.setenv(storage.KEY, FIRST)
    storage.connect(encrypted).close()
    with pytest.raises(PlainError, match=r"plain.duckdb is not encrypted, though .* rotate"):
        storage.connect(plain)
    with duckdb.connect() as connection:
        with pytest.raises(PlainError):
            storage.attach(connection, plain, "copy")
        storage.attach(connection, plain, "copy", may_be_plain=True)
        storage.attach(connection, encrypted, "other", may_be_plain=True)
        shown = connection.execute("from duckdb_databases()").fetchall()
        shown += connection.execute("from duckdb_settings()").fetchall()
    assert FIRST not in str(shown)
    monkeypatch.setenv(storage.KEY, SECOND)
    for read_only in (False, True):
        with pytest.raises(StorageError, match=r"other.duckdb is encrypted with another key"):
            storage.connect(encrypted, read_only=read_only)
    monkeypatch.delenv(storage.KEY)
    with pytest.raises(StorageError, match=r"other.duckdb is encrypted: set CDI_ENCRYPTION_KEY"):
        storage.connect(encrypted, read_only=True)
    with duckdb.connect() as connection, pytest.raises(StorageError, match="is encrypted: set"):
        storage.attach(connection, encrypted, "other")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("hunter2", "too weak"),
        ("a" * 40, "too weak"),
        ("schlüssel-" * 5, "printable ASCII"),
        ("line one of a key\nline two of the key", "printable ASCII"),
    ],
)
def test_a_key_that_protects_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str, told: str
) -> None:
    monkeypatch.setenv(storage.KEY, given)
    with pytest.raises(StorageError, match=told) as refused:
        storage.connect(settings.warehouse())
    assert not given.strip() or given not in str(refused.value)
    assert not settings.warehouse().exists()


def test_a_key_may_have_a_line_end_and_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    written = "it's a \"key\"; select 'x' -- 0123456789"
    monkeypatch.setenv(storage.KEY, f"{written}\n")
    storage.connect(settings.warehouse()).close()
    monkeypatch.setenv(storage.KEY, written)
    storage.connect(settings.warehouse(), read_only=True).close()


def test_without_the_extension_it_is_said_what_to_install(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bare:
        def execute(self, sql: str) -> Any:
            raise duckdb.IOException("Extension not found")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StorageError, match=r"pip install -e '\.\[encryption\]'"):
        storage._load_cipher(Bare())  # type: ignore[arg-type]


def test_new_files_are_of_a_format_that_older_releases_read(tmp_path: Path) -> None:
    storage.connect(tmp_path / "connected.duckdb").close()
    with storage.in_memory() as connection:
        storage.attach(connection, tmp_path / "attached.duckdb", "attached", read_only=False)
    with storage.in_memory() as connection:
        for name in ("connected", "attached"):
            storage.attach(connection, tmp_path / f"{name}.duckdb", name)
        found = connection.execute(
            "select tags['storage_version'] from duckdb_databases() "
            "where database_name in ('connected', 'attached')"
        ).fetchall()
    assert found == [(f"{storage.FORMAT}+",)] * 2


def test_a_file_says_how_it_is_kept(key: str, tmp_path: Path) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("no database" * 100)
    assert storage.encryption(text) is None
    assert storage.encryption(tmp_path / "missing.duckdb") is None
    assert storage.encryption(tmp_path) is None
    with duckdb.connect() as connection:
        storage.encrypt_what_spills(connection)
        other = tmp_path / "other.duckdb"
        connection.execute(
            f"attach '{other}' as other (encryption_key ?, encryption_cipher 'CTR')", [key]
        )
    assert storage.encryption(other) == Encryption("AES-CTR")


def test_cursors_that_work_side_by_side_have_what_they_need(key: str) -> None:
    with storage.connect(settings.warehouse()) as connection:
        connection.execute("set TimeZone = 'Asia/Tokyo'")
        connection.execute("create table told as select unnest(range(40)) as i")
        given = pa.table({"i": [3, 5]})

        def work(cursor: duckdb.DuckDBPyConnection, item: int) -> tuple[int, int, str]:
            time.sleep(0.01 if item == 0 else 0)
            found = cursor.execute(
                "select count(*), (select count(*) from taken where i = ?), "
                "current_setting('TimeZone') from told where i < ?",
                [item, item],
            ).fetchall()
            return found[0]

        made = list(storage.side_by_side(connection, work, range(6), taken=given))
        assert made == [(item, int(item in (3, 5)), "Asia/Tokyo") for item in range(6)]


def test_what_fails_side_by_side_ends_the_rest() -> None:
    begun: list[int] = []

    def work(cursor: duckdb.DuckDBPyConnection, item: int) -> None:
        begun.append(item)
        cursor.execute("select error('no more')" if item == 1 else "select 1")
        time.sleep(0.05)

    with (
        storage.connect(settings.warehouse()) as connection,
        pytest.raises(duckdb.InvalidInputException, match="no more"),
    ):
        list(storage.side_by_side(connection, work, range(500)))
    assert len(begun) < 500
