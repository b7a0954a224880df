"""dbt runs in the process of `cdi`, and leaves nothing behind that others stumble over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dbt.adapters.duckdb.environments.local import DuckDBConnectionWrapper, LocalEnvironment

from ingestion import settings, storage
from scripts.dbt_runner import dbt
from tests.faults.conftest import run


def open_after_dbt(of_this_test: dict[str, str], beside: Path) -> None:
    """Attaches the warehouse to another database right after dbt had it open."""
    os.environ.update(of_this_test)
    held, handle = [], LocalEnvironment.handle

    def holding(environment: LocalEnvironment) -> DuckDBConnectionWrapper:
        # As the traceback of an exception does that is over, until Python happens to collect it.
        held.append(handle(environment))
        return held[-1]

    LocalEnvironment.handle = holding
    if dbt("debug", "--quiet") != 0 or not held:
        raise SystemExit(2)
    with storage.connect(beside) as connection:
        storage.attach(connection, settings.warehouse(), "warehouse")


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_the_warehouse_is_closed_after_dbt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_encrypted: bool
) -> None:
    if is_encrypted:
        monkeypatch.setenv("CDI_ENCRYPTION_KEY", "First-key-0123456789-abcdefghijklm")
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    assert run(open_after_dbt, dict(os.environ), tmp_path / "beside.duckdb") == 0
    assert settings.warehouse().exists()
