"""Countries and what they are called, from pycountry, CLDR (babel), countryinfo, phonenumbers."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import phonenumbers
import pycountry
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_territory_language_info
from countryinfo import all_countries

from scripts.reference.keys import place_key

Row = dict[str, str]
Alias = tuple[str, str]

DATA = Path(__file__).with_name("data")
# Languages in which the name of every country is known; each country's own come with it.
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro",
    "bg", "el", "tr", "ru", "uk", "ar", "he", "fa", "hi", "ja", "ko", "zh", "zh_Hant", "th", "vi",
    "id", "ca", "hr", "sl", "lt", "lv", "et",
)  # fmt: skip
# A people's name that several countries share is the one's that has so many times as many people.
OVERWHELMING = 20


def seeds() -> dict[str, list[Row]]:
    """Rows of `reference/countries` and `reference/country_aliases`."""
    return {
        "reference/countries": [_country(code) for code in codes()],
        "reference/country_aliases": [
            {"alias": alias, "country_code": code} for alias, code in sorted(aliases().items())
        ],
    }


def codes() -> list[str]:
    """Codes of ISO 3166-1, and those in use beside it by countries with telephones."""
    assigned = {country.alpha_2 for country in pycountry.countries}
    return sorted(assigned | set(phonenumbers.SUPPORTED_REGIONS))


def aliases() -> dict[str, str]:
    """Country of each way to write one.

    An alias belongs to the first source that has it; what a source has for two countries is none.
    """
    found: dict[str, str] = {}
    for source in _sources():
        of: defaultdict[str, set[str]] = defaultdict(set)
        for name, code in source:
            of[place_key(name)].add(code)
        known = set(codes())
        for alias, countries in of.items():
            if alias and len(countries) == 1 and countries <= known:
                found.setdefault(alias, *countries)
    return found


def main_locale(code: str) -> Locale | None:
    """Locale of the language most people of a country share, of those it is governed in."""
    spoken = get_territory_language_info(code)
    for language in sorted(spoken, key=lambda name: _share(spoken[name]), reverse=True):
        if spoken[language]["official_status"] in ("official", "de_facto_official"):
            try:
                return Locale.parse(f"{language}_{code}")
            except (UnknownLocaleError, ValueError):
                continue
    return None


def _share(language: Mapping[str, float | str | None]) -> float:
    """Percent of a country's people who speak a language."""
    return float(language["population_percent"] or 0)


def _sources() -> Iterator[Iterable[Alias]]:
    """Names and countries, from the surest source to the least."""
    yield [
        (written, country.alpha_2)
        for country in pycountry.countries
        for written in (country.alpha_2, country.alpha_3, country.numeric)
    ] + [(code, code) for code in codes()]
    yield [
        (written, country.alpha_2)
        for country in pycountry.countries
        for name in (country.name, getattr(country, "common_name", ""), _official(country))
        for written in (name, turned(name))
    ]
    yield ((name, code) for code, name in Locale("en").territories.items())
    with (DATA / "country_nicknames.csv").open(encoding="utf-8") as file:
        yield [(row["alias"], row["country_code"]) for row in csv.DictReader(file)]
    yield (  # England, Scotland, Wales, Northern Ireland
        (part.name.split("[")[0], part.country_code)
        for part in pycountry.subdivisions
        if part.country_code == "GB" and part.type in ("Country", "Province")
    )
    known = list(all_countries())
    yield ((known_as.name(), known_as.iso(2)) for known_as in known if known_as.iso(2))
    yield (
        (written, known_as.iso(2))
        for known_as in known
        for written in [*known_as.alt_spellings(), known_as.native_name() or ""]
    )
    yield _demonyms()
    yield (
        (name, code)
        for code in codes()
        for language in get_territory_language_info(code)
        if (name := _territories(language).get(code))
    )
    for language in LANGUAGES:
        yield ((name, code) for code, name in _territories(language).items())


def _demonyms() -> Iterator[Alias]:
    """What a country's people are called in English, which serves as its adjective."""
    peoples: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for country in all_countries():
        people = country.demonym()
        if people:
            peoples[people].append((country.population() or 0, country.iso(2)))
    for people, countries in peoples.items():
        (most, code), *rest = sorted(countries, reverse=True)
        if not rest or most >= OVERWHELMING * rest[0][0]:
            yield people, code
        else:
            yield from ((people, other) for _, other in countries)


def turned(name: str) -> str:
    """A name as it is spoken: `Korea, Republic of` → `Republic of Korea`."""
    noun, comma, style = name.partition(", ")
    return f"{style} {noun}" if comma else name


def _official(country: object) -> str:
    return getattr(country, "official_name", "")


@cache
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language).territories)
    except (UnknownLocaleError, ValueError):
        return {}


def _country(code: str) -> Row:
    known = pycountry.countries.get(alpha_2=code)
    calling_code = phonenumbers.country_code_for_region(code)
    locale = main_locale(code)
    return {
        "country_code": code,
        "country_name": Locale("en").territories[code],
        "alpha3_code": known.alpha_3 if known else "",
        "currency_code": next(iter(tender(code)), ""),
        "calling_code": str(calling_code or ""),
        "trunk_prefix": phonenumbers.ndd_prefix_for_region(code, True) or "",
        "national_digits": str(_national_digits(code) or ""),
        "is_month_first": str(_is_month_first(code)).lower(),
        "language": locale.language if locale else "",
        "is_house_number_first": str(
            bool(locale and locale.language in _house_number_first())
        ).lower(),
    }


def tender(code: str) -> list[str]:
    """Currencies that are legal tender of a country; its own first where it has others, too."""
    shared = _countries_sharing()
    since = _in_use(code)
    return sorted(since, key=lambda currency: (shared[currency], since[currency]))


@cache
def _countries_sharing() -> Counter[str]:
    """How many countries each currency is legal tender in."""
    return Counter(currency for code in codes() for currency in _in_use(code))


def _in_use(code: str) -> dict[str, str]:
    """Currencies that are legal tender of a country, and since when."""
    return {
        currency: str(first)
        for currency, first, last, is_tender in get_global("territory_currencies").get(code, ())
        if is_tender and last is None
    }


def _national_digits(code: str) -> int:
    """Digits of an ordinary number, without calling code and trunk prefix."""
    examples = (
        phonenumbers.example_number_for_type(code, kind)
        for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    )
    return max(
        (len(phonenumbers.national_significant_number(number)) for number in examples if number),
        default=0,
    )


@cache
def _house_number_first() -> frozenset[str]:
    """Languages in whose addresses the house number stands before the street."""
    with (DATA / "house_number_first.csv").open(encoding="utf-8") as file:
        return frozenset(row["language"] for row in csv.DictReader(file))


def _is_month_first(code: str) -> bool:
    locale = main_locale(code)
    if locale is None:
        return False
    order = [letter for letter in locale.date_formats["short"].pattern.lower() if letter in "ymd"]
    return order[0] == "m"
