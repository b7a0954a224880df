"""The whole company under a key: built, published, shared and erased, with nothing to be read."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion import storage

from .conftest import Company

KEY = "Key-of-the-company-0123456789-abcdef"
OTHER = "Another-key-0123456789-abcdefghijkl"
SELECTED = ("--select", "int_identifiers__normalized", "dim_customers", "--log-level", "debug")


@contextmanager
def arguments_watched(text: str) -> Iterator[set[str]]:
    """Command lines of processes, seen meanwhile, that have a text in them."""
    seen: set[str] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = process.read_bytes()
                except OSError:
                    continue
                if text.encode() in line:
                    seen.add(line.decode(errors="replace"))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield seen
    finally:
        done.set()
        watching.join()


class Encrypted:
    """The company when it was encrypted, and went on under its key.

    Args:
        company: the company.
        person: who was erased.
        address: an address of somebody else.
        logged: whether a log of dbt was there to be looked through; erasing removes it.
    """

    def __init__(self, company: Company) -> None:
        self.company = company
        (self.person, _), (_, self.address) = company.query(
            "select customer_id, email from marts.dim_customers where email is not null "
            "order by source_count desc, customer_id limit 2"
        )
        self.is_readable_before = self.are_readable()
        with_key = {storage.KEY: KEY}
        self.said = company.cdi("encrypt", "rotate", settings=with_key)
        self.said += company.cdi("build", *SELECTED, settings=with_key)
        self.said += company.cdi("share", "build", "marketing", settings=with_key)
        self.logged = (company.folder / "logs" / "dbt.log").exists()
        self.is_readable_built = self.are_readable()
        self.said += company.cdi("privacy", "erase", self.person, "--for-good", settings=with_key)
        self.is_readable_erased = self.are_readable()

    def are_readable(self) -> set[str]:
        """Which of the address and the key are in any byte of what the project wrote."""
        found: set[str] = set()
        for file in self.company.folder.rglob("*"):
            if file.is_file() and self.company.sandbox not in file.parents:
                content = file.read_bytes()
                found |= {text for text in (self.address, KEY) if text.encode() in content}
        return found


@pytest.fixture(scope="module")
def encrypted(company: Company) -> Iterator[tuple[Encrypted, set[str]]]:
    with company.restored(), arguments_watched(KEY) as seen:
        yield Encrypted(company), seen


@pytest.mark.timeout(1500)
def test_neither_people_nor_the_key_can_be_read_anywhere(
    encrypted: tuple[Encrypted, set[str]],
) -> None:
    one, seen = encrypted
    assert one.is_readable_before == {one.address}, "the search finds what is there"
    assert one.logged
    assert one.is_readable_built == set()
    assert one.is_readable_erased == set()
    assert KEY not in one.said
    assert seen == set()


def test_every_database_file_is_encrypted(encrypted: tuple[Encrypted, set[str]]) -> None:
    one, _ = encrypted
    files = [
        file
        for file in one.company.folder.rglob("*.duckdb")
        if one.company.sandbox not in file.parents
    ]
    assert {file.name: storage.encryption(file) for file in files} == {
        name: storage.Encryption("AES-GCM")
        for name in ("warehouse.duckdb", "warehouse_marts.duckdb", "warehouse_marketing.duckdb")
    }


def test_who_was_erased_is_gone_and_the_others_are_there(
    encrypted: tuple[Encrypted, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = encrypted
    monkeypatch.setenv(storage.KEY, KEY)
    for name in ("warehouse", "warehouse_marts"):
        file = one.company.folder / f"{name}.duckdb"
        with storage.connect(file, read_only=True) as connection:
            people = dict(
                connection.execute("select customer_id, email from marts.dim_customers").fetchall()
            )
        assert one.person not in people
        assert one.address in people.values()


@pytest.mark.parametrize("key", [None, OTHER])
def test_every_command_refuses_in_a_line(
    encrypted: tuple[Encrypted, set[str]], key: str | None
) -> None:
    one, _ = encrypted
    settings = {} if key is None else {storage.KEY: key}
    told = "is encrypted: set CDI_ENCRYPTION_KEY to its key"
    if key:
        told = "is encrypted with another key than the one in CDI_ENCRYPTION_KEY"
    for command in ["load", "docs", "share build"] if key else ["status"]:
        said = one.company.cdi(*command.split(), settings=settings, code=1).strip()
        assert said.endswith(told), said
        assert "\n" not in said, said
        assert OTHER not in said
        assert os.sep not in said
