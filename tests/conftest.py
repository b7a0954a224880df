"""Fixtures of the whole suite. Nothing here needs the internet or a fixed port."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from ingestion import settings
from ingestion.pipeline import LoadResult, load
from scripts.sandbox.server import Sandbox, serving
from scripts.sandbox.store import Store


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own warehouse, no credentials, and a dlt that retries without waiting."""
    for variable in list(os.environ):
        if variable.startswith(("SOURCES__", "CDI_")):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("CDI_WAREHOUSE", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_RETRY_DELAY", "0")
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_ATTEMPTS", "4")
    monkeypatch.setenv("RUNTIME__REQUEST_TIMEOUT", "2")


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """An empty sandbox being served, with every API connector pointed at it."""
    with serving(Store()) as running:
        for variable, value in running.settings().items():
            monkeypatch.setenv(variable, value)
        yield running


@pytest.fixture
def loaded() -> Callable[[str], LoadResult]:
    """Loads a source and fails the test if that did not work."""

    def run(source: str) -> LoadResult:
        result = load(source)
        assert result.error is None, result.error
        assert result.skipped is None, result.skipped
        return result

    return run


@pytest.fixture
def query() -> Callable[..., list[tuple]]:
    """Runs SQL on the test's warehouse and returns the rows."""

    def run(sql: str, *parameters: object) -> list[tuple]:
        with duckdb.connect(os.environ["CDI_WAREHOUSE"], read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    return run


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest of the project, parsed anew without a warehouse."""
    target = tmp_path_factory.mktemp("parse")
    root = str(settings.PROJECT)
    arguments = ["parse", "--quiet", "--no-partial-parse", "--project-dir", root]
    arguments += ["--profiles-dir", root, "--target-path", str(target), "--log-path", str(target)]
    assert dbtRunner().invoke(arguments).success
    return json.loads(Path(target, "manifest.json").read_text())
