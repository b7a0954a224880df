"""What currencies are called (babel, pycountry), and what they were worth (the ECB)."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pycountry
from babel import Locale, UnknownLocaleError, localedata
from babel.languages import get_official_languages
from currency_converter import CurrencyConverter

from ingestion import settings
from scripts.reference.countries import LANGUAGES, codes, tender
from scripts.reference.keys import symbol_key

Row = dict[str, str]

CURRENCIES = settings.PROJECT / "dbt_project" / "seeds" / "reference" / "currencies.csv"


def seeds() -> dict[str, list[Row]]:
    """Rows of `reference/currency_aliases` and `reference/exchange_rates`."""
    return {
        "reference/currency_aliases": [
            {"alias": alias, "country_code": country, "currency_code": currency}
            for (alias, country), currency in sorted(aliases().items())
        ],
        "reference/exchange_rates": rates(),
    }


def rates() -> list[Row]:
    """What a euro cost, by the ECB, on the first day of each month that has a rate."""
    converter = CurrencyConverter()
    known = set(_listed())
    found: list[Row] = []
    for currency in sorted(converter.currencies & known - {"EUR"}):
        months: set[tuple[int, int]] = set()
        for day, rate in sorted(converter._rates[currency].items()):
            if rate is not None and (day.year, day.month) not in months:
                months.add((day.year, day.month))
                found.append(
                    {
                        "currency_code": currency,
                        "rate_date": day.isoformat(),
                        "units_per_euro": f"{rate:.10g}",
                    }
                )
    return found


def aliases() -> dict[tuple[str, str], str]:
    """Currency of each way to write one, and where it means that; nowhere named is everywhere.

    An alias belongs to the first source that has it; what a source has for two currencies is none.
    """
    known = set(_listed())
    found: dict[tuple[str, str], str] = {}
    for source in _sources():
        of: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for written, country, currency in source:
            if currency in known:
                of[symbol_key(written), country].add(currency)
        for (alias, country), currencies in of.items():
            anywhere = found.get((alias, ""))
            if alias and len(currencies) == 1 and currencies != {anywhere}:
                found.setdefault((alias, country), *currencies)
    return found


def _listed() -> list[str]:
    """The codes of the seed `currencies`."""
    with CURRENCIES.open(encoding="utf-8") as file:
        return [row["currency_code"] for row in csv.DictReader(file)]


def _sources() -> Iterator[Iterable[tuple[str, str, str]]]:
    """Ways to write a currency, where, and the currency; from the surest source to the least."""
    yield [
        (written, "", currency.alpha_3)
        for currency in pycountry.currencies
        for written in (currency.alpha_3, currency.numeric)
    ]
    yield [(code, "", code) for code in _listed()]  # withdrawn ones are not in pycountry
    shared = localedata.load("root")["currency_symbols"]
    yield ((symbol, "", currency) for currency, symbol in shared.items())
    yield [
        (symbol, "", currency)
        for locale in _locales()
        for currency, symbol in locale.currency_symbols.items()
    ]
    for language in LANGUAGES:
        yield _names(Locale.parse(language))
    english = Locale("en").currencies
    yield ((noun, "", str(currency)) for currency in english for noun in _nouns(str(currency)))
    yield _symbols_at_home()
    yield (
        (noun, country, currency)
        for country in codes()
        for currency in tender(country)
        for noun in _nouns(currency)
    )


def _names(locale: Locale) -> Iterator[tuple[str, str, str]]:
    """Names of currencies in a language, one and many of them."""
    for currency, name in locale.currencies.items():
        yield name, "", currency
        for many in _plurals(locale, currency):
            yield many, "", currency


def _plurals(locale: Locale, currency: str) -> list[str]:
    return list(dict(locale._data["currency_names_plural"].get(currency, {})).values())


def _symbols_at_home() -> Iterator[tuple[str, str, str]]:
    """What stands for a currency where it is legal tender, such as `$`."""
    for country in codes():
        for currency in tender(country):
            for language in get_official_languages(country, regional=True, de_facto=True):
                symbol = _symbol(f"{language}_{country}", currency)
                if symbol:
                    yield symbol, country, currency


def _nouns(currency: str) -> set[str]:
    """What a currency is called where no other is meant, such as dollar and dollars."""
    english = Locale("en")
    names = (english.currencies[currency], *_plurals(english, currency))
    return {name.split(" ")[-1] for name in names}


def _symbol(locale: str, currency: str) -> str | None:
    try:
        return Locale.parse(locale).currency_symbols.get(currency)
    except (UnknownLocaleError, ValueError):
        return None


def _locales() -> Iterator[Locale]:
    """Every locale of the languages whose names are known, and of the countries that use them."""
    for name in localedata.locale_identifiers():
        if name.split("_")[0] in LANGUAGES:
            yield Locale.parse(name)
