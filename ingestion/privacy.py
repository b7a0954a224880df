"""What people asked of their data, and what must never come back: raw tables of `cdi privacy`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import duckdb
from pydantic import Field

from ingestion import bookkeeping
from ingestion.contracts import Pii, RawRecord, RawTable
from ingestion.sql import text_table

SCHEMA = "raw_privacy"

Kind = Literal["access", "erase", "suppress", "rectify"]

ANY = "any"
"""Stands for every purpose or channel in a suppression."""


class Request(RawRecord):
    """A request of a person about their data. Nothing in it tells who, but to who holds the key."""

    raw = RawTable(name="requests", key=("request_id",))

    request_id: str = Field(description="Id of the request.")
    kind: Kind | None = Field(
        default=None, description="`access`, `erase`, `suppress` or `rectify`."
    )
    law: str | None = Field(default=None, description="Law it is answered under.")
    subject: str | None = Field(
        default=None, description="Keyed hash of the customer id the person had then."
    )
    records: int | None = Field(default=None, description="Source records it was about.")
    received_at: datetime.datetime | None = Field(default=None, description="When it came (UTC).")
    acknowledged_at: datetime.datetime | None = Field(
        default=None, description="When the person was told that it came (UTC)."
    )
    extended_at: datetime.datetime | None = Field(
        default=None, description="When the person was told that it takes longer (UTC)."
    )
    completed_at: datetime.datetime | None = Field(
        default=None, description="When it was done (UTC)."
    )
    outcome: str | None = Field(default=None, description="What came of it.")


class Suppression(RawRecord):
    """A record of a person that is not to be used for a purpose, whatever they once agreed to."""

    raw = RawTable(name="suppressions", key=("request_id", "record_key", "purpose", "channel"))

    request_id: str = Field(description="Request it was asked for in.")
    record_key: Annotated[str, Pii("direct_identifier")] = Field(
        description="The record, `source:record_id`."
    )
    purpose: str = Field(description="Purpose it is not to be used for; `any` stands for all.")
    channel: str = Field(description="Channel it is not to be used by; `any` stands for all.")
    suppressed_at: datetime.datetime | None = Field(default=None, description="From when on (UTC).")
    lifted_at: datetime.datetime | None = Field(
        default=None, description="Until when (UTC); empty while it holds."
    )


class Rectification(RawRecord):
    """A value that a person has put right. It holds against what any source says."""

    raw = RawTable(name="rectifications", key=("record_key", "attribute"))

    request_id: str = Field(description="Request it was asked for in.")
    record_key: Annotated[str, Pii("direct_identifier")] = Field(
        description="A record of the person, `source:record_id`."
    )
    attribute: str = Field(description="Attribute of `dim_customers` that was wrong.")
    value: Annotated[str | None, Pii("special")] = Field(
        default=None, description="What is right; empty where there is no such value."
    )
    rectified_at: datetime.datetime | None = Field(default=None, description="When (UTC).")


class Tombstone(RawRecord):
    """Something that was erased and is kept out for good, known by its keyed hash alone."""

    raw = RawTable(name="tombstones", key=("tombstone",))

    tombstone: str = Field(
        description="Keyed hash of the place and key of a row, of a person record, or of a value."
    )
    kind: Literal["row", "record", "value", "past"] | None = Field(
        default=None,
        description="`row`, `record` (of a person), `value` (an identifier), or `past`: a row as "
        "it was before what was past its time was taken out of it.",
    )
    request_id: str | None = Field(
        default=None, description="Request, or run of `cdi privacy retain`, it was erased in."
    )
    erased_at: datetime.datetime | None = Field(default=None, description="When (UTC).")


class Retention(RawRecord):
    """A class of personal data that was taken out of a record at the end of its time."""

    raw = RawTable(name="retentions", key=("record_key", "pii"))

    retention_id: str = Field(description="Run of `cdi privacy retain` that did it.")
    record_key: Annotated[str, Pii("direct_identifier")] = Field(
        description="The record, `source:record_id`."
    )
    pii: str = Field(description="The class.")
    retained_at: datetime.datetime | None = Field(default=None, description="When (UTC).")


TABLES: tuple[type[RawRecord], ...] = (
    Request, Suppression, Rectification, Tombstone, Retention
)  # fmt: skip


def row_mark(source: str, table: str, key: str) -> str:
    """What the tombstone of a raw row is the keyed hash of. `key`: its key's values by `|`."""
    return f"row:{source}:{table}:{key}"


