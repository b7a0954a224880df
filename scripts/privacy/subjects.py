"""Who a request is about: everything that identity knows of a person, and nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from ingestion.sql import text_table


class UnknownPersonError(Exception):
    """Nobody, or more than one person, is known by an identifier. The message never has it.

    Args:
        message: what is said.
        is_nobody: whether nobody is known by it.
    """

    def __init__(self, message: str, is_nobody: bool = False) -> None:
        super().__init__(message)
        self.is_nobody = is_nobody


@dataclass(frozen=True)
class Subject:
    """A person, and all that tells of them.

    Args:
        customer_id: the id they have now.
        ids: every id they ever had, that one included.
        records: their source records, as (source, record id).
        identifiers: values that are theirs alone, normalized and as the sources wrote them.
        shared: how many of their identifiers others have too, such as a household's telephone.
        devices: ids of devices and browsers that are theirs alone.
        contacts: of the identifiers, those they can be reached by.
    """

    customer_id: str
    ids: frozenset[str]
    records: frozenset[tuple[str, str]]
    identifiers: frozenset[str] = field(repr=False)
    shared: int
    devices: frozenset[str] = field(repr=False)
    contacts: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def record_keys(self) -> frozenset[str]:
        """Keys of the records, as models have them: `source:record id`."""
        return frozenset(f"{source}:{record_id}" for source, record_id in self.records)


def find(connection: duckdb.DuckDBPyConnection, identifiers: Sequence[str]) -> list[Subject]:
    """Finds the person of each identifier.

    That is a customer id of now or before, the key of a record (`source:record id`), or an e-mail
    address, telephone number, user id … normalized or as a source wrote it.

    Args:
        connection: whose current database is the built warehouse, read-only or not.
        identifiers: one for each person that is asked for.

    Returns:
        A subject for each person. Two identifiers of one person give one subject.

    Raises:
        UnknownPersonError: naming which of them, by its place, and the customers it could be.
    """
    asked = [(str(place), one.strip()) for place, one in enumerate(identifiers, start=1)]
    text_table(connection, "asked", ("place", "value"), asked)
    # What is a customer's id or a record's key is nothing else: values come after.
    found = connection.execute(
        """
        with keyed as (
            select customer_id as value, customer_id from marts.dim_customers
            union all
            select alias_id as value, customer_id from marts.customer_id_aliases
            union all
            select record_key as value, customer_id from marts.xref_customer_records
        ),
        valued as (
            select lower(identifier_value) as value, customer_id
            from marts.xref_customer_identifiers
            where identifier_type <> 'address'
            union all
            select lower(trim(written.identifier_value)) as value, records.customer_id
            from intermediate.int_identifiers__unioned as written
            inner join marts.xref_customer_records as records using (record_key)
            where written.entity = 'person'
            union all
            select lower(rectifications.value) as value, records.customer_id
            from raw_privacy.rectifications as rectifications
            inner join marts.xref_customer_records as records using (record_key)
            where rectifications.attribute in ('email', 'phone')
        ),
        matched as (
            select asked.place, keyed.customer_id, 1 as preference
            from temp.asked inner join keyed using (value)
            union all
            select asked.place, valued.customer_id, 2 as preference
            from temp.asked inner join valued on lower(asked.value) = valued.value
        ),
        preferred as (
            select place, customer_id from matched
            qualify preference = min(preference) over (partition by place)
        )
        select asked.place, list(distinct preferred.customer_id order by preferred.customer_id)
        from temp.asked
        left join preferred using (place)
        group by asked.place
        order by cast(asked.place as integer)
        """
    ).fetchall()
    wanted: dict[str, None] = {}
    for place, listed in found:
        customers = [customer for customer in listed if customer is not None]
        if not customers:
            raise UnknownPersonError(
                f"nobody is known by identifier {place}: give an e-mail address, a telephone "
                "number, a customer id, or `source:record id` as a tool has it",
                is_nobody=True,
            )
        if len(customers) > 1:
            raise UnknownPersonError(
                f"identifier {place} is shared by {len(customers)} customers "
                f"({', '.join(customers[:5])}{' …' if len(customers) > 5 else ''}): "
                "give the customer id of the one who is meant"
            )
        wanted[customers[0]] = None
    return subjects_of(connection, list(wanted))


def subjects_of(connection: duckdb.DuckDBPyConnection, customers: Sequence[str]) -> list[Subject]:
    """All that identity knows of customers, by their ids of now."""
    text_table(connection, "wanted", ("value",), [(customer,) for customer in customers])
    records: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for customer, source, record_id in connection.execute(
        "select customer_id, source, record_id from marts.xref_customer_records "
        "where customer_id in (select value from temp.wanted)"
    ).fetchall():
        records[customer].add((source, record_id))
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for customer, former in connection.execute(
        """
        with former as (
            select customer_id, alias_id from marts.customer_id_aliases
            union
            select records.customer_id, unnest([history.golden_id, history.previous_id])
            from intermediate.int_record_ids__assigned as history
            inner join marts.xref_customer_records as records using (record_key)
            -- An organization may have a record of the same key.
            where history.entity = 'person'
        )
        select customer_id, alias_id
        from former
        where
            customer_id in (select value from temp.wanted)
            -- An id that another customer goes by is theirs, whoever had it before.
            and alias_id not in (
                select customer_id from marts.dim_customers
                where customer_id not in (select value from temp.wanted)
            )
        """
    ).fetchall():
        ids[customer].add(former)
    identifiers: defaultdict[str, set[str]] = defaultdict(set)
    devices: defaultdict[str, set[str]] = defaultdict(set)
    contacts: defaultdict[str, set[str]] = defaultdict(set)
    shared: defaultdict[str, set[str]] = defaultdict(set)
    for customer, kind, value, written, is_shared in connection.execute(
        """
        with held as (
            select customer_id, identifier_type, identifier_value
            from marts.xref_customer_identifiers
            -- An address is of a home, not of a person.
            where identifier_type <> 'address'
            union
            -- What they put right they are reached by, though no source knows them by it.
            select records.customer_id, rectifications.attribute, rectifications.value
            from raw_privacy.rectifications as rectifications
            inner join marts.xref_customer_records as records using (record_key)
            where rectifications.attribute in ('email', 'phone') and rectifications.value <> ''
        ),
        holders as (
            select identifier_type, identifier_value, count(distinct customer_id) > 1 as is_shared
            from held
            group by all
        ),
        written as (
            select distinct
                records.customer_id,
                normalized.identifier_type,
                normalized.normalized_value,
                trim(normalized.identifier_value) as written
            from intermediate.int_identifiers__normalized as normalized
            inner join marts.xref_customer_records as records using (record_key)
            where
                normalized.entity = 'person'
                and records.customer_id in (select value from temp.wanted)
        )
        select
            held.customer_id, held.identifier_type, held.identifier_value, written.written,
            holders.is_shared
        from held
        inner join holders using (identifier_type, identifier_value)
        left join written
            on
                held.customer_id = written.customer_id
                and held.identifier_type = written.identifier_type
                and held.identifier_value = written.normalized_value
        where held.customer_id in (select value from temp.wanted)
        """
    ).fetchall():
        if is_shared:
            shared[customer].add(value)
            continue
        identifiers[customer] |= {value} if written is None else {value, written}
        if kind == "anonymous_id":
            devices[customer].add(value)
        if kind in ("email", "phone"):
            contacts[customer] |= {value} if written is None else {value, written}
    return [
        Subject(
            customer,
            frozenset({customer} | ids[customer]),
            frozenset(records[customer]),
            frozenset(identifiers[customer]),
            len(shared[customer]),
            frozenset(devices[customer]),
            frozenset(contacts[customer]),
        )
        for customer in customers
    ]
