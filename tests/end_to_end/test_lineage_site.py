"""The lineage site opens in a browser, shows the models, and asks nobody anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Visit = Callable[[str], tuple[str, set[str]]]


@pytest.fixture(scope="module")
def site(company: Any) -> Path:
    company.cdi("docs")
    return company.folder / "target" / "site" / "index.html"


def test_site_is_one_file_with_every_model(site: Path, manifest: dict[str, Any]) -> None:
    text = site.read_text()
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["name"] in text


def test_site_opens_and_calls_nobody(site: Path, visit: Visit) -> None:
    shown, asked = visit(f"{site.as_uri()}#!/model/model.cdi.dim_customers")
    assert "dim_customers" in shown
    assert "customer_id" in shown
    assert not asked


def test_a_page_that_calls_someone_would_be_noticed(visit: Visit, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://tracker.invalid/pixel.png">')
    _, asked = visit(page.as_uri())
    assert asked == {"http://tracker.invalid/pixel.png"}
