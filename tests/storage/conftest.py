"""A key, a bucket, the files of a small company, and what to look for in their bytes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from typer.testing import CliRunner, Result

from ingestion import settings
from scripts.cli import app
from tests.privacy.warehouses import write_warehouse

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

FIRST = "First-key-0123456789-abcdefghijklm"
SECOND = "Second-key-0123456789-abcdefghijklm"
CANARY = "Canary-zebra-7391"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """Sets a key."""
    monkeypatch.setenv("CDI_ENCRYPTION_KEY", FIRST)
    return FIRST


@pytest.fixture
def cdi() -> Callable[..., Result]:
    """Runs `cdi` in this process; what `main` would tell of is in the result as an exception."""

    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=given)

    return run


@pytest.fixture
def server() -> Iterator[ThreadedMotoServer]:
    """A server that speaks S3."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(server: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A lake in a bucket."""
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    # What one server of a process has, the next one has too.
    name = f"kept-{uuid.uuid4().hex}"
    s3fs.S3FileSystem().mkdir(name)
    monkeypatch.setenv("CDI_LAKE", f"s3://{name}/lake")
    yield f"s3://{name}/lake"
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def files() -> list[Path]:
    """A plain warehouse, its readers' copy and the file of a role, with a canary in each."""
    made = [
        settings.warehouse(),
        settings.published(),
        settings.shares() / "warehouse_agency.duckdb",
    ]
    settings.shares().mkdir(mode=0o700)
    write_warehouse(made[0])
    for file in made:
        with duckdb.connect(str(file)) as connection:
            connection.execute(
                "create schema if not exists marts; create table marts.canaries as "
                f"select i as number, '{CANARY}' || i as told, [i, null] as listed, "
                "{'a': i / 3} as nested from range(3000) as numbers (i);"
                "create or replace view marts.told as select told from marts.canaries union all "
                "select 'b' union all select 'c' union all select 'd';"
                "create index by_number on marts.canaries (number)"
            )
            connection.execute("checkpoint")
    return made


def places_of(text: str, folder: Path) -> list[str]:
    """Files below a folder with a text in their bytes."""
    return [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and text.encode() in file.read_bytes()
    ]
