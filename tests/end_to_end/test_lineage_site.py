"""The lineage site opens in a browser, shows the models, and asks nobody anything."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--allow-file-access-from-files", "--virtual-time-budget=20000", "--window-size=1400,1000",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(company: Any) -> Path:
    company.cdi("docs")
    return company.folder / "target" / "site" / "index.html"


def test_site_is_one_file_with_every_model(site: Path, manifest: dict[str, Any]) -> None:
    text = site.read_text()
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["name"] in text


def visit(page: str, folder: Path) -> tuple[str, set[str]]:
    """Opens a page in a browser.

    Returns:
        What it shows, as HTML, and the addresses on the network that it asked for. What the
        browser asks for on its own account has no page as its initiator.
    """
    log = folder / "requests.json"
    done = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}",
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


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_site_opens_and_calls_nobody(site: Path, tmp_path: Path) -> None:
    shown, asked = visit(f"{site.as_uri()}#!/model/model.cdi.dim_customers", tmp_path)
    assert "dim_customers" in shown
    assert "customer_id" in shown
    assert not asked


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_page_that_calls_someone_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://tracker.invalid/pixel.png">')
    _, asked = visit(page.as_uri(), tmp_path)
    assert asked == {"http://tracker.invalid/pixel.png"}
