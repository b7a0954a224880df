"""Where found clusters and true ones disagree: how much, the worst of it, and in what.

Both kinds of error are one thing seen from two sides. A *holder* holds records of several *parts*:
a customer those of several true entities (pairs that are wrong), or a true entity those of several
customers (pairs that are missed).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from scripts.identity.measures import pairs

# Pairs that are looked at to tell in what they agree: of more, as many are drawn evenly.
MOST_PAIRS = 100_000
# Parts shown of an example, and records of a part.
SHOWN_PARTS = 3
SHOWN_RECORDS = 3
# Attributes two records are compared by, and how they can be to each other in each: in this order.
KINDS = tuple(
    (attribute, relation)
    for attribute, relations in {
        "together": ("nothing in common", "something in common", "person and organization"),
        "name": (
            "same", "swapped", "nickname", "given name differs", "family name differs", "differs",
            "partly missing", "missing",
        ),
        "birth date": ("same", "day and month swapped", "differs", "missing"),
        **dict.fromkeys(("e-mail", "phone", "address", "company"), ("same", "differs", "missing")),
    }.items()
    for relation in relations
)  # fmt: skip
# Where records are described, and the columns that are read of them.
DESCRIPTIONS = {
    "intermediate.int_person_records__cleaned": (
        "record_key", "full_name", "given_name_key", "family_name_key", "nickname_groups",
        "birth_date", "email_key", "phone", "address_key", "company_key",
    ),
    "intermediate.int_organizations__cleaned": (
        "record_key", "company_key", "email_key", "phone", "address_key",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Records that a holder and a part have in common.

    Args:
        cluster: id of the part.
        record_count: how many they are.
        record_keys: some of them.
    """

    cluster: str
    record_count: int
    record_keys: list[str]


@dataclass(frozen=True)
class Example:
    """A holder of several parts.

    Args:
        cluster: its id.
        record_count: records it holds.
        part_count: parts these are of.
        pair_count: pairs of records of two different parts.
        parts: the largest of the parts.
    """

    cluster: str
    record_count: int
    part_count: int
    pair_count: int
    parts: list[Part]


@dataclass(frozen=True)
class Likeness:
    """How many pairs are alike, or differ, in one way.

    Args:
        attribute: what is compared.
        relation: how the two are.
        pair_count: pairs looked at of which this holds.
    """

    attribute: str
    relation: str
    pair_count: int


@dataclass(frozen=True)
class Disagreements:
    """All holders of several parts.

    Args:
        holder_count: how many they are.
        part_count: parts they hold records of.
        pair_count: pairs of records of one holder and two parts.
        looked_at_count: pairs that were looked at for what follows.
        likenesses: in what these pairs are alike; several hold of a pair, one of each attribute.
        examples: the holders with most such pairs.
    """

    holder_count: int
    part_count: int
    pair_count: int
    looked_at_count: int
    likenesses: list[Likeness] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


def disagreements(
    connection: duckdb.DuckDBPyConnection, holder: str, part: str, examples: int
) -> Disagreements:
    """Finds the holders of several parts.

    Args:
        connection: has a table `compared` with a row a record that both clusterings have: `record`
            (a number), `entity`, `record_key`, and the columns of the clusters; and, attached as
            `build`, what describes the records.
        holder: column of `compared`: the cluster that may hold too much.
        part: column of `compared`: the other cluster.
        examples: how many holders are named at most.
    """
    connection.execute(
        f"""
        create or replace temp table cells as
        select
            {holder} as holder,
            {part} as part,
            count(*) as size
        from compared
        group by all
        """
    )
    connection.execute(
        f"""
        create or replace temp table holders as
        select
            holder,
            count(*) as part_count,
            sum(size) as record_count,
            {pairs("sum(size)")} - sum({pairs("size")}) as pair_count
        from cells
        group by holder
        having count(*) > 1
        """
    )
    ((holder_count, pair_count, part_count),) = connection.execute(
        "select count(*), coalesce(sum(pair_count), 0), "
        "(select count(distinct part) from cells where holder in (select holder from holders)) "
        "from holders"
    ).fetchall()
    looked_at = min(int(pair_count), MOST_PAIRS)
    _draw(connection, holder, part, int(pair_count), looked_at)
    return Disagreements(
        holder_count=holder_count,
        part_count=part_count,
        pair_count=int(pair_count),
        looked_at_count=looked_at,
        likenesses=_likenesses(connection),
        examples=_examples(connection, holder, part, examples),
    )


