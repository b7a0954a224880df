"""A full disk: the load fails with a line, what was there stays, and it can be run again."""

from __future__ import annotations

import os
import resource
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Company, contents, run


def load(settings: dict[str, str], spare: int | None, said: str) -> None:
    """Loads with files that cannot grow beyond what the warehouse has and `spare` bytes.

    The outcome is written to the file `said`.
    """
    os.environ.update(settings)
    from ingestion import pipeline

    if spare is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        warehouse = Path(settings["CDI_WAREHOUSE"])
        most = warehouse.stat().st_size + spare
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    result: Any = pipeline.load("files")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    Path(said).write_text(result.error or "")


@pytest.mark.parametrize("spare", [0, 64 * 1024, 512 * 1024])
def test_a_full_disk_loses_nothing(tmp_path: Path, spare: int) -> None:
    company = Company(tmp_path)
    company.deliver(1)
    warehouse, undisturbed = tmp_path / "warehouse.duckdb", tmp_path / "undisturbed.duckdb"
    said = tmp_path / "said.txt"
    assert run(load, company.settings(warehouse), None, str(said)) == 0
    shutil.copy(warehouse, undisturbed)
    big = "".join(f"{n},{n:0400}@example.com\n" for n in range(20_000))
    (company.inbox / "crm_2.csv").write_text("No,Mail\n" + big)
    before = contents(warehouse)

    assert run(load, company.settings(warehouse), spare, str(said)) == 0
    assert said.read_text().startswith("files"), "it did not fail"
    assert "\n" not in said.read_text()
    assert "@example.com" not in said.read_text()
    assert contents(warehouse) == before

    for file in (warehouse, undisturbed):
        assert run(load, company.settings(file), None, str(said)) == 0
        assert said.read_text() == ""
    assert contents(warehouse) == contents(undisturbed)
