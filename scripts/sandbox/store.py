"""The objects the sandbox serves: one DuckDB table for each kind of object of each vendor."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = """(
    id varchar, created_at timestamp, updated_at timestamp,
    deleted boolean default false, parent_id varchar, body json
)"""
# Objects: the longest page of any vendor is shorter.
LONGEST_PAGE = 2_000


@dataclass(frozen=True)
class Stored:
    """One object: its id, times in UTC, whether deleted, and the object as the vendor sends it."""

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    deleted: bool
    parent_id: str | None
    object: dict[str, Any]


def beyond(column: str, comparison: str, moment: str = "?") -> str:
    """A SQL condition for what comes after an object in the order of a time and of ids.

    Takes three parameters: the object's time twice, and its id. DuckDB passes over rows by the
    bound on the column alone, and not by the one on the pair.

    Args:
        column: `created_at` or `updated_at`.
        comparison: `>`, or `<` where the order goes down.
        moment: SQL for a time, of one parameter.
    """
    return f"{column} {comparison}= {moment} and ({column}, id) {comparison} ({moment}, ?)"


class Store:
    """Objects by vendor and kind, such as `hubspot.contacts`, with keyset paging over them.

    Args:
        file: objects written by the generator, copied into memory so that serving and tests
            never change them; without it the store starts empty.
    """

    def __init__(self, file: Path | None = None) -> None:
        # A page is found by times and ids, and bodies are read of its objects alone.
        self.connection = duckdb.connect(config={"late_materialization_max_rows": LONGEST_PAGE})
        if file is not None:
            self.connection.execute(f"attach '{file}' as generated (read_only)")
            self.connection.execute("copy from database generated to memory")
            self.connection.execute("detach generated")

    def ensure(self, kind: str) -> None:
        """Creates an empty kind, such as `hubspot.contacts`, where there is none."""
        self.connection.cursor().execute(f"create schema if not exists {kind.split('.')[0]}")
        self.connection.cursor().execute(f"create table if not exists {kind} {COLUMNS}")

    def put(
        self,
        kind: str,
        id: str,
        body: dict[str, Any],
        created_at: str | datetime.datetime,
        updated_at: str | datetime.datetime | None = None,
        deleted: bool = False,
        parent_id: str | None = None,
    ) -> None:
        """Writes one object, replacing the one of the same id."""
        self.ensure(kind)
        cursor = self.connection.cursor()
        cursor.execute(f"delete from {kind} where id = ?", [id])
        cursor.execute(
            f"insert into {kind} values (?, ?, ?, ?, ?, ?)",
            [id, created_at, updated_at or created_at, deleted, parent_id, json.dumps(body)],
        )

    def get(self, kind: str, id: str) -> Stored | None:
        """One object by its id."""
        found = self.select(kind, "id = ?", [id])
        return found[0] if found else None

    def select(
        self,
        kind: str,
        where: str = "true",
        parameters: list[Any] | None = None,
        order_by: str = "updated_at, id",
        limit: int | None = None,
    ) -> list[Stored]:
        """Objects by a SQL condition on `id, created_at, updated_at, deleted, parent_id, body`."""
        self.ensure(kind)
        rows = (
            self.connection.cursor()
            .execute(
                f"select id, created_at, updated_at, deleted, parent_id, body from {kind} "
                f"where {where} order by {order_by}" + (f" limit {limit}" if limit else ""),
                parameters or [],
            )
            .fetchall()
        )
        return [
            Stored(id, created_at, updated_at, deleted, parent_id, json.loads(body))
            for id, created_at, updated_at, deleted, parent_id, body in rows
        ]

    def count(self, kind: str, where: str = "true", parameters: list[Any] | None = None) -> int:
        """How many objects meet a condition."""
        self.ensure(kind)
        row = (
            self.connection.cursor()
            .execute(f"select count(*) from {kind} where {where}", parameters or [])
            .fetchone()
        )
        return row[0] if row else 0
