"""How phone numbers are dialled and which ones are in use, from the metadata of `phonenumbers`.

The library decides by regular expressions, a few for every country; a database would have to
compile them anew for each row. They are finite, so each is walked once, digit by digit, as far as
digits make a difference. What comes out are ranges of first digits, which a join can look up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

from scripts.reference.digit_patterns import Number, UndecidedError, pattern

Row = dict[str, str]

# The shortest national number, and the most digits dialled for a number: the 15 of E.164 and a
# prefix. What is longer is no number.
SHORTEST_NATIONAL, LONGEST_DIALLED = 2, 14
# What is longer is read as though it were no longer than this.
LONGER = range(LONGEST_DIALLED + 1, 18)
# Longer ones choose a carrier for one call; nobody writes them down as part of a number.
LONGEST_ACCESS_CODE = 5
# `phonenumbers` has this in place of a country for numbers of none, such as +800.
NO_COUNTRY = "001"


@dataclass(frozen=True)
class Reading:
    """How the digits of a number are rewritten.

    Args:
        dropped: first digits that go.
        put_before: digits that take their place.
        has_calling_code: whether they began with the country's calling code.
    """

    dropped: int = 0
    put_before: str = ""
    has_calling_code: bool = False

    def then(self, dropped: int, put_before: str) -> Reading:
        """This reading followed by another of its result."""
        if dropped <= len(self.put_before):
            changed = self.dropped, put_before + self.put_before[dropped:]
        else:
            changed = self.dropped + dropped - len(self.put_before), put_before
        return Reading(*changed, self.has_calling_code)


Outcome = TypeVar("Outcome")
AS_IT_IS = Reading()


def seeds() -> dict[str, list[Row]]:
    """Rows of the `reference/phone_…` seeds."""
    return {
        "reference/phone_access_codes": access_codes(),
        "reference/phone_dialling_rules": dialling_rules(),
        "reference/phone_number_ranges": number_ranges(),
        "reference/phone_numbering_plans": numbering_plans(),
    }


def access_codes() -> list[Row]:
    """What is dialled in each country before the calling code of another."""
    return [
        {
            "country_code": country,
            "first_digits": first,
            "last_digits": last,
            "dropped_digits": str(dropped),
        }
        for country in sorted(SUPPORTED_REGIONS)
        for first, last, dropped in ranges(
            LONGEST_DIALLED, lambda number, country=country: _access_code(number, country)
        )
        if len(first) <= LONGEST_ACCESS_CODE
    ]


def numbering_plans() -> list[Row]:
    """Calling codes, whose numbers they begin, and how many digits follow."""
    return [
        {
            "calling_code": str(calling_code),
            "country_code": country,
            "is_main_country": str(country == countries[0]).lower(),
            "national_digits": " ".join(map(str, _main(calling_code).general_desc.possible_length)),
        }
        for calling_code, countries in sorted(COUNTRY_CODE_TO_REGION_CODE.items())
        for country in sorted(countries)
    ]


def dialling_rules() -> list[Row]:
    """Which digits a number dialled in each country has that its international form has not."""
    rules: dict[tuple[str, str, str, Reading], list[int]] = {}
    for country in sorted(SUPPORTED_REGIONS):
        for length in range(SHORTEST_NATIONAL, LONGEST_DIALLED + 1):
            for first, last, reading in ranges(length, lambda number, at=country: _read(number, at)):
                rules.setdefault((country, first, last, reading), []).append(length)
                if length == LONGEST_DIALLED:
                    rules[country, first, last, reading].extend(LONGER)
    return [
        {
            "country_code": country,
            "first_digits": first,
            "last_digits": last,
            "minimum_digits": str(minimum),
            "maximum_digits": str(maximum),
            "dropped_digits": str(reading.dropped),
            "put_before": reading.put_before,
            "has_calling_code": str(reading.has_calling_code).lower(),
        }
        for (country, first, last, reading), lengths in sorted(rules.items(), key=_order)
        for minimum, maximum in _runs(lengths)
    ]


def number_ranges() -> list[Row]:
    """Ranges of international numbers in use, with the country and the kind of line."""
    rows = []
    for calling_code, countries in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        for length in range(SHORTEST_NATIONAL, LONGEST_DIALLED + 1):
            for first, last, country in ranges(
                length, lambda number, at=(calling_code, countries): _country_of(number, *at)
            ):
                rows.append(
                    {
                        "first_digits": f"{calling_code}{first}",
                        "last_digits": f"{calling_code}{last}",
                        "digits": str(len(str(calling_code)) + length),
                        "country_code": "" if country == NO_COUNTRY else country,
                    }
                )
    return sorted(rows, key=lambda row: (row["first_digits"], row["digits"]))


def ranges(
    length: int, outcome_of: Callable[[Number], Outcome | None]
) -> Iterator[tuple[str, str, Outcome]]:
    """Ranges of first digits that have one outcome whatever follows them.

    Args:
        length: digits of the numbers.
        outcome_of: the outcome for a number, `None` for none; raises `UndecidedError` where it
            takes more of its digits to tell.

    Yields:
        First and last of a range, with as many digits each as make the difference, and the
        outcome.
    """

    def walk(known: str) -> Outcome | None | list:
        try:
            return outcome_of(Number(known, length - len(known)))
        except UndecidedError:
            branches = [walk(f"{known}{digit}") for digit in range(10)]
        if isinstance(branches[0], list) or any(branch != branches[0] for branch in branches):
            return branches
        return branches[0]

    def flat(known: str, branch: Outcome | None | list) -> Iterator[tuple[str, str, Outcome]]:
        if not isinstance(branch, list):
            if branch is not None:
                yield known, known, branch
            return
        for digit, below in enumerate(branch):
            for first, last, outcome in flat(f"{known}{digit}", below):
                yield first, last, outcome

    joined: tuple[str, str, Outcome] | None = None
    for first, last, outcome in flat("", walk("")):
        if joined and outcome == joined[2] and _is_next(joined[1], first):
            joined = joined[0], last, outcome
            continue
        if joined:
            yield joined
        joined = first, last, outcome
    if joined:
        yield joined


def _is_next(last: str, first: str) -> bool:
    return len(last) == len(first) and last != "" and int(last) + 1 == int(first)


def _access_code(number: Number, country: str) -> int | None:
    """Digits of the international access code a number begins with."""
    found = pattern(PhoneMetadata.metadata_for_region(country).international_prefix).match(number)
    if found is None or _digit(number, found.end()) == "0":
        return None
    return found.end()


def _read(number: Number, country: str) -> Reading | None:
    """How a number is read in a country; nothing where it is taken as it is."""
    metadata = PhoneMetadata.metadata_for_region(country)
    national = _without_what_is_not_abroad(number, AS_IT_IS, metadata)
    calling_code = str(metadata.country_code)
    if _starts_with(number, calling_code):
        rest = _without_trunk_prefix(number, Reading(len(calling_code), "", True), metadata)
        if _length(metadata, len(number)) == "too long" or (
            _is_of(metadata, _read_as(number, rest)) and not _is_of(metadata, number)
        ):
            main = _main(metadata.country_code)
            international = _without_what_is_not_abroad(number, rest, main)
            if _read_as(number, international) != _read_as(number, national):
                return international
    return None if national == AS_IT_IS else national


def _without_what_is_not_abroad(
    number: Number, reading: Reading, metadata: PhoneMetadata
) -> Reading:
    """The reading without a trunk prefix, unless that leaves too few digits."""
    stripped = _without_trunk_prefix(number, reading, metadata)
    too_short = _length(metadata, len(_read_as(number, stripped))) == "too short"
    return reading if too_short else stripped


def _without_trunk_prefix(number: Number, reading: Reading, metadata: PhoneMetadata) -> Reading:
    """The reading that also drops, or rewrites, what is dialled first only within the country."""
    if not metadata.national_prefix_for_parsing:
        return reading
    dialled = _read_as(number, reading)
    found = pattern(metadata.national_prefix_for_parsing).match(dialled)
    if not len(dialled) or not found:
        return reading
    rule = metadata.national_prefix_transform_rule
    if rule and found[found.re.groups] is not None:
        put_before, group = rule.split("\\")
        start, end = found.span(int(group))
        if end == found.end():
            stripped = reading.then(start, put_before)
        elif end > len(dialled.known):
            raise UndecidedError
        else:
            stripped = reading.then(found.end(), put_before + found[int(group)])
    else:
        stripped = reading.then(found.end(), "")
    if not _is_of(metadata, _read_as(number, stripped)) and _is_of(metadata, dialled):
        return reading
    return stripped


def _read_as(number: Number, reading: Reading) -> Number:
    return number.after(reading.dropped, reading.put_before)


def _is_of(metadata: PhoneMetadata, number: Number) -> bool:
    """Whether a country's numbers look like this in general."""
    return _matches(metadata.general_desc.national_number_pattern, number)


