"""Reference lists of the made-up world: names by country, and the tables of the `data` folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from text_unidecode import unidecode

DATA = Path(__file__).parent / "data"

# Letters that people spell otherwise than the transliteration does; the last is Arabic.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u0627": "a"})


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates a temporary table for each list of the `data` folder, and `names`.

    `names` has one row per country, kind (female, male, family_female, family_male) and number
    (0 is the most common), with the name as written in the country and in Latin letters.

    Args:
        connection: the tables live as long as it does.
    """
    for file in sorted(DATA.glob("*.csv")):
        connection.execute(
            f"create temp table {file.stem} as from read_csv('{file}', header = true, comment = '')"
        )
    rows = [
        (country, kind, number, name, latin)
        for country, locale in connection.execute(
            "select country, locale from countries"
        ).fetchall()
        for kind, names in _names(locale).items()
        for number, (name, latin) in enumerate(names.items())
    ]
    columns = ("country", "kind", "number", "name", "latin")
    read = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
    connection.register("names_read", read)
    connection.execute("create temp table names as from names_read")
    connection.unregister("names_read")


def _names(locale: str) -> dict[str, dict[str, str]]:
    """Names of a locale by kind, most common first, each with its Latin spelling."""
    provider: Any = import_module(f"faker.providers.person.{locale}").Provider
    # Japanese characters read differently in names: there the provider tells the reading.
    pairs = [*getattr(provider, "first_name_pairs", ()), *getattr(provider, "last_name_pairs", ())]
    readings = {name: romanised for name, _, romanised in pairs}
    kinds = {
        "female": provider.first_names_female,
        "male": provider.first_names_male,
        "family_female": getattr(provider, "last_names_female", provider.last_names),
        "family_male": getattr(provider, "last_names_male", provider.last_names),
    }
    return {
        kind: {name: readings.get(name) or _latin(name) for name in _most_common_first(names)}
        for kind, names in kinds.items()
    }


def _most_common_first(names: Collection[str]) -> list[str]:
    """By weight where the provider knows it, else as listed; the alphabet is no order of that."""
    if isinstance(names, Mapping):
        return sorted(names, key=lambda name: (-names[name], name))
    listed = list(dict.fromkeys(names))
    if listed[:20] == sorted(listed[:20]):
        listed.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
    return listed


def _latin(name: str) -> str:
    """A name in plain Latin letters, such as `Mueller` of `Müller` or `Sergei` of `Сергей`."""
    return unidecode(name.translate(_SPELT)).replace(" ", "").replace("'", "").capitalize()
