"""Fixtures of the whole suite. Nothing here needs the internet or a fixed port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest
from dbt.cli.main import dbtRunner
from filelock import FileLock

from ingestion import settings
from ingestion.pipeline import LoadResult, declare_tables, load
from ingestion.sources import SOURCES
from scripts.sandbox.server import Sandbox, serving
from scripts.sandbox.store import Store

TESTS = Path(__file__).parent

needs_spark = pytest.mark.skipif(
    not (find_spec("pyspark") and shutil.which("java")),
    reason="the extra `spark` is not installed (pip install -e .[spark]), or Java is not",
)

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share costly fixtures go to one worker: those of a module, or of a folder.

    The longest begin first, else one worker is left with them at the end; and one of them makes the
    company that others wait for.
    """
    turns = {}
    for item in items:
        folder = item.path.parent.relative_to(TESTS).as_posix()
        fixtures = getattr(item, "fixturenames", ())
        is_whole_way = folder.startswith("end_to_end")
        if "hybrid" in fixtures:
            group, turns[item] = "hybrid", 0
        elif is_whole_way:
            group, turns[item] = item.path.stem, 2 if "company" in fixtures else 1
        else:
            group, turns[item] = item.path.stem if folder == "ingestion" else folder, 3
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: turns[item])


@pytest.fixture(scope="session", autouse=True)
def without_the_users_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No fixture of the whole session, such as one that compiles, touches what is the user's."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in list(os.environ):
            if variable.startswith(("SOURCES__", "CDI_", "DBT_")):
                patch.delenv(variable)
        patch.setenv("CDI_WAREHOUSE", str(tmp_path_factory.mktemp("session") / "warehouse.duckdb"))
        # A tenth of a build is dbt writing each query to its log.
        patch.setenv("DBT_LOG_LEVEL_FILE", "info")
        yield


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own warehouse, and a dlt that retries without waiting."""
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


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers have in common, for what is made once and takes long."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def declared(of_all_workers: Path) -> Callable[[str], Path]:
    """A warehouse with nothing but a source's empty tables, made once."""

    def warehouse(source: str) -> Path:
        file = of_all_workers / "declared" / source / "warehouse.duckdb"
        with FileLock(of_all_workers / f"declared_{source}.lock"):
            if not file.exists():
                file.parent.mkdir(parents=True)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setenv("CDI_WAREHOUSE", str(file))
                    declare_tables(source)
        return file

    return warehouse


@pytest.fixture
def loaded(declared: Callable[[str], Path]) -> Callable[[str], LoadResult]:
    """Loads a source and fails the test if that did not work.

    Declaring its tables is half the time of a first load, so a new warehouse is a copy of one
    where that is done.
    """

    def run(source: str) -> LoadResult:
        if source in SOURCES and not settings.warehouse().exists():
            shutil.copy(declared(source), settings.warehouse())
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
def manifest(of_all_workers: Path) -> dict[str, Any]:
    """dbt's manifest of the project, parsed without a warehouse."""
    target = of_all_workers / "parsed"
    root = str(settings.PROJECT)
    arguments = ["parse", "--quiet", "--project-dir", root, "--profiles-dir", root]
    arguments += ["--target-path", str(target), "--log-path", str(target)]
    with FileLock(of_all_workers / "parsed.lock"):
        if not (target / "manifest.json").exists():
            assert dbtRunner().invoke(arguments).success
    return json.loads((target / "manifest.json").read_text())


@pytest.fixture
def visit(tmp_path: Path) -> Callable[[str], tuple[str, set[str]]]:
    """Opens a page in a browser; skips the test where there is none.

    Gives what the page shows, as HTML, and the addresses on the network that it asked for. What the
    browser asks for on its own account has no page as its initiator.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--allow-file-access-from-files", "--virtual-time-budget=20000", "--window-size=1400,1000",
    ]  # fmt: skip

    def open_page(page: str) -> tuple[str, set[str]]:
        log = tmp_path / "requests.json"
        done = subprocess.run(
            [chromium, *flags, f"--user-data-dir={tmp_path / 'profile'}",
             f"--log-net-log={log}", "--dump-dom", page],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        events = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
        asked = {
            event["url"]
            for event in events
            if str(event.get("url", "")).startswith(("http://", "https://"))
            and event.get("initiator", "not an origin") != "not an origin"
        }
        return done.stdout, asked

    return open_page
