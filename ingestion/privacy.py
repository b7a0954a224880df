"""What people asked of their data, and what must never come back: raw tables of `cdi privacy`."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from ingestion import bookkeeping
from ingestion.contracts import Pii, RawRecord, RawTable

SCHEMA = "raw_privacy"

Kind = Literal["access", "erase", "suppress", "rectify"]


class Request(RawRecord):
    """A request of a person about their data. Nothing in it tells who, but to who holds the key."""

    raw = RawTable(name="requests", key=("request_id",))

    request_id: str = Field(description="Id of the request.")
    kind: Kind | None = Field(
        default=None, description="`access`, `erase`, `suppress` or `rectify`."
    )
    law: str | None = Field(default=None, description="Law it is answered under.")
    subject: str | None = Field(
        default=None, description="Keyed hash of the identifier the person was found by."
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
    """A record or a value that was erased and is kept out, known by its keyed hash alone."""

    raw = RawTable(name="tombstones", key=("tombstone",))

    tombstone: str = Field(description="Keyed hash of the record's place and key, or of the value.")
    kind: Literal["record", "identifier"] | None = Field(
        default=None, description="`record` or `identifier`."
    )
    source: str | None = Field(default=None, description="Source of the record.")
    table_name: str | None = Field(default=None, description="Raw table of the record.")
    request_id: str | None = Field(default=None, description="Request it was erased in.")
    erased_at: datetime.datetime | None = Field(default=None, description="When (UTC).")


TABLES: tuple[type[RawRecord], ...] = (Request, Suppression, Rectification, Tombstone)


def declare() -> None:
    """Creates the tables that do not exist yet: models can always read them."""
    if not bookkeeping.is_declared(SCHEMA, TABLES):
        bookkeeping.declare(SCHEMA, TABLES)
