"""The whole way, once a session: sandbox company → sources → raw → marts → lineage site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
import yaml
from filelock import FileLock

from ingestion.settings import PROJECT
from ingestion.sources import SOURCES
from scripts.build import WITHOUT_UNIT_TESTS

CUSTOMERS = 400


@dataclass
class Company:
    """A sandbox company that went all the way.

    Args:
        folder: holds the sandbox, the warehouse, dbt's target and the site.
        output: what each command printed, by command.
    """

    folder: Path
    output: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "CDI_WAREHOUSE": str(self.warehouse),
            "CDI_FILES": str(self.folder / "files.yml"),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "COLUMNS": "200",
        }

    def cdi(
        self,
        *arguments: str,
        settings: dict[str, str] | None = None,
        code: int = 0,
        timeout: int = 580,
    ) -> str:
        """Runs `cdi` as a user would; fails the test where it ends with another code."""
        command = [str(Path(sys.executable).with_name("cdi")), *arguments]
        environment = self.environment | (settings or {})
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, f"cdi {' '.join(arguments)}:\n{said[-4000:]}"
        self.output[" ".join(arguments[:2])] = said
        return said

    def load(self) -> str:
        """Serves the sandbox and loads everything from it."""
        cdi = str(Path(sys.executable).with_name("cdi"))
        return self.cdi("sandbox", "serve", "--folder", str(self.sandbox), "--", cdi, "load")

    def load_from_the_beginning(self) -> str:
        """Loads everything as if nothing had been: every tool delivers all it has again."""
        with duckdb.connect(str(self.warehouse)) as connection:
            for source in SOURCES:
                connection.execute(f"delete from raw_{source}._dlt_pipeline_state")
        return self.load()

    @contextmanager
    def restored(self) -> Iterator[Company]:
        """Whatever is done to the company meanwhile is undone.

        It stays where it is: where the warehouse is another, dbt reads its whole project anew.
        """
        aside = Path(tempfile.mkdtemp(dir=self.folder.parent))
        shutil.copytree(self.folder, aside / "company")
        try:
            yield self
        finally:
            shutil.rmtree(self.folder)
            (aside / "company").rename(self.folder)
            aside.rmdir()

    @property
    def sandbox(self) -> Path:
        return self.folder / "sandbox"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def readers(self) -> Path:
        return self.folder / "warehouse_marts.duckdb"

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def company(of_all_workers: Path, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company of a few hundred people, generated, loaded and built.

    Whichever worker comes first makes it, and each has a copy to itself. All read the same inbox:
    files are known by their path.
    """
    shared = of_all_workers / "company"
    made, told = Company(shared / "made"), shared / "told.json"
    with FileLock(of_all_workers / "company.lock"):
        if not told.exists():
            # What another worker could not finish.
            shutil.rmtree(shared, ignore_errors=True)
            _make(made, inbox=shared / "inbox")
            told.write_text(json.dumps(made.output))
    company = Company(tmp_path_factory.mktemp("company"), json.loads(told.read_text()))
    shutil.copytree(made.folder, company.folder, dirs_exist_ok=True)
    return company


def _make(company: Company, inbox: Path) -> None:
    company.folder.mkdir(parents=True)
    mapping = yaml.safe_load((PROJECT / "ingestion" / "files.yml").read_text())
    for dataset in mapping["datasets"]:
        dataset["path"] = str(inbox / dataset["path"].removeprefix("data/sandbox/inbox/"))
    (company.folder / "files.yml").write_text(yaml.safe_dump(mapping))
    sandbox = ["--folder", str(company.sandbox), "--customers", str(CUSTOMERS)]
    company.cdi("sandbox", "generate", *sandbox)
    (company.sandbox / "inbox").rename(inbox)
    company.load()
    company.cdi("build")


@dataclass
class Elsewhere(Company):
    """A company whose data is kept in another storage than a warehouse alone."""

    storage: str = "hybrid"

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"CDI_STORAGE": self.storage, "CDI_LAKE": str(self.lake)}

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    def build(self) -> str:
        """Builds and publishes everything; unit tests know nothing of a storage."""
        return self.cdi("build", "--quiet", *WITHOUT_UNIT_TESTS)


@pytest.fixture(scope="session")
def kept_in(
    company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Elsewhere]:
    """The same company with nothing loaded yet, to be kept in a storage."""

    def make(storage: str) -> Elsewhere:
        other = Elsewhere(tmp_path_factory.mktemp(storage), storage=storage)
        shutil.copytree(company.sandbox, other.sandbox)
        shutil.copy(company.folder / "files.yml", other.folder)
        return other

    return make


@pytest.fixture(scope="session")
def hybrid(kept_in: Callable[[str], Elsewhere]) -> Elsewhere:
    """The same company with its raw records in a lake, loaded and built."""
    hybrid = kept_in("hybrid")
    hybrid.load()
    hybrid.build()
    return hybrid


@pytest.fixture
def restored(company: Company) -> Iterator[Company]:
    """The company, which is as it was again after the test."""
    with company.restored():
        yield company
