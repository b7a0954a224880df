"""The made-up company's world: its people, and what eight tools know of them, faults included.

Every table is built by set-based SQL (`sql/`) from the lists in `data/`. All chance is a hash of
the seed, the row's number and the purpose, so a world depends on nothing but its size and seed:
not on the number of threads, the order of rows or the time of day.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from ingestion.sql import literal
from scripts.sandbox.world import reference

SQL = Path(__file__).parent / "sql"
STEPS = (
    "macros",
    "companies",
    "people",
    "memberships",
    "purchases",
    "knowledge",
    "slips",
    "person_records",
    "organization_records",
    "orders",
    "billing",
    "sales",
    "support",
    "email",
    "behaviour",
)


def build_world(
    connection: duckdb.DuckDBPyConnection,
    customers: int,
    seed: int,
    file: Path | str = ":memory:",
) -> None:
    """Builds all tables of a world and leaves them attached as `world`.

    Args:
        connection: gets the tables as `world.<table>`; nothing else of it is changed.
        customers: how many people there are.
        seed: another seed makes another world.
        file: DuckDB file that holds the tables; left out, they are kept in memory.
    """
    connection.execute(f"attach {literal(file)} as world")
    # What the steps need among themselves is temporary: it ends with this cursor.
    with connection.cursor() as cursor:
        cursor.execute(f"set variable seed = {seed:d}")
        cursor.execute(f"set variable customers = {customers:d}")
        reference.create(cursor)
        for step in STEPS:
            cursor.execute((SQL / f"{step}.sql").read_text(encoding="utf-8"))
