"""One small world that the tests of this folder only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import pytest

from scripts.sandbox.world import build_world

CUSTOMERS = 2000


@pytest.fixture(scope="session")
def world() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        build_world(connection, customers=CUSTOMERS, seed=1)
        yield connection


@pytest.fixture
def number(world: duckdb.DuckDBPyConnection) -> Callable[[str], float]:
    """The one number a query returns."""

    def run(sql: str) -> float:
        row = world.execute(sql).fetchone()
        assert row is not None
        return row[0]

    return run
