"""The register of requests: what people asked for, under which law, and until when.

Who asked is in it as a keyed hash alone: a request of somebody is found again, but nobody can read
from it whose it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import duckdb

from ingestion import bookkeeping, keys, privacy, settings, storage
from ingestion.bookkeeping import now
from ingestion.macros import project_macros
from ingestion.sql import rows_of
from scripts.incident.people import load_seed
from scripts.privacy.subjects import Subject
from scripts.seeds import seed_rows

TABLE = f"{privacy.SCHEMA}.{privacy.Request.raw.name}"
KINDS: tuple[str, ...] = get_args(privacy.Kind)


class RequestError(Exception):
    """A request cannot be written down or carried out. The message says why, and what to do."""


@dataclass(frozen=True)
class Asked:
    """How a request came.

    Args:
        law: it is answered under.
        received_at: when it came, UTC; the time it is carried out, where none is given.
    """

    law: str | None = None
    received_at: datetime.datetime | None = None


def moment(option: str, written: str | None, to_come: bool = False) -> datetime.datetime | None:
    """A time that was given, in UTC.

    Args:
        option: that it was given by.
        written: as it was written; or nothing.
        to_come: whether it may be yet to come.

    Raises:
        RequestError: it is none, or yet to come.
    """
    if written is None:
        return None
    try:
        at = datetime.datetime.fromisoformat(written)
    except ValueError:
        raise RequestError(
            f"{option} {written} is no time: write it as 2026-03-01T14:30Z, or with +01:00"
        ) from None
    if at.tzinfo:
        at = at.astimezone(datetime.UTC).replace(tzinfo=None)
    if at > now() and not to_come:
        raise RequestError(f"{option} {at:%Y-%m-%d %H:%M:%S} UTC is yet to come")
    return at


def check_law(law: str, kind: str) -> None:
    """Sees that the seed `privacy_laws` has terms for a kind of request.

    Raises:
        RequestError: it has not.
    """
    rows = seed_rows("privacy_laws")
    if not any(row["law"] == law and row["kind"] == kind for row in rows):
        known = ", ".join(dict.fromkeys(row["law"] for row in rows if row["kind"] == kind))
        raise RequestError(
            f"privacy_laws.csv has no terms for {kind} under {law}: it has those of {known}"
        )


def hashes(subject: Subject) -> list[str]:
    """What a person's requests may be under: keyed hashes of every customer id they had."""
    return [keys.keyed_hash(privacy.value_mark(one)) for one in sorted(subject.ids)]


def hash_of(identifier: str) -> str:
    """What a request is under of somebody whom nothing is known of."""
    return keys.keyed_hash(privacy.value_mark(identifier))


@contextmanager
def opened(
    read_only: bool = False, file: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, with the register in it.

    Args:
        read_only: whether nothing is to be written.
        file: a copy of the warehouse that is opened instead.

    Raises:
        RequestError: there is no warehouse.
    """
    if not settings.warehouse().exists():
        raise RequestError("there is no warehouse: run `cdi load` and `cdi build`")
    if not read_only:
        privacy.declare()
    with storage.connect(file or settings.warehouse(), read_only=read_only) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def note(
    connection: duckdb.DuckDBPyConnection, kind: str, subject: Subject, asked: Asked
) -> dict[str, Any]:
    """The request of somebody that is to be carried out: one noted before, or else a new one.

    Args:
        connection: whose current database is the warehouse.
        kind: what they asked for.
        subject: who.
        asked: how it came; the law and time of a request noted before hold.

    Returns:
        Its row, which is not written yet.

    Raises:
        RequestError: its law has no terms for it.
    """
    listed = hashes(subject)
    for row in rows_of(
        connection,
        f"select request_id, kind, law, subject, records, received_at from {TABLE} "
        "where kind = ? and completed_at is null and list_contains(?, subject) "
        "order by received_at, request_id limit 1",
        [kind, listed],
    ):
        return row | {"records": len(subject.records)}
    law = asked.law or "gdpr"
    check_law(law, kind)
    return {
        "request_id": new_id(connection),
        "kind": kind,
        "law": law,
        "subject": keys.keyed_hash(privacy.value_mark(subject.customer_id)),
        "records": len(subject.records),
        "received_at": asked.received_at or now(),
    }


def new_id(connection: duckdb.DuckDBPyConnection, others: Iterable[str] = ()) -> str:
    """An id that no request has, nor one of `others`: the day it is noted, and a number."""
    start = f"req_{now():%Y%m%d}_"
    taken = {one for (one,) in connection.execute(f"select request_id from {TABLE}").fetchall()}
    taken |= set(others)
    number = 1
    while f"{start}{number}" in taken:
        number += 1
    return f"{start}{number}"


def one(connection: duckdb.DuckDBPyConnection, request_id: str) -> dict[str, Any]:
    """A request as it is judged now.

    Raises:
        RequestError: there is none of that id.
    """
    found = [row for row in judged(connection) if row["request_id"] == request_id]
    if not found:
        raise RequestError(f"no request {request_id}: `cdi privacy status` lists them")
    return found[0]


def judged(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every request with its terms, as of now: what is open first, by when it is due."""
    if not bookkeeping.is_declared_in(connection, privacy.SCHEMA, (privacy.Request,)):
        return []
    load_seed(connection, "privacy_laws", "governance")
    sql = project_macros()["judged_requests"](TABLE, "temp.privacy_laws", f"timestamp '{now()}'")
    return rows_of(
        connection,
        f"select * from ({sql}) order by completed_at is not null, next_due_at nulls last, "
        "completed_at desc, received_at, length(request_id), request_id",
    )
