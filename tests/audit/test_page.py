"""The page opens in a browser, shows what was found, and asks nobody anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROWS = [["id", "e-mail", "changed"], *([str(n), f"p{n % 7}@example.com", f"20{10 + n % 9}-05-01"]
                                       for n in range(40))]  # fmt: skip


@pytest.fixture
def page(cdi: Callable[..., Any], write: Callable[..., Path], tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    result = cdi(write(ROWS), "--html", file)
    assert result.exit_code == 0, result.output
    return file


def test_the_page_is_one_file_that_names_no_host(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"https?://|src=|<link|<script|@import|url\(", text)
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


def test_the_page_opens_and_calls_nobody(
    page: Path, visit: Callable[[str], tuple[str, set[str]]]
) -> None:
    shown, asked = visit(page.as_uri())
    assert "e-mail" in shown
    assert shown.count("<svg") >= 7, "a bar each for filled and valid, formats, ages"
    assert "untouched for a year" in shown
    assert not asked