def person_mark(source: str, record_id: str) -> str:
    """What the tombstone of a person record is the keyed hash of."""
    return f"record:{source}:{record_id}"


def value_mark(value: str) -> str:
    """What the tombstone of an identifier is the keyed hash of, such as of an e-mail address."""
    return f"value:{value.strip().lower()}"


def declare() -> None:
    """Creates the tables that do not exist yet: models can always read them."""
    bookkeeping.declare(SCHEMA, TABLES)


def write_request(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> None:
    """Writes a request down; one that is there already gets what `row` has of it.

    Args:
        connection: whose current database is the warehouse.
        row: columns of `requests`, `request_id` among them.
    """
    table = f"{SCHEMA}.{Request.raw.name}"
    told = {name: value for name, value in row.items() if name != "request_id"}
    found = connection.execute(
        f"update {table} set {', '.join(f'{name} = ?' for name in told)} where request_id = ?",
        [*told.values(), row["request_id"]],
    ).fetchone()
    if not found or not found[0]:
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})",
            list(row.values()),
        )


def suppress(
    connection: duckdb.DuckDBPyConnection,
    request_id: str,
    record_keys: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    at: datetime.datetime,
) -> None:
    """Writes that records are not to be used for these purposes and by these channels from `at`."""
    connection.executemany(
        f"insert into {SCHEMA}.{Suppression.raw.name} "
        "(request_id, record_key, purpose, channel, suppressed_at) values (?, ?, ?, ?, ?)",
        [
            (request_id, record_key, purpose, channel, at)
            for record_key in sorted(record_keys)
            for purpose, channel in pairs
        ],
    )


def lift(
    connection: duckdb.DuckDBPyConnection,
    record_keys: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    at: datetime.datetime,
) -> None:
    """Ends suppressions of records that are in force, at `at`."""
    connection.executemany(
        f"update {SCHEMA}.{Suppression.raw.name} set lifted_at = ? "
        "where record_key = ? and purpose = ? and channel = ? and lifted_at is null",
        [
            (at, record_key, purpose, channel)
            for record_key in sorted(record_keys)
            for purpose, channel in pairs
        ],
    )


def rectify(
    connection: duckdb.DuckDBPyConnection,
    request_id: str,
    record_keys: Sequence[str],
    values: dict[str, str | None],
    at: datetime.datetime,
) -> None:
    """Writes what is right of attributes of a person, beside each of their records.

    Beside each, so that it stays with the person when records come and go or are put together
    anew. What was put right before is replaced.
    """
    keys = [(record_key, attribute) for record_key in sorted(record_keys) for attribute in values]
    connection.executemany(
        f"delete from {SCHEMA}.{Rectification.raw.name} where record_key = ? and attribute = ?",
        keys,
    )
    connection.executemany(
        f"insert into {SCHEMA}.{Rectification.raw.name} "
        "(request_id, record_key, attribute, value, rectified_at) values (?, ?, ?, ?, ?)",
        [(request_id, *key, values[key[1]], at) for key in keys],
    )


def retain(
    connection: duckdb.DuckDBPyConnection,
    retention_id: str,
    cells: Sequence[tuple[str, str]],
    at: datetime.datetime,
) -> None:
    """Writes which classes were taken out of which records at `at`."""
    table = f"{SCHEMA}.{Retention.raw.name}"
    text_table(connection, "retained", ("record_key", "pii"), cells)
    connection.execute(
        f"delete from {table} using temp.retained "
        f"where {table}.record_key = retained.record_key and {table}.pii = retained.pii"
    )
    connection.execute(
        f"insert into {table} (retention_id, record_key, pii, retained_at) "
        "select ?, record_key, pii, ? from temp.retained",
        [retention_id, at],
    )
