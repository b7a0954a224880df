"""A sandbox is written whole or not at all, once, with its truth beside it."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from scripts.sandbox import generate as generator
from scripts.sandbox.generate import generate
from scripts.sandbox.vendors import files

CUSTOMERS = 120


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "it's a sandbox"
    generate(folder, CUSTOMERS, seed=5)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A sandbox of one's own."""
    copy = tmp_path / "sandbox"
    shutil.copytree(made, copy)
    return copy


@pytest.fixture
def renders_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares the time of the vendors where only the decision to generate is of interest."""
    idle = SimpleNamespace(render=lambda connection, folder: None)
    monkeypatch.setattr(generator, "vendor", lambda name: idle)


def state(folder: Path) -> dict[str, int]:
    """When each file was written."""
    return {
        str(file.relative_to(folder)): file.stat().st_mtime_ns
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_the_same_again_does_nothing(folder: Path) -> None:
    before = state(folder)
    summary = generate(folder, CUSTOMERS, seed=5)
    assert summary.reused
    assert summary.records > CUSTOMERS
    assert state(folder) == before


@pytest.mark.parametrize(("customers", "seed"), [(CUSTOMERS, 6), (CUSTOMERS - 1, 5)])
def test_another_company_replaces_it(
    folder: Path, customers: int, seed: int, renders_nothing: None
) -> None:
    before = (folder / "truth" / "customers.csv").read_text()
    summary = generate(folder, customers, seed)
    assert not summary.reused
    assert (summary.customers, summary.seed) == (customers, seed)
    assert (folder / "truth" / "customers.csv").read_text() != before
    assert not list(folder.parent.glob(f".{folder.name}*"))


def test_a_changed_generator_generates_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, renders_nothing: None
) -> None:
    monkeypatch.setattr(generator, "fingerprint", lambda: "other")
    assert not generate(folder, CUSTOMERS, seed=5).reused


def test_the_same_company_is_written_to_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    generate(again, CUSTOMERS, seed=5)
    assert state(again).keys() == state(made).keys()
    for name in state(made):
        if not name.endswith((".duckdb", ".sqlite")):
            assert (again / name).read_bytes() == (made / name).read_bytes(), name


def test_an_interruption_leaves_what_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        (folder / "inbox").mkdir()
        raise KeyboardInterrupt

    before = state(folder)
    with monkeypatch.context() as patched:
        patched.setattr(files, "render", interrupted)
        with pytest.raises(KeyboardInterrupt):
            generate(folder, CUSTOMERS, seed=7)
    assert state(folder) == before
    # What was half written is no hindrance to the next, and gone after it.
    assert not generate(folder, CUSTOMERS, seed=7).reused
    assert not list(folder.parent.glob(f".{folder.name}*"))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="choose another folder"):
        generate(tmp_path, CUSTOMERS)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_only_what_is_served_stays(made: Path) -> None:
    with duckdb.connect(made / "objects.duckdb", read_only=True) as connection:
        schemas = {
            row[0]
            for row in connection.execute("select schema_name from duckdb_tables()").fetchall()
        }
    assert schemas == {"hubspot", "stripe", "shopify", "zendesk", "klaviyo"}
    assert {path.name for path in made.iterdir()} == {
        "app.sqlite",
        "events",
        "inbox",
        "manifest.json",
        "objects.duckdb",
        "truth",
    }


def test_truth_knows_every_record_served_once(made: Path) -> None:
    with (made / "truth" / "customers.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    truth = {(row["source"], row["record_id"]): int(row["person_id"]) for row in rows}
    assert len(truth) == len(rows)
    assert set(range(1, CUSTOMERS + 1)) <= set(truth.values())
    with duckdb.connect(made / "objects.duckdb", read_only=True) as connection:
        for source, kind in {
            "hubspot": "contacts",
            "stripe": "customers",
            "shopify": "customers",
            "zendesk": "users",
            "klaviyo": "profiles",
        }.items():
            served = [
                row[0] for row in connection.execute(f"select id from {source}.{kind}").fetchall()
            ]
            assert served
            # Shopify's ids are URLs.
            assert {(source, id.rpartition("/")[2]) for id in served} <= truth.keys()
    sources = Counter(source for source, _ in truth)
    assert len(sources) == 8
    assert any(record_id.startswith("order:") for _, record_id in truth)


def test_truth_knows_every_company_record_once(made: Path) -> None:
    with (made / "truth" / "accounts.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert len({(row["source"], row["record_id"]) for row in rows}) == len(rows)
    assert {row["source"] for row in rows} == {"hubspot", "zendesk", "segment_events"}
