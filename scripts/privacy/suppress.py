"""Leaves people alone: their records are not used for a purpose, or by a channel, from now on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from ingestion import privacy
from ingestion.lock import exclusive
from ingestion.sql import text_table
from scripts.privacy import register
from scripts.privacy.register import Asked, RequestError
from scripts.privacy.subjects import Subject, find
from scripts.seeds import seed_rows

Pair = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """What a suppression, or its end, changes for a person.

    Args:
        subject: who.
        in_force: purposes and channels that hold already, `any` standing for all.
        may_contact: whether they may be contacted now, by purpose and channel it is about.
    """

    subject: Subject
    in_force: frozenset[Pair]
    may_contact: dict[Pair, bool]


def pairs_of(purposes: Sequence[str], channels: Sequence[str]) -> tuple[Pair, ...]:
    """Purposes and channels as suppressions have them; all of them, where none is given.

    Raises:
        RequestError: the seeds know no such purpose or channel.
    """
    known = {
        "--purpose": {row["purpose"] for row in seed_rows("processing_purposes")},
        "--channel": {row["channel"] for row in seed_rows("contact_channels")},
    }
    for option, given in (("--purpose", purposes), ("--channel", channels)):
        for one in given:
            if one not in known[option] | {privacy.ANY}:
                raise RequestError(f"{option} {one} is none of {', '.join(sorted(known[option]))}")
    return tuple(
        (purpose, channel)
        for purpose in purposes or (privacy.ANY,)
        for channel in channels or (privacy.ANY,)
    )


def plan(identifiers: Sequence[str], pairs: tuple[Pair, ...]) -> list[Change]:
    """What it would change for the people of these identifiers. Nothing is changed.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by an identifier.
    """
    with register.opened(read_only=True) as connection:
        return _planned(connection, identifiers, pairs)


def change(
    identifiers: Sequence[str], pairs: tuple[Pair, ...], asked: Asked, lift: bool
) -> list[str]:
    """Suppresses people, or lifts that, as of now; the marts know it from the next build on.

    Returns:
        The request of each person for whom something changed.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by an identifier.
        RequestError: the law has no terms for it, or there is nothing to lift.
    """
    with exclusive("cdi privacy suppress"), register.opened() as connection:
        done = []
        connection.execute("begin")
        try:
            for planned in _planned(connection, identifiers, pairs):
                keys = sorted(planned.subject.record_keys)
                at = register.now()
                left = [pair for pair in pairs if (pair in planned.in_force) == lift]
                if not left:
                    continue
                row = register.note(connection, "suppress", planned.subject, asked)
                if lift:
                    privacy.lift(connection, keys, left, at)
                else:
                    privacy.suppress(connection, row["request_id"], keys, left, at)
                outcome = "lifted" if lift else "suppressed"
                privacy.write_request(connection, row | {"completed_at": at, "outcome": outcome})
                done.append(row["request_id"])
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        return done


def _planned(
    connection: duckdb.DuckDBPyConnection, identifiers: Sequence[str], pairs: tuple[Pair, ...]
) -> list[Change]:
    return [
        Change(
            subject,
            _in_force(connection, subject, register.now()),
            {
                (purpose, channel): may_contact
                for purpose, channel, may_contact in connection.execute(
                    "select purpose, channel, may_contact from marts.customer_contactability "
                    "where customer_id = ? order by purpose, channel",
                    [subject.customer_id],
                ).fetchall()
                if any(
                    of in (purpose, privacy.ANY) and by in (channel, privacy.ANY)
                    for of, by in pairs
                )
            },
        )
        for subject in find(connection, identifiers)
    ]


def _in_force(
    connection: duckdb.DuckDBPyConnection, subject: Subject, at: datetime.datetime
) -> frozenset[Pair]:
    text_table(connection, "suppressed", ("value",), [(one,) for one in subject.record_keys])
    rows = connection.execute(
        f"select distinct purpose, channel from {privacy.SCHEMA}.suppressions "
        "where record_key in (select value from temp.suppressed) "
        "and coalesce(lifted_at > ?, true)",
        [at],
    ).fetchall()
    return frozenset((purpose, channel) for purpose, channel in rows)
