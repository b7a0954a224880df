"""Seeds made from libraries are what the installed libraries have, or the command says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts import reference
from scripts.cli import app


@pytest.fixture(scope="module")
def files() -> dict[Path, str]:
    return reference.seed_files()


def test_seeds_are_in_step_with_the_libraries(files: dict[Path, str]) -> None:
    stale = [file.name for file, text in files.items() if file.read_text(encoding="utf-8") != text]
    assert stale == [], "run `cdi reference sync`"


def test_check_names_what_is_out_of_date_and_changes_nothing(
    files: dict[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = next(file for file in files if file.suffix == ".csv")
    monkeypatch.setattr(reference, "seed_files", lambda: {**files, changed: "other\n"})
    before = changed.read_text(encoding="utf-8")
    result = CliRunner().invoke(app, ["reference", "sync", "--check"])
    assert result.exit_code == 1
    assert changed.name in result.output
    assert "cdi reference sync" in result.output
    assert changed.read_text(encoding="utf-8") == before


def test_a_seed_has_one_maker_and_its_yml_names_the_libraries(files: dict[Path, str]) -> None:
    for file, text in files.items():
        if file.suffix == ".yml":
            assert " " in reference.MADE_FROM.search(text)[0], f"{file.name} names no version"


def test_a_seed_that_two_modules_make_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "MODULES", ("time_zones", "time_zones"))
    with pytest.raises(ValueError, match="made twice"):
        reference.seed_files()