def _draw(
    connection: duckdb.DuckDBPyConnection, holder: str, part: str, pair_count: int, wanted: int
) -> None:
    """Makes `drawn`: as many pairs of two parts as are wanted, evenly drawn from all.

    Records of a holder stand in the order of their parts. So the partners of each, those of later
    parts, stand in a row, and the pairs can be numbered without being made. A number is drawn from
    each of `wanted` equal ranges, where the golden ratio scatters it: the same in every run.
    """
    connection.execute(
        f"""
        create or replace temp table drawn as
        with
        placed as (
            select
                compared.record,
                holders.holder,
                holders.record_count,
                row_number() over (
                    partition by holders.holder order by compared.{part}, compared.record
                ) as place,
                count(*) over (
                    partition by holders.holder order by compared.{part}
                ) as last_of_part
            from compared
            inner join holders on compared.{holder} = holders.holder
        ),
        numbered as (
            select
                *,
                cast(
                    sum(record_count - last_of_part) over (order by holder, place)
                    - (record_count - last_of_part) as bigint
                ) as first_pair
            from placed
        ),
        firsts as (
            select *
            from numbered
            where last_of_part < record_count
        ),
        ranges as (
            select
                cast(range as hugeint) * {pair_count} // {max(wanted, 1)} as first_pair,
                cast(range + 1 as hugeint) * {pair_count} // {max(wanted, 1)} as next_pair,
                range * 0.6180339887498949 % 1 as share
            from range({wanted})
        ),
        numbers as (
            select cast(first_pair + floor(share * (next_pair - first_pair)) as bigint) as pair
            from ranges
        ),
        chosen as (
            select
                firsts.record,
                firsts.holder,
                firsts.last_of_part + 1 + numbers.pair - firsts.first_pair as other_place
            from numbers
            asof inner join firsts on numbers.pair >= firsts.first_pair
        )
        select
            chosen.record,
            placed.record as other_record
        from chosen
        inner join placed
            on chosen.holder = placed.holder and chosen.other_place = placed.place
        """
    )


