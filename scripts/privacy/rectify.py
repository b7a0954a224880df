"""Puts right what is wrong of a person: what they say holds against every source.

What a value can be is judged as cleaning judges it, by the same macros. Who is who is not changed:
records are compared as their sources have them, so that a slip in a request merges nobody.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from ingestion import privacy
from ingestion.lock import exclusive
from ingestion.macros import project_macros
from scripts.privacy import register
from scripts.privacy.register import Asked, RequestError
from scripts.privacy.subjects import Subject, find
from scripts.seeds import seed_rows

IN_FULL_NAME = ("given_name", "middle_name", "family_name", "name_suffix")
FIRST_YEAR = 1900
"""Nobody is taken to be born before."""

Values = dict[str, str | None]


@dataclass(frozen=True)
class Correction:
    """What is put right of a person.

    Args:
        subject: who.
        before: what held of the groups that it is about, by attribute.
        after: what is right, cleaned, by attribute.
    """

    subject: Subject
    before: Values
    after: Values


def read(settings: Iterable[str]) -> Values:
    """Attributes and values of texts `attribute=value`; nothing behind the `=` empties it.

    Raises:
        RequestError: one is not so written, or names no attribute. The value is not in it.
    """
    known = attributes()
    values: Values = {}
    for number, setting in enumerate(settings, start=1):
        attribute, written, value = setting.partition("=")
        if not written:
            raise RequestError(f"correction {number} is not written as attribute=value")
        if attribute.strip() not in known:
            raise RequestError(
                f"correction {number} names none of the attributes {', '.join(known)}"
            )
        values[attribute.strip()] = value.strip() or None
    if not values:
        raise RequestError("say what is right: --set attribute=value, or --from FILE")
    return values


def attributes() -> dict[str, str]:
    """Attributes of people that can be put right, with the group each is of."""
    return {
        row["attribute"]: row["attribute_group"]
        for row in seed_rows("survivorship", "identity")
        if row["entity"] == "person"
    }


def plan(identifier: str, values: Values) -> Correction:
    """What it would change. Nothing is changed.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by the identifier.
        RequestError: a value cannot be one of its attribute.
    """
    with register.opened(read_only=True) as connection:
        return _planned(connection, identifier, values)


def rectify(identifier: str, values: Values, asked: Asked) -> tuple[str, Correction]:
    """Writes what is right; the marts have it from the next build on.

    Returns:
        The request, and what was put right.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by the identifier.
        RequestError: a value cannot be one of its attribute, or the law has no terms for it.
    """
    with exclusive("cdi privacy rectify"), register.opened() as connection:
        planned = _planned(connection, identifier, values)
        row = register.note(connection, "rectify", planned.subject, asked)
        at = register.now()
        connection.execute("begin")
        try:
            keys = sorted(planned.subject.record_keys)
            privacy.rectify(connection, row["request_id"], keys, planned.after, at)
            privacy.write_request(connection, row | {"completed_at": at, "outcome": "rectified"})
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        return row["request_id"], planned


def _planned(connection: duckdb.DuckDBPyConnection, identifier: str, values: Values) -> Correction:
    (subject,) = find(connection, [identifier])
    groups = attributes()
    known: Values = dict.fromkeys(groups)
    known |= dict(
        connection.execute(
            "select attribute, value from marts.customer_attribute_sources where customer_id = ?",
            [subject.customer_id],
        ).fetchall()
    )
    after = _cleaned(connection, values, known)
    concerned = {groups[attribute] for attribute in after}
    before = {attribute: known[attribute] for attribute in groups if groups[attribute] in concerned}
    return Correction(subject, before, after)


def _cleaned(connection: duckdb.DuckDBPyConnection, values: Values, known: Values) -> Values:
    """Values as cleaning writes them, and what follows from them: a full name, a region's code."""
    after: Values = {}
    # The country first: numbers and regions are read by it.
    for attribute in sorted(values, key=lambda one: one != "country_code"):
        value = values[attribute]
        after[attribute] = value and _clean(connection, attribute, value, known | after)
        if value and after[attribute] is None:
            raise RequestError(f"{attribute}: {_demand(attribute)}")
    if "full_name" in after and not after.keys() & set(IN_FULL_NAME):
        raise RequestError("full_name: give the parts, such as given_name; it is made of them")
    if after.get("phone") and "phone_extension" not in after:
        after["phone_extension"] = None
    if after.keys() & set(IN_FULL_NAME) and "full_name" not in after:
        parts = [(known | after)[part] for part in IN_FULL_NAME]
        after["full_name"] = " ".join(part for part in parts if part) or None
    if "region" in after and "region_code" not in after:
        region = after["region"]
        after["region_code"] = region and _clean(connection, "region_code", region, known | after)
    return after


def _clean(
    connection: duckdb.DuckDBPyConnection, attribute: str, value: str, known: Values
) -> str | None:
    """A value as cleaning would write it; none where it would take it out."""
    macros = project_macros()

    def asked(expression: str) -> Any:
        row = connection.execute(
            f"""
            with given as (select $value::varchar as value, $country::varchar as country_code),
            phones as (
                select value as phone, coalesce(country_code, 'ZZ') as country_code from given
            )
            select {expression} from given
            """,
            {"value": value, "country": known["country_code"]},
        ).fetchone()
        return row[0] if row else None

    if attribute == "email":
        return asked(macros["normalize_email"]("value"))
    if attribute == "phone":
        seeds = [
            f"intermediate.{name}"
            for name in (
                "phone_access_codes", "phone_numbering_plans", "phone_dialling_rules",
                "phone_number_ranges",
            )
        ]  # fmt: skip
        numbers = macros["read_phones"]("phones", *seeds)
        return asked(f"(select phone_number from {numbers} where is_valid)")
    if attribute == "birth_date":
        return _date(value)
    if attribute == "country_code":
        key = macros["place_key"]("value")
        return asked(
            f"(select min(country_code) from intermediate.country_aliases where alias = {key})"
        )
    if attribute == "region_code":
        key = macros["place_key"]("value")
        return asked(
            "(select min(region_code) from intermediate.region_aliases as aliases "
            f"where aliases.country_code = given.country_code "
            f"and (alias = {key} or region_code = value))"
        )
    if attribute == "time_zone":
        return value if value in zoneinfo.available_timezones() else None
    cleaned = macros["clean_text"]("value")
    junk = "name" if attribute.endswith("_name") else "any"
    kept = macros["unless_junk"](f"({cleaned})", junk, "intermediate.junk_values")
    return asked(f"lower({kept})" if attribute == "gender" else kept)


def _date(value: str) -> str | None:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return None
    is_possible = day.year >= FIRST_YEAR and day <= register.now().date()
    return day.isoformat() if is_possible else None


def _demand(attribute: str) -> str:
    return {
        "email": "that is no e-mail address",
        "phone": "that is no telephone number in use there: write it with its country's code",
        "birth_date": f"write it as 1980-03-31, in the past and from {FIRST_YEAR} on",
        "country_code": "no country is called that: write its code, such as DE",
        "region_code": "the person's country has no such region: write its code, such as US-CA",
        "time_zone": "write it as in the time zone database, such as Europe/Berlin",
    }.get(attribute, "that stands for no value")
