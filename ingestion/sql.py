"""Names and values from outside, written into SQL, and rows read by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa


def quoted(name: str) -> str:
    """A name as an identifier of SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A text, or a path, as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[object] | Mapping[str, object] | None = None,
) -> list[dict[str, Any]]:
    """Rows that a query gives, as dicts by column."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fingerprint(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]
) -> tuple[int, str]:
    """Number of rows of a relation, and a hash of all of them whatever their order.

    The hash is the engine's, whose next version may have another.
    """
    listed = ", ".join(map(quoted, columns))
    ((rows, total),) = connection.execute(
        f"select count(*), coalesce(sum(hash({listed})), 0) from {relation}"
    ).fetchall()
    return int(rows), str(total)


def text_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | None]],
) -> None:
    """Makes rows of text a temporary table, as long as need be."""
    listed = list(rows)
    arrays = [pa.array([row[at] for row in listed], pa.string()) for at in range(len(columns))]
    connection.register("given_texts", pa.table(arrays, names=list(columns)))
    connection.execute(f"create or replace temp table {quoted(name)} as from given_texts")
    connection.unregister("given_texts")