def _likenesses(connection: duckdb.DuckDBPyConnection) -> list[Likeness]:
    """In what the drawn pairs are alike, in a fixed order of attributes and relations."""
    connection.execute(
        """
        create or replace temp macro relation(one, other) as
        case
            when one is null or other is null then 'missing'
            when one = other then 'same'
            else 'differs'
        end
        """
    )
    rows = connection.execute(
        """
        with
        described as (
            select
                'person' as entity,
                record_key,
                given_name_key as given_name,
                -- A name of one word, or in a script that is not split.
                coalesce(
                    family_name_key, case when given_name_key is null then lower(full_name) end
                ) as family_name,
                string_split(nickname_groups, '|') as nicknames,
                birth_date,
                email_key as email,
                phone,
                address_key as address,
                company_key as company
            from build.intermediate.int_person_records__cleaned
            union all by name
            select
                'organization' as entity,
                record_key,
                company_key as family_name,
                email_key as email,
                phone,
                address_key as address
            from build.intermediate.int_organizations__cleaned
        ),
        records as (
            select
                compared.record,
                compared.entity as of_entity,
                described.*
            from compared
            left join described using (entity, record_key)
            where
                compared.record in (
                    select record from drawn
                    union all
                    select other_record from drawn
                )
        ),
        matched as (
            select
                one.of_entity = other.of_entity as is_same_entity,
                case
                    when coalesce(one.given_name, one.family_name) is null
                        or coalesce(other.given_name, other.family_name) is null then 'missing'
                    when one.given_name = other.given_name
                        and one.family_name = other.family_name then 'same'
                    when one.given_name = other.family_name
                        and one.family_name = other.given_name then 'swapped'
                    when one.family_name = other.family_name
                        and one.given_name is null and other.given_name is null then 'same'
                    when one.family_name = other.family_name
                        and (one.given_name is null or other.given_name is null)
                        or one.given_name = other.given_name
                        and (one.family_name is null or other.family_name is null)
                        then 'partly missing'
                    when one.family_name = other.family_name
                        and list_has_any(one.nicknames, other.nicknames) then 'nickname'
                    when one.family_name = other.family_name then 'given name differs'
                    when one.given_name = other.given_name then 'family name differs'
                    else 'differs'
                end as name,
                case
                    when one.birth_date is null or other.birth_date is null then 'missing'
                    when one.birth_date = other.birth_date then 'same'
                    when year(one.birth_date) = year(other.birth_date)
                        and month(one.birth_date) = day(other.birth_date)
                        and day(one.birth_date) = month(other.birth_date)
                        then 'day and month swapped'
                    else 'differs'
                end as birth_date,
                relation(one.email, other.email) as email,
                relation(one.phone, other.phone) as phone,
                relation(one.address, other.address) as address,
                relation(one.company, other.company) as company
            from drawn
            inner join records as one on drawn.record = one.record
            inner join records as other on drawn.other_record = other.record
        ),
        listed as (
            select unnest([
                {'attribute': 'together', 'relation': case
                    when not is_same_entity then 'person and organization'
                    when name not in ('same', 'swapped', 'nickname')
                        and birth_date not in ('same', 'day and month swapped')
                        and 'same' not in (email, phone, address, company) then 'nothing in common'
                    else 'something in common'
                end},
                {'attribute': 'name', 'relation': name},
                {'attribute': 'birth date', 'relation': birth_date},
                {'attribute': 'e-mail', 'relation': email},
                {'attribute': 'phone', 'relation': phone},
                {'attribute': 'address', 'relation': address},
                {'attribute': 'company', 'relation': company}
            ], max_depth := 2)
            from matched
        )
        select
            attribute,
            relation,
            count(*)
        from listed
        group by all
        """
    ).fetchall()
    counted = {(attribute, relation): pair_count for attribute, relation, pair_count in rows}
    return [Likeness(*kind, counted[kind]) for kind in KINDS if kind in counted]


def _examples(
    connection: duckdb.DuckDBPyConnection, holder: str, part: str, examples: int
) -> list[Example]:
    """The holders with most pairs of two parts, each with its largest parts."""
    connection.execute(
        "create or replace temp table worst as "
        f"from holders order by pair_count desc, holder limit {examples}"
    )
    rows = connection.execute(
        f"""
        with
        parts as (
            select
                {holder} as holder,
                {part} as part,
                count(*) as size,
                min(record_key, {SHOWN_RECORDS}) as record_keys
            from compared
            where {holder} in (select holder from worst)
            group by all
        ),
        largest as (
            select *
            from parts
            qualify
                row_number() over (partition by holder order by size desc, part) <= {SHOWN_PARTS}
        )
        select
            worst.holder,
            worst.record_count,
            worst.part_count,
            worst.pair_count,
            list(
                struct_pack(
                    cluster := largest.part,
                    record_count := largest.size,
                    record_keys := largest.record_keys
                )
                order by largest.size desc, largest.part
            )
        from worst
        inner join largest using (holder)
        group by all
        order by worst.pair_count desc, worst.holder
        """
    ).fetchall()
    return [
        Example(cluster, int(records), parts, int(pair_count), [Part(**each) for each in shown])
        for cluster, records, parts, pair_count, shown in rows
    ]
