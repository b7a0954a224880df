"""What two records say of each other, weighed by the very macros the build uses."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion import settings, storage
from ingestion.macros import project_macros
from ingestion.pipeline import first_line
from ingestion.sql import literal
from scripts.terminal import shown

RECORDS = "intermediate.int_records__compared"
IDENTIFIERS = "intermediate.int_identifiers__counted"
WEIGHTS = "intermediate.match_weights"
SHARES = "intermediate.int_match_weights__estimated"
CLUSTERS = "intermediate.int_records__clustered"
IDENTIFIED = "intermediate.int_records__identified"
PAIRS = "intermediate.int_pairs__weighed"
COMPONENT_PAIRS = "intermediate.int_component_pairs__weighed"

# Columns of a record that show what an attribute was compared by.
COMPARED = {
    "given_name": "given_name", "given_initial": "given_initial", "family_name": "family_name",
    "middle_initial": "middle_initial", "name_suffix": "name_suffix", "gender": "gender",
    "birth_date": "birth_date", "email": "email", "phone": "phone",
    "address": "concat_ws(' ', house_number, street_name, area)", "area": "area",
    "company_name": "company_name", "domain": "domain",
}  # fmt: skip
# Where the chance of agreeing on a value is a column of the record.
CHANCES = {
    "given_name": "given_name_chance", "family_name": "family_name_chance",
    "birth_date": "birth_date_chance", "address": "address_key_chance",
    "company_name": "company_name_chance", "domain": "domain_chance",
}  # fmt: skip


class IdentityError(Exception):
    """Nothing can be told, and why."""


@dataclass(frozen=True)
class Finding:
    """What comparing one attribute of two records found.

    Args:
        attribute: what was compared.
        level: how well it agrees.
        bits: how much it weighs for the two being one, by itself.
        values: what the two records have, as compared; none where that is not one value.
    """

    attribute: str
    level: str
    bits: float
    values: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True)
class Evidence:
    """What two records say of each other.

    Args:
        records: keys of the two.
        bits: log2 of how many times likelier than not they are of one; 10 bits are 1000 to 1.
        prior: bits before anything is compared.
        findings: attribute by attribute.
        dependence: bits taken off (or on) for what goes together anyway, such as the name and the
            address of a household, or a mailbox made of a name.
        decision: `link` or `separate`, where somebody has decided.
    """

    records: tuple[str, str]
    bits: float
    prior: float
    findings: Sequence[Finding]
    dependence: float
    decision: str | None = None


def warehouse() -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only.

    Raises:
        IdentityError: there is none, it is in use, or nothing is built yet.
    """
    path = settings.warehouse()
    if not path.exists():
        raise IdentityError(f"there is no warehouse at {path}: `cdi load`, then `cdi build`")
    try:
        connection = storage.connect(path, read_only=True)
    except duckdb.Error as error:
        raise unopened(path, error) from error
    try:
        connection.execute(f"select 1 from {IDENTIFIED} limit 0")
    except duckdb.CatalogException as error:
        connection.close()
        raise IdentityError("who is who is not built yet: `cdi build`") from error
    return connection


def unopened(file: Path, error: duckdb.Error) -> IdentityError:
    """What is told of a file that DuckDB does not open."""
    if "Could not set lock" in str(error):
        return IdentityError(
            f"{shown(file)} is in use: run this again when the load or build has ended"
        )
    return IdentityError(f"{shown(file)} cannot be opened: {first_line(error)}")


def resolve_record(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, str]:
    """Entity and key of the record so named: its key, or its `record_id` where that is one's alone.

    Raises:
        IdentityError: there is none, or there are several.
    """
    found = connection.execute(
        f"select entity, record_key from {IDENTIFIED} where record_key = $name "
        f"union select entity, record_key from {IDENTIFIED} where record_id = $name",
        {"name": name},
    ).fetchall()
    if not found:
        raise IdentityError(
            f"no record {name}: a record is named by its key, source:record_id, as in "
            "marts.xref_customer_records.record_key"
        )
    if len(found) > 1:
        keys = ", ".join(sorted(key for _, key in found))
        raise IdentityError(f"several records are called {name}: {keys}")
    entity, key = found[0]
    return entity, key


