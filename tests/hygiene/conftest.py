"""Macros as dbt compiles them, on a database that holds the seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import duckdb
import pyarrow
import pytest
import yaml
from dbt.cli.main import dbtRunner

from ingestion.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds" / "reference"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Compiles SQL that calls macros of the project."""
    folder = tmp_path_factory.mktemp("dbt")

    @cache
    def compile_inline(sql: str) -> str:
        with pytest.MonkeyPatch.context() as patch:
            # With another warehouse dbt reads its whole project anew.
            patch.setenv("CDI_WAREHOUSE", str(folder / "warehouse.duckdb"))
            done = dbtRunner().invoke(
                [
                    *("compile", "--quiet", "--no-introspect", "--inline", sql),
                    *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                    *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
                ]
            )
        assert done.success, done.exception
        return done.result.results[0].node.compiled_code

    return compile_inline


@pytest.fixture(scope="session")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the reference seeds, each column of the type its yml gives it."""
    connection = duckdb.connect(config={"threads": 2})
    for file in sorted(SEEDS.glob("*.csv")):
        seed = yaml.safe_load(file.with_suffix(".yml").read_text())["seeds"][0]
        connection.read_csv(
            str(file), header=True, columns=seed["config"]["column_types"], na_values=""
        ).create(file.stem)
    yield connection
    connection.close()


def table(connection: duckdb.DuckDBPyConnection, name: str, **columns: list[str | None]) -> None:
    """Makes text columns a table, with the number of each row as `id`."""
    typed = {column: pyarrow.array(rows, pyarrow.string()) for column, rows in columns.items()}
    rows = len(next(iter(typed.values())))
    connection.register("given", pyarrow.table({"id": pyarrow.array(range(rows)), **typed}))
    connection.execute(f"create or replace table {name} as from given")
    connection.unregister("given")


def disagreements(differing: list[tuple[str, str]], count: int) -> str:
    """What a test says of the cases that differ: the share that agrees, and the first of each kind.

    Args:
        differing: the kind of each case, and what was given, wanted and found.
        count: cases compared in all.
    """
    kinds = Counter(kind for kind, _ in differing)
    first = dict(reversed(differing))
    lines = [f"{1 - len(differing) / count:.4%} of {count:,} agree"]
    lines += [f"{number:>6}  {kind}: {first[kind]}" for kind, number in kinds.most_common(20)]
    return "\n".join(lines)
