"""A source made for a test, without a package of its own; dropped files and their mapping."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from ingestion.contracts import RawRecord


@pytest.fixture
def made_source(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Registers a dlt source and its raw contracts under a name `load` finds them by."""

    def register(name: str, source: Any, models: Sequence[type[RawRecord]]) -> None:
        package, schema = ModuleType(f"ingestion.sources.{name}"), ModuleType("schema")
        setattr(package, name, source)
        schema.TABLES = tuple(models)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, package.__name__, package)
        monkeypatch.setitem(sys.modules, f"{package.__name__}.schema", schema)

    return register


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file into the inbox, each one a second newer than the last."""
    clock = iter(range(1_700_000_000, 1_800_000_000))

    def write(name: str, content: str | bytes, encoding: str = "utf-8", age: int = 0) -> Path:
        file = tmp_path / "inbox" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        modified = next(clock) - age
        os.utime(file, (modified, modified))
        return file

    return write


@pytest.fixture
def mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a mapping; paths in it start at the test's folder."""

    def write(*datasets: dict | str) -> Path:
        monkeypatch.setenv("CDI_FILES", str(tmp_path / "files.yml"))
        text = "\n".join(part for part in datasets if isinstance(part, str))
        listed = [
            part | {"path": part["path"] if "://" in part["path"] else f"{tmp_path}/{part['path']}"}
            for part in datasets
            if isinstance(part, dict)
        ]
        file = tmp_path / "files.yml"
        file.write_text(text or yaml.safe_dump({"datasets": listed}), "utf-8")
        return file

    return write
