"""One writer at a time; whoever comes second is told who was first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Company, contents

CDI = str(Path(sys.executable).with_name("cdi"))
HOLD = """
import sys, time
from ingestion.lock import exclusive
with exclusive("cdi build"):
    print("held", flush=True)
    time.sleep(float(sys.argv[1]))
"""


@pytest.fixture
def company(tmp_path: Path) -> Company:
    company = Company(tmp_path)
    company.deliver(1)
    return company


@pytest.fixture
def environment(company: Company) -> dict[str, str]:
    return os.environ | company.settings(company.folder / "warehouse.duckdb") | {"COLUMNS": "200"}


def cdi(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CDI, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def holder(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the warehouse for some seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, "8"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_the_second_is_refused_and_told_who_is_first(
    environment: dict[str, str], holder: subprocess.Popen[str]
) -> None:
    refused = cdi(environment, "load", "files")
    assert refused.returncode == 1
    assert f"is being written by cdi build (process {holder.pid}, since 2" in refused.stderr
    assert "--wait" in refused.stderr


def test_the_second_waits_when_asked_to(
    environment: dict[str, str], holder: subprocess.Popen[str]
) -> None:
    waited = cdi(environment, "load", "files", "--wait", "60")
    assert waited.returncode == 0, waited.stderr
    assert holder.poll() == 0, "it did not wait for the first to end"


def test_a_lock_whose_holder_was_killed_locks_nothing(
    environment: dict[str, str], holder: subprocess.Popen[str]
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert Path(environment["CDI_WAREHOUSE"] + ".lock").exists()
    assert cdi(environment, "load", "files").returncode == 0


def test_what_a_killed_load_left_behind_goes_with_the_next(environment: dict[str, str]) -> None:
    folder = Path(environment["CDI_WAREHOUSE"] + ".loading")
    (folder / "cdi_files").mkdir(parents=True)
    (folder / "cdi_files" / "customers.parquet").write_text("ann@example.com")
    assert cdi(environment, "load", "files").returncode == 0
    assert not folder.exists()


def test_of_two_loads_at_once_none_does_harm(environment: dict[str, str], company: Company) -> None:
    undisturbed = company.folder / "undisturbed.duckdb"
    alone = cdi(environment | {"CDI_WAREHOUSE": str(undisturbed)}, "load", "files")
    assert alone.returncode == 0, alone.stderr
    both = [
        subprocess.Popen([CDI, "load", "files"], env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[1] for process in both]
    codes = [process.returncode for process in both]
    assert 0 in codes
    refused = [text for text, code in zip(said, codes, strict=True) if code]
    assert all("is being written by cdi load" in text for text in refused)
    found = contents(Path(environment["CDI_WAREHOUSE"]), "raw_loads.load_counts")
    expected = contents(undisturbed, "raw_loads.load_counts")
    assert found == expected


def test_a_warehouse_another_program_has_open_is_told_in_a_line(
    environment: dict[str, str],
) -> None:
    assert cdi(environment, "load", "files").returncode == 0
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys, time\n"
            "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
            "print('open', flush=True)\n"
            "time.sleep(60)",
            environment["CDI_WAREHOUSE"],
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        refused = cdi(environment, "load", "files")
    finally:
        reader.kill()
        reader.wait()
    assert refused.returncode == 1
    assert "lock" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert cdi(environment, "load", "files").returncode == 0


@pytest.mark.parametrize("after", [0, 0.28, 0.34, 1.0])
def test_ctrl_c_ends_a_load_soon_and_leaves_it_to_be_run_again(
    environment: dict[str, str], company: Company, after: float
) -> None:
    load = subprocess.Popen(
        [CDI, "load"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not Path(environment["CDI_WAREHOUSE"] + ".loading").exists():
        time.sleep(0.01)
    time.sleep(after)
    load.send_signal(signal.SIGINT)
    stopped = time.monotonic()
    _, said = load.communicate(timeout=60)
    assert time.monotonic() - stopped < 10
    assert load.returncode == 130
    assert "nothing was written of the source" in said
    assert "Traceback" not in said
    assert not Path(environment["CDI_WAREHOUSE"] + ".loading").exists()
    assert cdi(environment, "load", "files", "segment_events").returncode == 0