def resolve_pair(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> tuple[str, tuple[str, str]]:
    """Entity of two records, and the key of each.

    Raises:
        IdentityError: they are not two, not found, or of different kinds.
    """
    if len(names) != 2:
        raise IdentityError("name two records")
    (entity, one), (other_entity, other) = (resolve_record(connection, name) for name in names)
    if one == other:
        raise IdentityError("these are one record")
    if entity != other_entity:
        raise IdentityError("a person and an organization are never one")
    return entity, (one, other)


class Groups:
    """Records put together two at a time."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, record: str) -> str:
        """The record that stands for the group of this one."""
        while self._above.setdefault(record, record) != record:
            record = self._above[record]
        return record

    def join(self, one: str, other: str) -> bool:
        """Makes one group of those of two records; whether they were two."""
        mine, theirs = self.root(one), self.root(other)
        self._above[mine] = theirs
        return mine != theirs


def members(connection: duckdb.DuckDBPyConnection, golden_id: str) -> list[str]:
    """Keys of the records of a customer or an account, by its id or an id it had before.

    Raises:
        IdentityError: no such id was ever given.
    """
    keys = [
        key
        for (key,) in connection.execute(
            f"select record_key from {IDENTIFIED} where golden_id = ? order by record_key",
            [golden_id],
        ).fetchall()
    ]
    if keys:
        return keys
    aliased = connection.execute(
        "select customer_id from marts.customer_id_aliases where alias_id = ?", [golden_id]
    ).fetchone()
    if aliased:
        return members(connection, aliased[0])
    raise IdentityError(f"no customer or account {golden_id}, nor was there ever one")


def weigh(
    connection: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, str]], with_values: bool
) -> dict[tuple[str, str], Evidence]:
    """The evidence of pairs of record keys, each compared anew.

    Args:
        connection: the warehouse.
        pairs: two different keys of one entity each.
        with_values: whether the findings hold what was compared: personal data.
    """
    wanted = [tuple(sorted(pair)) for pair in pairs]
    connection.execute("create or replace temp table asked (one varchar, other varchar)")
    connection.executemany("insert into asked values (?, ?)", wanted or [("", "")])
    macros = project_macros()
    connection.execute(
        "create or replace temp table asked_pairs as "
        "select here.entity, least(here.record_number, there.record_number) as record_number, "
        "greatest(here.record_number, there.record_number) as other_record_number "
        f"from (select distinct * from asked) inner join {RECORDS} as here "
        f"on one = here.record_key inner join {RECORDS} as there "
        "on other = there.record_key and here.entity = there.entity"
    )
    connection.execute(
        "create or replace temp table asked_compared as select * from "
        + macros["compared_pairs"]("asked_pairs", RECORDS, IDENTIFIERS)
    )
    connection.execute(
        "create or replace temp table asked_weighed as select * from "
        + macros["weighed_pairs"]("asked_compared", WEIGHTS, SHARES)
    )
    found: dict[tuple[str, str], Evidence] = {}
    rows = connection.execute(_evidence_sql()).fetchall()
    gathered: dict[tuple[str, str], list[Finding]] = {}
    whole: dict[tuple[str, str], tuple[float, float, str | None]] = {}
    for here, there, bits, prior, decision, attribute, level, weight, one, other in rows:
        key = (min(here, there), max(here, there))
        values = (one, other) if here <= there else (other, one)
        whole[key] = (bits, prior, decision)
        gathered.setdefault(key, [])
        if attribute is not None:
            gathered[key].append(
                Finding(attribute, level, weight, values if with_values else (None, None))
            )
    for key, (bits, prior, decision) in whole.items():
        findings = sorted(gathered[key], key=lambda finding: -abs(finding.bits))
        told = prior + sum(finding.bits for finding in findings)
        found[key] = Evidence(key, bits, prior, findings, bits - told, decision)
    return found


def _evidence_sql() -> str:
    """One row per asked pair and attribute compared, with what it weighs by itself."""
    chance = " ".join(
        f"when weights.attribute = {literal(attribute)} then here.{column}"
        for attribute, column in CHANCES.items()
    )
    shown = {
        side: "case weights.attribute "
        + " ".join(
            f"when {literal(attribute)} then cast({_of(side, expression)} as varchar)"
            for attribute, expression in COMPARED.items()
        )
        + " end"
        for side in ("here", "there")
    }
    return f"""
        with

        shared as (
            select
                pairs.record_number,
                pairs.other_record_number,
                case
                    when mine.identifier_type in ('email', 'phone', 'domain')
                        then mine.identifier_type
                    else 'identifier'
                end as attribute,
                min(mine.chance) as chance
            from asked_weighed as pairs
            inner join {IDENTIFIERS} as mine on pairs.record_number = mine.record_number
            inner join {IDENTIFIERS} as theirs
                on
                    pairs.other_record_number = theirs.record_number
                    and mine.identifier_type = theirs.identifier_type
                    and mine.normalized_value = theirs.normalized_value
            group by all
        ),

        prior as (
            select
                entity,
                max(case when level = 'same' then log2(share) end) as bits
            from {SHARES}
            where attribute = '*'
            group by entity
        )

        select
            here.record_key,
            there.record_key,
            pairs.weight / 1000,
            prior.bits - log2(here.population),
            decisions.decision,
            weights.attribute,
            weights.level,
            round(8 * log2(shares.share)) / 8
            - case
                when weights.attribute = 'given_name' and weights.level = 'crossed'
                    then log2(here.given_name_chance) + log2(here.family_name_chance)
                -- Another street, or none.
                when (weights.attribute, weights.level) in (('address', 'area'), ('area', 'exact'))
                    then log2({project_macros()["area_chance"]("here", "there")})
                when weights.by_frequency
                    then log2(coalesce(shared.chance, case {chance} end, weights.among_others))
                else log2(weights.among_others)
            end,
            {shown["here"]},
            {shown["there"]}
        from asked_weighed as pairs
        inner join {RECORDS} as here on pairs.record_number = here.record_number
        inner join {RECORDS} as there on pairs.other_record_number = there.record_number
        inner join prior on pairs.entity = prior.entity
        left join intermediate.int_decisions__resolved as decisions
            on
                pairs.record_number = decisions.record_number
                and pairs.other_record_number = decisions.other_record_number
        left join {WEIGHTS} as weights
            on
                pairs.entity = weights.entity
                and substr(pairs.pattern, weights.position, 1) = weights.code
        left join {SHARES} as shares
            on
                weights.entity = shares.entity
                and weights.attribute = shares.attribute
                and weights.level = shares.level
        left join shared
            on
                pairs.record_number = shared.record_number
                and pairs.other_record_number = shared.other_record_number
                and weights.attribute = shared.attribute
        order by here.record_key, there.record_key, weights.position
    """


def _of(side: str, expression: str) -> str:
    """An expression over a record's columns, of one of the two records."""
    if "(" not in expression:
        return f"{side}.{expression}"
    name, arguments = expression.rstrip(")").split("(", 1)
    first, *columns = arguments.split(", ")
    return f"{name}({', '.join([first, *(f'{side}.{column}' for column in columns)])})"


def ties(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Weights in bits of the pairs among records that were compared and have evidence for them."""
    connection.execute("create or replace temp table those (record_key varchar)")
    connection.executemany("insert into those values (?)", [(key,) for key in keys] or [("",)])
    rows = connection.execute(
        "select here.record_key, there.record_key, max(pairs.weight) / 1000 "
        f"from {COMPONENT_PAIRS} as pairs "
        f"inner join {CLUSTERS} as here on pairs.record_number = here.record_number "
        f"inner join {CLUSTERS} as there on pairs.other_record_number = there.record_number "
        "semi join those on here.record_key = those.record_key "
        "where there.record_key in (select record_key from those) and pairs.weight > 0 "
        "group by all"
    ).fetchall()
    return {(min(one, other), max(one, other)): weight for one, other, weight in rows}


def strongest_path(
    weights: Mapping[tuple[str, str], float], start: str, end: str
) -> list[tuple[str, str]]:
    """The steps between two records whose weakest tie is as strong as can be; none: empty."""
    neighbours: dict[str, list[tuple[str, float]]] = {}
    for (one, other), weight in weights.items():
        neighbours.setdefault(one, []).append((other, weight))
        neighbours.setdefault(other, []).append((one, weight))
    waiting: list[tuple[float, int, str, str | None]] = [(-float("inf"), 0, start, None)]
    came_from: dict[str, str | None] = {}
    while waiting:
        weakest, steps, record, before = heapq.heappop(waiting)
        if record in came_from:
            continue
        came_from[record] = before
        if record == end:
            break
        for other, weight in neighbours.get(record, []):
            heapq.heappush(waiting, (max(weakest, -weight), steps + 1, other, record))
    path: list[tuple[str, str]] = []
    record = end
    while (before := came_from.get(record)) is not None:
        path.append((before, record))
        record = before
    return path[::-1]


def spanning_ties(
    weights: Mapping[tuple[str, str], float],
) -> list[tuple[tuple[str, str], float]]:
    """The strongest ties that hold the records together, the weakest of them first."""
    groups = Groups()
    strongest_first = sorted(weights.items(), key=lambda tie: (-tie[1], tie[0]))
    return [(pair, weight) for pair, weight in strongest_first if groups.join(*pair)][::-1]
