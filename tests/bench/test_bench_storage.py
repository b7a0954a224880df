"""`cdi bench storage` compares files that differ in nothing but that one is encrypted."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from ingestion import storage
from scripts.bench.storage import _STEPS, _measured
from scripts.cli import app


def test_each_step_is_measured_as_often_in_both() -> None:
    done = CliRunner().invoke(app, ["bench", "storage", "--rows", "1000", "--runs", "2", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["rows"] == 1000
    assert list(told["seconds"]) == ["write", "scan", "copy"]
    for taken in told["seconds"].values():
        assert set(taken) == {"plain", "encrypted"}
        assert all(len(seconds) == 2 and min(seconds) > 0 for seconds in taken.values())


@pytest.mark.parametrize("key", [None, secrets.token_hex(32)], ids=["plain", "encrypted"])
def test_both_files_are_of_the_newest_format(key: str | None, tmp_path: Path) -> None:
    file, newest = tmp_path / "kept.duckdb", tmp_path / "newest.duckdb"
    for sql in _STEPS.values():
        assert _measured(file, key, sql.format(rows=1000)) > 0
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{newest}' as newest (storage_version 'latest')")
        storage.attach_with(connection, file, "kept", key)
        rows = connection.execute(
            "select database_name, tags['storage_version'] from duckdb_databases() "
            "where database_name in ('kept', 'newest')"
        ).fetchall()
        assert connection.execute("select count(*) from kept.copied").fetchall() == [(1000,)]
    formats = dict(rows)
    assert formats["kept"] == formats["newest"]
