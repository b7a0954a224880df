"""Each kind of fault real records have is in a world of 2,000, and none is the rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import CUSTOMERS

Number = Callable[[str], float]

OF_A_PERSON = """
    from world.person_records as records
    inner join world.people as people using (person_id)
    where {}
"""
SQUEEZED = "regexp_replace(records.phone, '[^0-9]', '', 'g')"

NOT_LATIN = r"regexp_matches({}.family_name, '[^\x00-\x{{24F}}]')"

# A condition on a record and its person, and how many records it must hold for at least.
FAULTS = {
    "typos in given names": (
        """damerau_levenshtein(records.given_name, people.given_name) = 1
        and len(records.given_name) > 3 and lower(records.given_name) <> lower(people.given_name)
        and strip_accents(records.given_name) <> strip_accents(people.given_name)""",
        50,
    ),
    "typos in family names": (
        """damerau_levenshtein(records.family_name, people.family_name) = 1
        and strip_accents(lower(records.family_name))
            <> strip_accents(lower(people.family_name))""",
        80,
    ),
    "nicknames": (
        "people.given_name = 'Robert' and records.given_name in ('Bob', 'Rob', 'Bobby')"
        " or people.given_name = 'Jennifer' and records.given_name in ('Jen', 'Jenny')"
        " or people.given_name = 'Christopher' and records.given_name in ('Chris', 'Kit')",
        5,
    ),
    "initials": ("records.given_name ilike left(people.given_name, 1) || '.'", 50),
    "swapped names": (
        "records.given_name = people.family_name and records.family_name = people.given_name",
        30,
    ),
    "earlier family names": (
        """people.gender = 'female' and records.given_name = people.given_name
        and jaro_winkler_similarity(records.family_name, people.family_name) < 0.6
        and records.family_name not in ('N/A', people.given_name)""",
        30,
    ),
    "lost accents": (
        "records.family_name = strip_accents(people.family_name)"
        " and records.family_name <> people.family_name",
        30,
    ),
    "names in capitals": (
        "records.family_name = upper(people.family_name)"
        " and regexp_matches(records.family_name, '^[A-Z]{3}')",
        100,
    ),
    "accents": ("records.family_name <> strip_accents(records.family_name)", 100),
    "names not in Latin letters": (NOT_LATIN.format("records"), 300),
    "the same in Latin letters": (
        f"{NOT_LATIN.format('people')} and regexp_matches(records.family_name, '^[A-Za-z]+$')",
        100,
    ),
    "family name first": ("contains(records.full_name, ', ')", 10),
    "moved addresses": (
        "records.street_address is not null and records.postcode is not null"
        " and left(records.postcode, 2) <> left(people.postcode, 2)",
        100,
    ),
    "unit within the street": ("contains(records.street_address, ', ' || people.unit)", 20),
    "second e-mail addresses": ("lower(records.email) = people.second_email", 200),
    "two e-mail addresses in one record": ("records.other_email is not null", 50),
    "plus-addressing": (r"regexp_matches(records.email, '\+[a-z]+@')", 100),
    "shared mailboxes": (
        "regexp_matches(records.email, '^(info|office|sales)@.*[.]example$')",
        20,
    ),
    "typos in e-mail addresses": (
        """lower(trim(records.email)) not in (people.email, coalesce(people.second_email, ''))
        and records.email not like '%+%' and records.email like '%@%'
        and damerau_levenshtein(lower(trim(records.email)), people.email) = 1""",
        20,
    ),
    "e-mail addresses in capitals": ("records.email = upper(people.email)", 50),
    "blanks around e-mail addresses": ("records.email <> trim(records.email)", 10),
    "placeholder e-mail addresses": ("records.email = 'test@test.com'", 10),
    "placeholder phones": ("records.phone = '000-000-0000'", 10),
    "placeholder dates of birth": (
        "records.birth_date in ('1900-01-01', '01/01/1900') and people.birth_date > '1940-01-01'",
        10,
    ),
    "placeholder texts": (
        "'N/A' in (records.family_name, records.company_name, records.city, records.email)",
        20,
    ),
    "typos in phones": (
        f"right({SQUEEZED}, 5) <> right(people.phone, 5)"
        f" and left(right({SQUEEZED}, 7), 5) = left(right(people.phone, 7), 5)",
        10,
    ),
    "dates of birth as day/month/year": (
        "records.birth_date = strftime(people.birth_date, '%d/%m/%Y')",
        50,
    ),
    "dates of birth as day.month.year": (
        "records.birth_date = strftime(people.birth_date, '%d.%m.%Y')",
        3,
    ),
    "day and month exchanged": (
        "day(people.birth_date) <> month(people.birth_date) and records.birth_date"
        " = strftime(people.birth_date, '%Y') || '-' || strftime(people.birth_date, '%d-%m')",
        5,
    ),
    "records without an e-mail address": ("records.email is null", 50),
    "guest checkouts": ("records.is_guest", 200),
    "contacts deleted at the source": ("records.is_deleted and records.merged_into is null", 20),
    "contacts merged at the source": ("records.merged_into is not null", 10),
    "user ids known elsewhere": (
        "records.user_id is not null"
        " and records.source in ('stripe', 'zendesk', 'klaviyo', 'hubspot')",
        500,
    ),
    "Stripe customers known to HubSpot": ("records.stripe_customer_id is not null", 30),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_there_and_not_the_rule(number: Number, fault: str) -> None:
    condition, at_least = FAULTS[fault]
    records = number("select count(*) from world.person_records")
    found = number(f"select count(*) {OF_A_PERSON.format(f'({condition})')}")
    assert at_least <= found < records / 4


def test_phones_are_written_in_many_ways(number: Number) -> None:
    shapes = number(
        """
        select count(distinct regexp_replace(records.phone, '[0-9]+', '9', 'g'))
        from world.person_records as records inner join world.people using (person_id)
        where people.country in ('US', 'GB', 'DE') and records.phone like '%9%'
        """
    )
    assert shapes >= 8
    countries = number("select count(distinct country) from world.people")
    assert countries >= 10


def test_some_are_entered_twice_in_every_source_people_are_entered_in(number: Number) -> None:
    sources = number(
        f"""
        select count(distinct source) from (
            select source from world.person_records
            where not is_guest and person_id <= {CUSTOMERS}
            group by source, person_id having count(*) > 1
        )
        """
    )
    assert sources == 8


def test_anonymous_visitors_log_in_later_and_some_devices_are_shared(number: Number) -> None:
    known = number(
        """
        select count(distinct early.anonymous_id) from world.web_events as early
        inner join world.web_events as late
            on early.anonymous_id = late.anonymous_id and early.occurred_at < late.occurred_at
        where early.user_id is null and late.event_type = 'identify'
        """
    )
    assert known > 300
    never = number(
        """
        select count(*) from (
            select anonymous_id from world.web_events group by all having count(user_id) = 0
        )
        """
    )
    assert never > 300
    shared = number(
        """
        select count(*) from (
            select anonymous_id from world.web_events group by all
            having count(distinct user_id) > 1
        )
        """
    )
    assert 10 < shared < 200
    aliases = "from world.web_events where event_type = 'alias' and previous_id is not null"
    assert number(f"select count(*) {aliases}") > 50


def test_a_company_is_entered_twice_and_written_differently(number: Number) -> None:
    twice = """
        select source, company_id from world.organization_records group by all having count(*) > 1
    """
    assert number(f"select count(*) from ({twice})") > 2
    assert (
        number(
            """
        select count(*) from world.organization_records as records
        inner join world.companies using (company_id) where records.name <> companies.name
        """
        )
        > 10
    )
