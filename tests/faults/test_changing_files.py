"""Files that change while they are read, come twice, or come with other columns than before."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Company, contents, run

SOURCES = ("files", "segment_events")


def load(settings: dict[str, str], replaced: dict[str, str] | None = None) -> None:
    """Loads both sources; while they are read, files are replaced by others."""
    os.environ.update(settings)
    from ingestion import pipeline
    from ingestion.sources.files import Canonical
    from ingestion.sources.segment_events import helpers

    def replace() -> None:
        for target, source in (replaced or {}).items():
            Path(source).replace(target)
        (replaced or {}).clear()

    deliver, parse = Canonical.deliver, helpers._parse

    def delivered(self: Any, *given: Any) -> Any:
        found = deliver(self, *given)
        replace()
        return found

    def parsed(*given: Any) -> Any:
        replace()
        yield from parse(*given)

    if replaced is not None:
        Canonical.deliver, helpers._parse = delivered, parsed  # type: ignore[method-assign]
    for source in SOURCES:
        result = pipeline.load(source)
        if replaced is None:
            assert result.error is None, result.error


@pytest.fixture
def company(tmp_path: Path) -> Company:
    company = Company(tmp_path)
    company.deliver(1)
    return company


def loaded(company: Company, name: str) -> dict[str, list[tuple]]:
    """What a new warehouse holds after one undisturbed load."""
    assert run(load, company.settings(company.folder / name)) == 0
    return contents(company.folder / name, "raw_loads.load_counts")


@pytest.mark.parametrize("file", ["inbox/crm_1.csv", "bucket/calls_1.jsonl.gz"])
def test_a_file_replaced_while_it_is_read_is_loaded_as_it_is_at_last(
    company: Company, tmp_path: Path, file: str
) -> None:
    later = Company(_made(tmp_path / "later"))
    later.deliver(2)
    new = next((later.folder / file).parent.glob(Path(file).name.replace("1", "2")))
    os.utime(new, (2_000_000_000, 2_000_000_000))
    warehouse = tmp_path / "disturbed.duckdb"
    replaced = {str(company.folder / file): str(new)}
    assert run(load, company.settings(warehouse), replaced) == 0
    assert not new.exists(), "the file was not replaced"
    assert run(load, company.settings(warehouse)) == 0
    disturbed = contents(warehouse, "raw_loads.load_counts")
    undisturbed = loaded(company, "undisturbed.duckdb")
    if file.startswith("bucket"):
        # What was read of the file before it was replaced was delivered, and stays.
        calls = set(undisturbed["raw_segment_events.events"])
        assert calls <= set(disturbed["raw_segment_events.events"])
    else:
        assert disturbed == undisturbed


def test_a_file_under_a_second_name_brings_nothing_new(company: Company, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    assert run(load, company.settings(warehouse)) == 0
    before = contents(warehouse)
    shutil.copy(company.inbox / "crm_1.csv", company.inbox / "crm_copy.csv")
    shutil.copy(company.bucket / "calls_1.jsonl.gz", company.bucket / "copy.jsonl.gz")
    assert run(load, company.settings(warehouse)) == 0
    after = contents(warehouse)
    for table in ("raw_files.customers", "raw_files.orders", "raw_segment_events.events"):
        assert after[table] == before[table]
    # Each broken line is one of its file, and was received from both.
    for table in ("raw_files.quarantine", "raw_segment_events.quarantine"):
        assert len(after[table]) == 2 * len(before[table])


def test_columns_may_come_and_go_and_change_from_file_to_file(
    company: Company, tmp_path: Path
) -> None:
    settings = company.settings(tmp_path / "by_day.duckdb")
    assert run(load, settings) == 0
    texts = {
        "crm_2.csv": "Mail,No,Tel\nnew@example.com,1,+1 415 555 0132\n",
        "crm_3.csv": "No\n2\nx-3\n",
        "crm_4.csv": "NO,Mail\n9,upper@example.com\n",
    }
    for number, (name, text) in enumerate(texts.items(), 1):
        file = company.inbox / name
        file.write_text(text)
        os.utime(file, (1_900_000_000 + number,) * 2)
    assert run(load, settings, {}) == 0
    by_day = contents(tmp_path / "by_day.duckdb", "raw_loads.load_counts")
    assert run(load, company.settings(tmp_path / "at_once.duckdb"), {}) == 0
    assert by_day == contents(tmp_path / "at_once.duckdb", "raw_loads.load_counts")
    people = "\n".join(map(str, by_day["raw_files.customers"]))
    assert "new@example.com" in people
    assert '"Tel":"+1 415 555 0132"' in people
    assert "x-3" not in people, "a file without a mapped column fails as a whole"
    assert "upper@example.com" not in people, "a key by another name is another key"


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
