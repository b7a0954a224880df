"""Phone numbers as people and tools write them, and what `phonenumbers` makes of each."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

phonenumbers.enable_pattern_cache()  # or it compiles most patterns anew for every number

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
FORMATS = [
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.E164,
    PhoneNumberFormat.RFC3966,
]
EXTENSIONS = [
    " ext. {}", " ext {}", "ext{}", " x{}", "x{}", " #{}", ";ext={}", " доб. {}", ", ext {}",
    " extension {}", " Extn: {}", " anexo {}", ",,{}", ";{}", " int {}", "~{}", " - {}#",
]  # fmt: skip
KEYS = dict(
    zip("23456789", ["ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"], strict=True)
)
# Zeros of full-width, Arabic-Indic and Persian digits; the others follow them.
SCRIPTS = [0xFF10, 0x0660, 0x06F0]
WRAPPINGS = ["Tel: {}", "tel:{}", "({})", "{} (home)", " {} ", "{}.", "phone {}", "{}/", "{} / x12"]


class Reading(NamedTuple):
    """What a phone number is taken for: E.164, extension, whether such numbers are in use."""

    number: str | None
    extension: str | None
    is_valid: bool | None


NOTHING = Reading(None, None, None)


class Sample(NamedTuple):
    """A phone number as written, the country it is read in, and how it was made up."""

    kind: str
    phone: str
    country: str | None


def samples(count: int, seed: int) -> list[Sample]:
    """Numbers of every country, in every format, spoilt in every way."""
    chance = random.Random(seed)
    made = _samples(chance)
    return [next(made) for _ in range(count)]


def read_by_library(sample: Sample) -> Reading:
    """What `phonenumbers` says; a number of a length that cannot be is nothing."""
    try:
        number = phonenumbers.parse(sample.phone, sample.country)
    except phonenumbers.NumberParseException:
        return NOTHING
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != ValidationResult.IS_POSSIBLE:
        return NOTHING
    return Reading(
        phonenumbers.format_number(_without_extension(number), PhoneNumberFormat.E164),
        phonenumbers.normalize_digits_only(number.extension) if number.extension else None,
        phonenumbers.is_valid_number(number),
    )


def _without_extension(number: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    bare = phonenumbers.PhoneNumber()
    bare.merge_from(number)
    bare.extension = None
    return bare


def _samples(chance: random.Random) -> Iterator[Sample]:
    examples = [
        (country, number)
        for country in COUNTRIES
        for kind in PhoneNumberType.values()
        if (number := phonenumbers.example_number_for_type(country, kind))
    ]
    while True:
        country, example = chance.choice(examples)
        number = _neighbour(example, chance)
        roll = chance.random()
        if roll < 0.03:
            yield Sample("junk", _junk(chance), chance.choice([*COUNTRIES, None]))
            continue
        if roll < 0.08:
            digits = "".join(chance.choices(string.digits, k=chance.randint(1, 16)))
            plus = chance.choice(["", "", "+"])
            yield Sample("random digits", plus + digits, chance.choice(COUNTRIES))
            continue
        kind, written = _written(number, country, chance)
        if chance.random() < 0.08:
            kind, written = f"{kind}, regrouped", _regrouped(written, chance)
        if chance.random() < 0.12:
            extension = str(chance.randint(1, 10 ** chance.randint(1, 5)))
            kind = f"{kind}, extension"
            written += chance.choice(EXTENSIONS).format(extension)
        # Of a number in letters the library forgets the digits that are not ASCII.
        if chance.random() < 0.03 and not kind.startswith("letters"):
            kind, written = f"{kind}, script", written.translate(_script(chance))
        if chance.random() < 0.05:
            kind, written = f"{kind}, wrapped", chance.choice(WRAPPINGS).format(written)
        if chance.random() < 0.03:
            kind, written = f"{kind}, a digit off", _spoilt(written, chance)
        where = chance.random()
        if where < 0.1:
            yield Sample(f"{kind}, elsewhere", written, chance.choice(COUNTRIES))
        elif where < 0.15:
            yield Sample(f"{kind}, nowhere", written, None)
        else:
            yield Sample(kind, written, country)


def _neighbour(
    example: phonenumbers.PhoneNumber, chance: random.Random
) -> phonenumbers.PhoneNumber:
    """A number that differs from an example in some of its last digits."""
    digits = phonenumbers.national_significant_number(example)
    changed = chance.randint(0, min(6, len(digits) - 1))
    kept = digits[: len(digits) - changed]
    national = kept + "".join(chance.choices(string.digits, k=changed))
    return phonenumbers.PhoneNumber(
        country_code=example.country_code,
        national_number=int(national),
        italian_leading_zero=national.startswith("0"),
        number_of_leading_zeros=max(1, len(national) - len(national.lstrip("0"))),
    )


def _written(
    number: phonenumbers.PhoneNumber, country: str, chance: random.Random
) -> tuple[str, str]:
    national = phonenumbers.national_significant_number(number)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    way = chance.randrange(12)
    if way < 6:
        style = chance.choice(FORMATS)
        return f"format {style}", phonenumbers.format_number(number, style)
    if way == 6:
        return "national digits", national
    if way == 7:
        return "trunk prefix", f"{metadata.national_prefix or '0'}{national}"
    if way == 8:
        return "calling code, no plus", f"{number.country_code}{national}"
    if way == 9:
        access = metadata.preferred_international_prefix or metadata.international_prefix
        code = access if access.isdigit() else "00"
        return "access code", f"{code} {number.country_code} {national}"
    if way == 10:
        prefix = metadata.national_prefix or "0"
        return "(0)", f"+{number.country_code} ({prefix}) {national}"
    letters = "".join(chance.choice(KEYS.get(digit, digit)) for digit in national[-5:])
    return "letters", f"+{number.country_code} {national[:-5]}-{letters}"


def _regrouped(written: str, chance: random.Random) -> str:
    gap = chance.choice([" ", "-", ".", "/", "  ", "\u00a0", " - ", "\u2013"])
    return "".join(
        character + (gap if character.isdigit() and chance.random() < 0.3 else "")
        for character in written
    )


def _spoilt(written: str, chance: random.Random) -> str:
    at = chance.randrange(len(written))
    return written[:at] + chance.choice(["", *string.digits, " ", "+"]) + written[at + 1 :]


def _script(chance: random.Random) -> dict[int, str]:
    zero = chance.choice(SCRIPTS)
    return str.maketrans({digit: chr(zero + int(digit)) for digit in string.digits})


def _junk(chance: random.Random) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        return chance.choice(["n/a", "-", "unknown", "", "none", "0", "00", "+", "call me", "x"])
    alphabet = string.digits * 3 + string.ascii_letters + " -+()./#,;:@"
    if kind == 1:
        alphabet = string.printable
    return "".join(chance.choices(alphabet, k=chance.randint(1, 24)))
