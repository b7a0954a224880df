"""How phone numbers are dialled and which ones are in use, from the metadata of `phonenumbers`.

The library decides by regular expressions, a few for every country; a database would have to
compile them anew for each row. They are finite, so each is walked once, digit by digit, as far as
digits make a difference. What comes out are ranges of first digits, which a join can look up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    SUPPORTED_REGIONS,
    PhoneMetadata,
    country_code_for_region,
)

from scripts.reference.patterns import Number, Pattern, UndecidedError

Row = dict[str, str]

# The shortest national number, and the most digits dialled for a number: the 15 of E.164 and a
# prefix. What is longer is no number.
SHORTEST_NATIONAL, LONGEST_DIALLED = 2, 14
# What is longer, up to the longest national number, is read as though it were no longer than this.
LONGEST_NATIONAL = 17
LONGER = range(LONGEST_DIALLED + 1, LONGEST_NATIONAL + 1)
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


@dataclass(frozen=True)
class Plan:
    r"""A country's numbers, as the library has them.

    Args:
        calling_code: digits a number from abroad begins with.
        access_code: what is dialled before the calling code of another country.
        trunk_prefix: what is dialled first only within the country, or nothing.
        trunk_rule: what takes its place where that is not just dropped, as in `9\\1`.
        general: what its numbers look like in general.
        lengths: digits they may have.
        kinds: what the numbers of each kind of line look like, and the digits they may have.
        beginnings: what its numbers begin with among those of the same calling code.
    """

    calling_code: str
    access_code: Pattern
    trunk_prefix: Pattern | None
    trunk_rule: str | None
    general: Pattern
    lengths: tuple[int, ...]
    kinds: tuple[tuple[Pattern, tuple[int, ...]], ...]
    beginnings: Pattern | None

    def is_too_short(self, number: Number) -> bool:
        """Whether numbers have more digits, or others so many but not just as many."""
        return len(number) not in self.lengths and not self.is_too_long(number)

    def is_too_long(self, number: Number) -> bool:
        """Whether all numbers have fewer digits."""
        return len(number) > self.lengths[-1]

    def fits(self, number: Number) -> bool:
        """Whether its numbers look like this in general."""
        return self.general.match(number) is not None

    def is_in_use(self, number: Number) -> bool:
        """Whether numbers of some kind look like this."""
        fitting = [kind for kind, lengths in self.kinds if len(number) in lengths]
        return (
            bool(fitting)
            and len(number) in self.lengths
            and self.fits(number)
            and any(kind.match(number) for kind in fitting)
        )


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
        for first, last, dropped in ranges(LONGEST_DIALLED, partial(_access_code, country=country))
        if len(first) <= LONGEST_ACCESS_CODE
    ]


def numbering_plans() -> list[Row]:
    """Calling codes, whose numbers they begin, and how many digits follow."""
    return [
        {
            "calling_code": str(calling_code),
            "country_code": "" if country == NO_COUNTRY else country,
            "is_main_country": str(country == countries[0]).lower(),
            "national_digits": " ".join(map(str, _plan(calling_code, countries[0]).lengths)),
        }
        for calling_code, countries in sorted(COUNTRY_CODE_TO_REGION_CODE.items())
        for country in sorted(countries)
    ]


def dialling_rules() -> list[Row]:
    """Which digits a number dialled in each country has that its international form has not."""
    rules: dict[tuple[str, str, str, Reading], list[int]] = {}
    for country in sorted(SUPPORTED_REGIONS):
        for length in range(SHORTEST_NATIONAL, LONGEST_DIALLED + 1):
            for first, last, reading in ranges(length, partial(_read, country=country)):
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
    """Ranges of international numbers in use, with the country of each."""
    rows = []
    for calling_code, countries in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        for length in range(SHORTEST_NATIONAL, LONGEST_NATIONAL + 1):
            for first, last, country in ranges(
                length, partial(_country_of, calling_code=calling_code, countries=countries)
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

    def walk(known: str) -> Outcome | list | None:
        try:
            return outcome_of(Number(known, length - len(known)))
        except UndecidedError:
            branches = [walk(f"{known}{digit}") for digit in range(10)]
        if isinstance(branches[0], list) or any(branch != branches[0] for branch in branches):
            return branches
        return branches[0]

    def flat(known: str, branch: Outcome | list | None) -> Iterator[tuple[str, str, Outcome]]:
        if not isinstance(branch, list):
            if branch is not None:
                yield known, known, branch
            return
        for digit, below in enumerate(branch):
            yield from flat(f"{known}{digit}", below)

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
    found = _plan_of(country).access_code.match(number)
    if found is None or _digit(number, found.end()) == "0":
        return None
    return found.end()


def _read(number: Number, country: str) -> Reading | None:
    """How a number is read in a country; nothing where it is taken as it is."""
    plan = _plan_of(country)
    national = _as_from_abroad(number, AS_IT_IS, plan)
    if _starts_with(number, plan.calling_code):
        dialled = Reading(len(plan.calling_code), has_calling_code=True)
        rest = _without_trunk_prefix(number, dialled, plan)
        if plan.is_too_long(number) or (
            plan.fits(_read_as(number, rest)) and not plan.fits(number)
        ):
            international = _as_from_abroad(number, rest, _main_plan(int(plan.calling_code)))
            if _read_as(number, international) != _read_as(number, national):
                return international
    return None if national == AS_IT_IS else national


def _as_from_abroad(number: Number, reading: Reading, plan: Plan) -> Reading:
    """The reading without a trunk prefix, unless that leaves too few digits."""
    stripped = _without_trunk_prefix(number, reading, plan)
    return reading if plan.is_too_short(_read_as(number, stripped)) else stripped


def _without_trunk_prefix(number: Number, reading: Reading, plan: Plan) -> Reading:
    """The reading that also drops, or rewrites, what is dialled first only within the country."""
    dialled = _read_as(number, reading)
    found = plan.trunk_prefix.match(dialled) if plan.trunk_prefix and len(dialled) else None
    if found is None:
        return reading
    stripped = reading.then(found.end(), "")
    if plan.trunk_rule and found[found.re.groups] is not None:
        put_before, group = plan.trunk_rule.split("\\")
        start, end = found.span(int(group))
        if end == found.end():
            stripped = reading.then(start, put_before)
        elif end > len(dialled.known):
            raise UndecidedError
        else:
            stripped = reading.then(found.end(), put_before + found[int(group)])
    if not plan.fits(_read_as(number, stripped)) and plan.fits(dialled):
        return reading
    return stripped


def _read_as(number: Number, reading: Reading) -> Number:
    return number.after(reading.dropped, reading.put_before)


def _country_of(number: Number, calling_code: int, countries: tuple[str, ...]) -> str | None:
    """Country of a national number in use, among those that share a calling code."""
    for country in countries:
        plan = _plan(calling_code, country)
        if len(countries) > 1 and plan.beginnings:
            if plan.beginnings.match(number):
                return country if plan.is_in_use(number) else None
        elif plan.is_in_use(number):
            return country
    return None


def _digit(number: Number, at: int) -> str:
    """Digit at a place, counted from 0; nothing past the last."""
    if at < len(number.known) or at >= len(number):
        return number.known[at : at + 1]
    raise UndecidedError


def _starts_with(number: Number, digits: str) -> bool:
    if number.unknown and digits != number.known and digits.startswith(number.known):
        raise UndecidedError
    return number.known.startswith(digits)


def _plan_of(country: str) -> Plan:
    return _plan(country_code_for_region(country), country)


def _main_plan(calling_code: int) -> Plan:
    """The plan that all numbers with a calling code follow."""
    return _plan(calling_code, COUNTRY_CODE_TO_REGION_CODE[calling_code][0])


@cache
def _plan(calling_code: int, country: str) -> Plan:
    # Typed as though every part could be missing, which none of a calling code in use is.
    metadata: Any = PhoneMetadata.metadata_for_region_or_calling_code(calling_code, country)
    kinds = (
        metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.premium_rate,
        metadata.shared_cost, metadata.voip, metadata.personal_number, metadata.pager,
        metadata.uan, metadata.voicemail,
    )  # fmt: skip
    trunk_prefix, beginnings = metadata.national_prefix_for_parsing, metadata.leading_digits
    return Plan(
        calling_code=str(calling_code),
        access_code=Pattern(metadata.international_prefix or ""),
        trunk_prefix=Pattern(trunk_prefix) if trunk_prefix else None,
        trunk_rule=metadata.national_prefix_transform_rule,
        general=Pattern(metadata.general_desc.national_number_pattern, is_whole=True),
        lengths=metadata.general_desc.possible_length,
        kinds=tuple(
            (Pattern(kind.national_number_pattern, is_whole=True), kind.possible_length)
            for kind in kinds
            if kind and kind.national_number_pattern
        ),
        beginnings=Pattern(beginnings) if beginnings else None,
    )


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
