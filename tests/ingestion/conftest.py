"""A source made for a test, without a package of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest

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
