"""Nicknames, from `nicknames`, and names of months, from CLDR as `babel` carries it."""

from __future__ import annotations

import re

from babel.dates import get_month_names
from nicknames import name_triplets

from scripts.reference.keys import without_accents

# Languages birth dates are written in where our sources are.
LANGUAGES = (
    "cs", "da", "de", "el", "en", "es", "fi", "fr", "hr", "hu", "id", "it", "nb", "nl", "pl", "pt",
    "ro", "ru", "sk", "sl", "sv", "tr", "uk",
)  # fmt: skip


def seeds() -> dict[str, list[dict[str, str]]]:
    """Rows of each seed, by its path below `dbt_project/seeds`."""
    return {"reference/nicknames": nicknames(), "reference/month_names": month_names()}


def nicknames() -> list[dict[str, str]]:
    """Given names with the formal names they may stand for: themselves, and what they shorten."""
    pairs = set()
    for formal, _, nickname in name_triplets():
        pairs |= {(_word(formal), _word(formal)), (_word(nickname), _word(formal))}
    return [{"given_name": name, "name_group": group} for name, group in sorted(pairs)]


def month_names() -> list[dict[str, str]]:
    """Months as words, full and short, without the dot of a short one.

    A word that means two months in two languages (`lis` is October in Croatian and November in
    Polish) is none.
    """
    months: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    months.setdefault(_word(name), set()).add(number)
    return [
        {"month_name": name, "month_number": str(number)}
        for name, numbers in sorted(months.items())
        for number in numbers
        if len(numbers) == 1 and re.fullmatch(r"\w{3,}", name) and not name.isdigit()
    ]


def _word(name: str) -> str:
    """A name in the form names are compared in: lower case, without accents and dots."""
    return without_accents(name.lower().replace(".", ""))
