"""Who lives together, and who only lives in the same house."""

from __future__ import annotations

from .conftest import Identity, Person
from .test_protection import Grouping, groups, of_interest, strangers

HOME = {"street_address": "12 Oak Road", "postcode": "94110", "country": "US"}
AWAY = {"street_address": "7 Elm Street", "postcode": "60601", "country": "US"}


def test_a_family_is_a_household_and_a_former_home_ties_nobody(
    identity: Identity, same: Grouping
) -> None:
    people = [
        Person("a:ann", "Ann Lee", details=HOME | {"birth_date": "1980-05-17"}),
        Person("b:ann", "Ann Lee", details={"birth_date": "1980-05-17", "postcode": "94110"}),
        Person("a:tom", "Tom Lee", details=HOME | {"birth_date": "1979-02-03"}),
        Person("a:eva", "Eva Novak", details=HOME | {"birth_date": "1991-08-09"}),
        # Has moved out, to somebody.
        Person(
            "a:may",
            "May Lee",
            [("email", "may@mail.example")],
            details=HOME | {"birth_date": "1999-11-30", "updated_at": "2020-01-01"},
        ),
        Person(
            "b:may",
            "May Lee",
            [("email", "may@mail.example")],
            details=AWAY | {"birth_date": "1999-11-30", "updated_at": "2025-01-01"},
        ),
        Person("a:jon", "Jon Smith", details=AWAY | {"birth_date": "1998-01-22"}),
        Person(
            "a:alone", "Kay Brown", details={"street_address": "1 Far Road"} | {"country": "US"}
        ),
    ]
    households = of_interest(identity.households([*people, *strangers()]))
    assert same(households) == groups("a:ann b:ann a:tom a:eva", "a:may b:may a:jon")
    assert all(household.startswith("hhd_") for household in households.values())


def test_a_house_of_many_is_no_household_but_its_families_are(
    identity: Identity, same: Grouping
) -> None:
    names = (
        "Ada Abel", "Ben Boyle", "Cleo Crane", "Dan Drew", "Eli East", "Fay Finch", "Gus Gray",
        "Hal Hunt", "Ida Irons", "Jim Jarvis",
    )  # fmt: skip
    people = [
        Person(f"a:{number}", name, details=HOME | {"birth_date": f"19{60 + number}-01-1{number}"})
        for number, name in enumerate(names)
    ]
    wife = Person("b:wife", "Zoe Drew", details=HOME | {"birth_date": "1964-09-03"})
    flatmate = Person(
        "b:mate",
        "Yan Moss",
        [("phone", "+14155550132")],
        details=HOME | {"birth_date": "1970-09-03"},
    )
    friend = Person(
        "b:friend",
        "Liv Orr",
        [("phone", "+14155550132")],
        details=HOME | {"birth_date": "1971-10-04"},
    )
    households = of_interest(identity.households([*people, wife, flatmate, friend, *strangers()]))
    assert same(households) == groups("a:3 b:wife", "b:mate b:friend")
