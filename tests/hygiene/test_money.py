"""Currencies and time zones are known by what the libraries call them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

import duckdb
import pytest
from babel import Locale
from babel.core import get_global

from .conftest import table


@pytest.fixture
def currency_of(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> Callable[[list[tuple[str, str | None]]], list[str | None]]:
    def read(written: list[tuple[str, str | None]]) -> list[str | None]:
        table(
            database,
            "written",
            currency=[currency for currency, _ in written],
            country_code=[country for _, country in written],
        )
        rows = database.execute(
            compiled(
                "select coalesce(here.currency_code, anywhere.currency_code) from written "
                "left join currency_aliases as here "
                "on {{ symbol_key('written.currency') }} = here.alias "
                "and written.country_code = here.country_code "
                "left join currency_aliases as anywhere "
                "on {{ symbol_key('written.currency') }} = anywhere.alias "
                "and anywhere.country_code is null order by written.id"
            )
        ).fetchall()
        assert len(rows) == len(written), "every value comes out once"
        return [code for (code,) in rows]

    return read


def test_a_symbol_of_many_currencies_is_that_of_the_country_or_none(
    currency_of: Callable[[list[tuple[str, str | None]]], list[str | None]],
) -> None:
    cases = {
        ("$", "US"): "USD", ("$", "CA"): "CAD", ("$", "MX"): "MXN", ("$", None): None,
        ("kr", "SE"): "SEK", ("kr.", "DK"): "DKK", ("Kr", "NO"): "NOK", ("kr", None): None,
        ("\u00a5", "JP"): "JPY", ("\uffe5", "CN"): "CNY", ("\u00a5", None): None,
        ("dollars", "AU"): "AUD", ("dollar", None): None, ("peso", "MX"): "MXN",
        ("US$", "CA"): "USD", ("US $", None): "USD", ("\u20ac", "US"): "EUR",
        ("\u00a3", None): "GBP",
        ("euros", None): "EUR", ("Yen", None): "JPY", ("978", None): "EUR", ("eur", None): "EUR",
        ("Schweizer Franken", None): "CHF", ("z\u0142", None): "PLN", ("lots", "US"): None,
    }  # fmt: skip
    assert dict(zip(cases, currency_of(list(cases)), strict=True)) == cases


def test_english_names_of_currencies_in_use_are_known(
    currency_of: Callable[[list[tuple[str, str | None]]], list[str | None]],
    database: duckdb.DuckDBPyConnection,
) -> None:
    known = {
        code for (code,) in database.execute("select currency_code from currencies").fetchall()
    }
    names = {name: code for code, name in Locale("en").currencies.items() if code in known}
    found = currency_of([(name, None) for name in names])
    assert dict(zip(names, found, strict=True)) == names


def test_every_zone_is_known_by_its_names_and_those_of_windows(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> None:
    names = [*zoneinfo.available_timezones(), *get_global("windows_zone_mapping")]
    table(database, "written", time_zone=names)
    found = database.execute(
        compiled(
            "select time_zone_aliases.time_zone from written left join time_zone_aliases "
            "on {{ symbol_key('written.time_zone') }} = time_zone_aliases.alias "
            "order by written.id"
        )
    ).fetchall()
    zones = dict(zip(names, (zone for (zone,) in found), strict=True))
    strangers = {"localtime", "posixrules", "Factory"}
    assert {name for name, zone in zones.items() if zone is None} <= strangers
    assert {zone for zone in zones.values() if zone} <= zoneinfo.available_timezones()
    assert zones["Europe/Kiev"] == "Europe/Kyiv"
    assert zones["Europe/Oslo"] == "Europe/Oslo"
    assert zones["W. Europe Standard Time"] == "Europe/Berlin"


def test_a_zone_is_known_by_its_city_and_by_its_name_in_rails(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> None:
    cases = {
        "Pacific Time (US & Canada)": "America/Los_Angeles", "Eastern Time (US & Canada)":
        "America/New_York", "Berlin": "Europe/Berlin", "Bern": "Europe/Zurich", "Samoa":
        "Pacific/Apia", "Alaska": "America/Juneau", "Mid-Atlantic": "Atlantic/South_Georgia",
        "New York": "America/New_York", "Chennai": "Asia/Kolkata", "West": None, "Pacific": None,
    }  # fmt: skip
    table(database, "written", time_zone=list(cases))
    found = database.execute(
        compiled(
            "select time_zone_aliases.time_zone from written left join time_zone_aliases "
            "on {{ symbol_key('written.time_zone') }} = time_zone_aliases.alias "
            "order by written.id"
        )
    ).fetchall()
    assert dict(zip(cases, (zone for (zone,) in found), strict=True)) == cases
