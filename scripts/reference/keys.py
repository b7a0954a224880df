"""The forms in which names are looked up, as the macros of the same names write them in SQL."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart.
STROKES = str.maketrans("øØłŁđĐħĦı", "oOlLdDhHi") | str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
)


def place_key(text: str) -> str:
    """A name as words in lower case, without accents, punctuation and a leading article."""
    plain = re.sub(r"['\u2019\u02bc`.]", "", without_accents(text.replace("&", " and ")).lower())
    return re.sub(r"^the ", "", re.sub(r"[\W_]+", " ", plain).strip())


def symbol_key(text: str) -> str:
    """A name, code or symbol in lower case, without accents, spaces and full stops."""
    narrow = text.replace("\uffe5", "\u00a5").replace("\uff04", "$")  # full-width yen, dollar
    return re.sub(r"[\s.]+", "", without_accents(narrow).lower())


def without_accents(text: str) -> str:
    """Letters without the marks above, below and through them."""
    marked = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in marked if unicodedata.category(letter)[0] != "M")
    return unicodedata.normalize("NFC", plain).translate(STROKES)
