"""Countries as people and tools write them, and which one the libraries say is meant."""

from __future__ import annotations

import random
import string
import unicodedata
from collections import defaultdict
from typing import NamedTuple

import pycountry
from babel import Locale
from countryinfo import all_countries

# Names no library has for a country, some close to one.
STRANGERS = [
    "Atlantis", "Europe", "Asia", "Africa", "Antarctic Ocean", "European Union", "Unknown", "n/a",
    "Paris", "Berlin", "Tokyo", "Lagos", "Springfield", "Bavaria", "Catalonia", "Republic of",
    "United", "Kingdom", "States", "South", "North", "Islands", "Republic", "New", "none",
    "test", "12345", "zz", "xx", "qqq", "Germania2", "Francee", "Untied Kingdom", "Brazill", "999",
    "00", "0", "-", ".", "?", "Home", "Work", "Domestic", "International", "Other", "Foreign",
    "Congo or Gabon", "Korean War", "Indiana", "New England", "Nova Scotia", "Transylvania",
]  # fmt: skip


class Sample(NamedTuple):
    """A country as written, the code that is meant, and how it was made up."""

    kind: str
    country: str
    code: str | None


def samples(count: int, seed: int) -> list[Sample]:
    """Spellings of every country in the libraries, each written in many ways."""
    chance = random.Random(seed)
    meant = [(kind, name, code) for kind, names in _names().items() for name, code in names]
    made = []
    for _ in range(count):
        if chance.random() < 0.1:
            made.append(Sample("stranger", _written(chance.choice(STRANGERS), chance), None))
            continue
        kind, name, code = chance.choice(meant)
        made.append(Sample(kind, _written(name, chance), code))
    return made


def _names() -> dict[str, list[tuple[str, str]]]:
    """Names by kind, without those that mean two countries in the sources together."""
    kinds: dict[str, list[tuple[str, str]]] = {
        "name": [(country.name, country.alpha_2) for country in pycountry.countries],
        "official name": [
            (country.official_name, country.alpha_2)
            for country in pycountry.countries
            if hasattr(country, "official_name")
        ],
        "common name": [
            (country.common_name, country.alpha_2)
            for country in pycountry.countries
            if hasattr(country, "common_name")
        ],
        "alpha-2": [(country.alpha_2, country.alpha_2) for country in pycountry.countries],
        "alpha-3": [(country.alpha_3, country.alpha_2) for country in pycountry.countries],
        "numeric": [(country.numeric, country.alpha_2) for country in pycountry.countries],
        "demonym": [
            (country.demonym(), country.iso(2))
            for country in all_countries()
            if country.demonym() and country.iso(2)
        ],
    }
    for language in ("en", "de", "fr", "es", "it", "nl", "pl", "ja", "ru", "ar"):
        kinds[f"CLDR {language}"] = [
            (name, code)
            for code, name in Locale.parse(language).territories.items()
            if pycountry.countries.get(alpha_2=code)
        ]
    codes = defaultdict(set)
    for names in kinds.values():
        for name, code in names:
            codes[unicodedata.normalize("NFD", name.casefold())].add(code)
    return {
        kind: [
            (name, code)
            for name, code in names
            if len(codes[unicodedata.normalize("NFD", name.casefold())]) == 1
        ]
        for kind, names in kinds.items()
    }


def _written(name: str, chance: random.Random) -> str:
    for way in chance.sample(WAYS, chance.randrange(3)):
        name = way(name, chance)
    return name


def _unaccented(name: str, chance: random.Random) -> str:
    if not name.isascii() and any(letter in string.ascii_letters for letter in name):
        marked = unicodedata.normalize("NFD", name)
        return "".join(letter for letter in marked if not unicodedata.combining(letter))
    return name


WAYS = [
    lambda name, _: name.upper() if name.isascii() else name,
    lambda name, _: name.lower() if name.isascii() else name,
    lambda name, _: name.title() if name.isascii() else name,
    lambda name, _: f"  {name} ",
    lambda name, _: name.replace(" ", "  "),
    lambda name, _: name.replace(" ", "\u00a0"),
    lambda name, _: name.replace("-", " "),
    lambda name, _: name.replace(" and ", " & "),
    lambda name, _: name.replace("\u2019", "'"),
    lambda name, _: name.replace("'", ""),
    lambda name, _: name.replace(",", " ,"),
    lambda name, _: f"{name}.",
    lambda name, _: f"({name})",
    lambda name, _: f'"{name}"',
    lambda name, _: f"The {name}" if name[:1].isascii() else name,
    lambda name, _: unicodedata.normalize("NFD", name),
    lambda name, _: ".".join(name) + "." if name.isupper() and len(name) <= 3 else name,
    lambda name, chance: name.replace(" ", chance.choice("_/|-"), 1),
    _unaccented,
]
