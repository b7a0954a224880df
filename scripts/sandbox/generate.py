"""Generates the sandbox company: what its tools hold, and apart from that, who is who."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import duckdb

from ingestion.sql import literal
from scripts.sandbox.server import API_VENDORS, FILE_VENDORS, vendor
from scripts.sandbox.world import build_world

HERE = Path(__file__).parent
MANIFEST = "manifest.json"
OBJECTS = "objects.duckdb"
# What DuckDB may hold in memory; a big company's tables go to disk in between.
MEMORY = "4GB"

# Every record of a person, and whose it is. Records of nobody have a person to themselves.
_CUSTOMERS = """
select source, record_id, person_id from world.person_records
order by source, record_number
"""
# Every record of a company, and which it is; the tracking library knows companies as groups.
_ACCOUNTS = """
select source, record_id, company_id from world.organization_records
union all
select distinct 'segment_events', group_id, companies.company_id
from world.web_events
inner join world.companies on web_events.group_id = companies.domain
order by all
"""


@dataclass(frozen=True)
class Summary:
    """What was generated.

    Args:
        customers: how many people the company knows.
        seed: what its chance started from.
        generator: fingerprint of the code and lists it was made with.
        records: how many records of people there are, in all sources together.
        rows: rows by table, of the world and of what is served.
        reused: whether it was there already.
    """

    customers: int
    seed: int
    generator: str
    records: int
    rows: dict[str, int]
    reused: bool = False


def generate(folder: Path, customers: int = 2000, seed: int = 1) -> Summary:
    """Generates a company into a folder, unless the very same is there already.

    The folder gets `objects.duckdb` (what the five APIs serve), the files and the database of the
    other sources, `manifest.json`, and `truth/`: `customers.csv` (source, record_id, person_id),
    `accounts.csv` (source, record_id, company_id) and `people.parquet`. It appears at once when
    everything is written: an interrupted generation leaves what was there before.

    Args:
        folder: made if missing; a sandbox in it is replaced.
        customers: how many people there are, at least 1.
        seed: another seed makes another company.

    Raises:
        FileExistsError: the folder holds something that is not a sandbox.
    """
    folder = folder.resolve()
    there = read_manifest(folder)
    if there is None and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty and no sandbox: choose another folder")
    if there and (there.customers, there.seed, there.generator) == (customers, seed, fingerprint()):
        return replace(there, reused=True)

    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    summary = _write(unfinished, customers, seed)
    replaced = folder.with_name(f".{folder.name}.replaced")
    shutil.rmtree(replaced, ignore_errors=True)
    if folder.exists():
        folder.rename(replaced)
    unfinished.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)
    return summary


def read_manifest(folder: Path) -> Summary | None:
    """What the folder's sandbox is, or None where there is none."""
    file = folder / MANIFEST
    return Summary(**json.loads(file.read_text())) if file.exists() else None


def fingerprint() -> str:
    """Changes with any code, list or library that has a say in what is generated."""
    digest = hashlib.sha256()
    files = [Path(__file__), *HERE.glob("world/**/*"), *HERE.glob("vendors/*.py")]
    for file in sorted(files):
        if file.suffix in (".py", ".sql", ".csv"):
            digest.update(f"{file.relative_to(HERE).as_posix()}\n".encode() + file.read_bytes())
    for library in ("duckdb", "faker", "text-unidecode"):
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:16]


def _write(folder: Path, customers: int, seed: int) -> Summary:
    world = folder / "world.duckdb"
    with duckdb.connect(folder / OBJECTS, config={"memory_limit": MEMORY}) as connection:
        build_world(connection, customers, seed, world)
        for name in (*API_VENDORS, *FILE_VENDORS):
            vendor(name).render(connection, folder)
        truth = folder / "truth"
        truth.mkdir()
        for query, file, options in (
            (_CUSTOMERS, "customers.csv", "format csv, header"),
            (_ACCOUNTS, "accounts.csv", "format csv, header"),
            ("from world.people order by person_id", "people.parquet", "format parquet"),
        ):
            connection.execute(f"copy ({query}) to {literal(truth / file)} ({options})")
        rows = _count_rows(connection)
        connection.execute("detach world")
    world.unlink()
    summary = Summary(customers, seed, fingerprint(), rows["world.person_records"], rows)
    (folder / MANIFEST).write_text(json.dumps(asdict(summary), indent=2) + "\n")
    return summary


def _count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table by `world.<table>` or `<vendor>.<kind>`."""
    tables = connection.execute(
        """
        select case when database_name = 'world' then 'world' else schema_name end, table_name
        from duckdb_tables()
        where not temporary
        order by all
        """
    ).fetchall()
    counts = {}
    for schema, table in tables:
        row = connection.execute(f'select count(*) from {schema}."{table}"').fetchone()
        counts[f"{schema}.{table}"] = row[0] if row else 0
    return counts