def _length(metadata: PhoneMetadata, digits: int) -> str:
    general = metadata.general_desc
    if digits in general.possible_length:
        return "possible"
    return "too long" if digits > general.possible_length[-1] else "too short"


def _country_of(number: Number, calling_code: int, countries: tuple[str, ...]) -> str | None:
    """Country of a national number in use, among those that share a calling code."""
    for country in countries:
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(calling_code, country)
        if metadata is None:
            continue
        if len(countries) > 1 and metadata.leading_digits:
            if not pattern(metadata.leading_digits).match(number):
                continue
            return country if _is_in_use(metadata, number) else None
        if _is_in_use(metadata, number):
            return country
    return None


def _is_in_use(metadata: PhoneMetadata, number: Number) -> bool:
    kinds = (
        metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.premium_rate,
        metadata.shared_cost, metadata.voip, metadata.personal_number, metadata.pager,
        metadata.uan, metadata.voicemail,
    )  # fmt: skip
    fitting = [kind for kind in kinds if kind and len(number) in kind.possible_length]
    if not fitting or len(number) not in metadata.general_desc.possible_length:
        return False
    return _is_of(metadata, number) and any(
        _matches(kind.national_number_pattern, number) for kind in fitting
    )


def _matches(text: str, number: Number) -> bool:
    return pattern(text, is_whole=True).match(number) is not None


def _digit(number: Number, at: int) -> str:
    """Digit at a place, counted from 0; nothing past the last."""
    if at < len(number.known) or at >= len(number):
        return number.known[at : at + 1]
    raise UndecidedError


def _starts_with(number: Number, digits: str) -> bool:
    if number.unknown and digits != number.known and digits.startswith(number.known):
        raise UndecidedError
    return number.known.startswith(digits)


@cache
def _main(calling_code: int) -> PhoneMetadata:
    """Metadata of the country that stands for all those with a calling code."""
    country = COUNTRY_CODE_TO_REGION_CODE[calling_code][0]
    return PhoneMetadata.metadata_for_region_or_calling_code(calling_code, country)


def _order(rule: tuple[tuple[str, str, str, Reading], list[int]]) -> tuple[str, str, int]:
    (country, first, _, _), lengths = rule
    return country, first, lengths[0]


def _runs(lengths: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of whole numbers without a gap."""
    first = last = lengths[0]
    for length in lengths[1:]:
        if length > last + 1:
            yield first, last
            first = length
        last = length
    yield first, last
