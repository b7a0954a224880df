"""Loads into an encrypted warehouse: the same rows, and no value of them in what stays on disk."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingestion import pipeline, settings, storage
from tests.faults.conftest import BOOKS, Company

from .conftest import FIRST, places_of

# Values are compressed in plain files, names are not.
NAME = "quarantine"


def rows() -> dict[str, list[tuple]]:
    """All rows of the raw tables, without what tells when and by which load they came."""
    found: dict[str, list[tuple]] = {}
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        for schema, table, columns in connection.execute(
            "select schema_name, table_name, list(column_name order by column_name) "
            "from duckdb_columns() where not starts_with(table_name, '_dlt') and not internal "
            "group by all"
        ).fetchall():
            kept = [c for c in columns if c not in BOOKS and not c.startswith("_dlt")]
            listed = ", ".join(f'"{column}"' for column in kept)
            found[f"{schema}.{table}"] = connection.execute(
                f'select {listed} from "{schema}"."{table}" order by all'
            ).fetchall()
    return found


@pytest.mark.timeout(600)
def test_loads_are_the_same_and_leave_nothing_readable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "company").mkdir()
    (tmp_path / "kept").mkdir()
    company = Company(tmp_path / "company")
    found = []
    for day in (1, 3):
        company.deliver(day)
        found = []
        for name in ("plain", "encrypted"):
            settings_ = company.settings(tmp_path / "kept" / name / "warehouse.duckdb")
            if name == "encrypted":
                settings_[storage.KEY] = FIRST
            with pytest.MonkeyPatch.context() as patch:
                for variable, value in settings_.items():
                    patch.setenv(variable, value)
                result = pipeline.load("files")
                assert result.error is None, result.error
                found.append(rows())
    assert found[0] == found[1]
    assert len(found[1]["raw_files.customers"]) > 300
    assert places_of(NAME, tmp_path / "kept" / "plain")
    assert places_of(NAME, tmp_path / "kept" / "encrypted") == []
    assert places_of(FIRST, tmp_path) == []
    assert FIRST not in caplog.text


def test_a_load_is_refused_whole_without_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    storage.connect(settings.warehouse()).close()
    monkeypatch.delenv(storage.KEY)
    before = settings.warehouse().read_bytes()
    with pytest.raises(storage.StorageError, match="is encrypted: set"):
        pipeline.load("files")
    assert settings.warehouse().read_bytes() == before
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(settings.warehouse()))
