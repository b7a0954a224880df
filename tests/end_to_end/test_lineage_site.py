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


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_site_opens_and_calls_nobody(site: Path, tmp_path: Path) -> None:
    log = tmp_path / "requests.json"
    page = f"{site.as_uri()}#!/model/model.cdi.dim_customers"
    done = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}",
         f"--log-net-log={log}", "--dump-dom", page],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "dim_customers" in done.stdout
    assert "customer_id" in done.stdout
    outside = {
        event["params"]["url"]
        for event in json.loads(log.read_text())["events"]
        if str(event.get("params", {}).get("url", "")).startswith(("http://", "https://"))
    }
    assert not outside, f"the page asked for {sorted(outside)}"
