"""A warehouse file that is damaged is told of, not written on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import Company

CDI = str(Path(sys.executable).with_name("cdi"))


def cut(data: bytearray) -> bytes:
    return bytes(data[: len(data) // 2])


def flip(data: bytearray) -> bytes:
    for at in range(0, 12_288, 512):
        data[at + 20] ^= 0xFF
    return bytes(data)


def replace(data: bytearray) -> bytes:
    return b"No,Mail\n1,ann@example.com\n" * 1_000


@pytest.mark.parametrize("damage", [cut, flip, replace])
@pytest.mark.parametrize("command", ["load", "status"])
def test_a_damaged_warehouse_is_told_in_a_line(
    tmp_path: Path, damage: Callable[[bytearray], bytes], command: str
) -> None:
    company = Company(tmp_path)
    company.deliver(1)
    warehouse = tmp_path / "warehouse.duckdb"
    environment = os.environ | company.settings(warehouse) | {"COLUMNS": "200"}

    def cdi(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [CDI, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert cdi("load", "files").returncode == 0
    damaged = damage(bytearray(warehouse.read_bytes()))
    warehouse.write_bytes(damaged)
    refused = cdi(command)
    assert refused.returncode == 1
    assert "warehouse" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "example.com" not in refused.stdout + refused.stderr
    assert warehouse.read_bytes() == damaged, "what is left of it may be all there is"
