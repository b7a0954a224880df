"""What must not make one customer of several, and what must, however it is written."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from .conftest import Identity, Person

Grouping = Callable[[dict[str, str]], set[frozenset[str]]]

HOME = {"street_address": "12 Oak Road", "postcode": "94110", "country": "US"}


def groups(*members: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in members}


def strangers(number: int = 200) -> Iterator[Person]:
    """People who have nothing to do with the test, so that its names are as rare as in life."""
    chance = random.Random(7)
    given = ["Olga", "Piotr", "Quinn", "Rosa", "Silas", "Tessa", "Ugo", "Vera", "Walt", "Xenia"]
    parts = ["ber", "kov", "lind", "mar", "tos", "wick", "hall", "gren", "stad", "fer", "zan"]
    for each in range(number):
        family = "".join(chance.sample(parts, 3)).capitalize()
        yield Person(
            f"z:{each}",
            f"{chance.choice(given)} {family}",
            [("email", f"{family.lower()}{each}@mail.example")],
            details={
                "birth_date": f"19{chance.randint(40, 99)}-0{chance.randint(1, 9)}-1{each % 9}"
            },
        )


def of_interest(customers: dict[str, str]) -> dict[str, str]:
    return {key: customer for key, customer in customers.items() if not key.startswith("z:")}


def test_a_household_stays_as_many_people_as_it_is(identity: Identity, same: Grouping) -> None:
    phone = [("phone", "+14155550132")]
    people = [
        Person("a:ann", "Ann Lee", phone, details=HOME | {"birth_date": "1980-05-17"}),
        Person("b:ann", "Ann Lee", phone, details=HOME | {"birth_date": "1980-05-17"}),
        Person("a:tom", "Tom Lee", phone, details=HOME | {"birth_date": "1979-02-03"}),
        Person("b:tom", "Thomas Lee", phone, details=HOME | {"birth_date": "1979-02-03"}),
        # Twins.
        Person("a:may", "May Lee", phone, details=HOME | {"birth_date": "2008-11-30"}),
        Person("a:joe", "Joe Lee", phone, details=HOME | {"birth_date": "2008-11-30"}),
    ]
    customers = of_interest(identity.cluster([*people, *strangers()]))
    assert same(customers) == groups("a:ann b:ann", "a:tom b:tom", "a:may", "a:joe")


def test_father_and_son_of_one_name_are_two(identity: Identity, same: Grouping) -> None:
    people = [
        Person("a:old", "Robert Quill", details=HOME | {"birth_date": "1954-03-31"}),
        Person("b:old", "Robert Quill Sr", details=HOME | {"birth_date": "1954-03-31"}),
        Person("a:young", "Robert Quill", details=HOME | {"birth_date": "1988-12-11"}),
        Person("b:young", "Robert Quill Jr", details=HOME | {"birth_date": "1988-12-11"}),
    ]
    customers = of_interest(identity.cluster([*people, *strangers()]))
    assert same(customers) == groups("a:old b:old", "a:young b:young")


def test_a_family_mailbox_does_not_collapse_the_family(identity: Identity, same: Grouping) -> None:
    mailbox = [("email", "the.orrs@mail.example")]
    people = [
        Person("a:dan", "Dan Orr", mailbox, details={"birth_date": "1970-01-09"}),
        Person("b:dan", "Daniel Orr", mailbox, details={"birth_date": "1970-01-09"}),
        Person("a:eve", "Eve Orr", mailbox, details={"birth_date": "1971-06-21"}),
        Person("b:eve", "Eve Orr", mailbox),
    ]
    customers = of_interest(identity.cluster([*people, *strangers()]))
    assert same(customers) == groups("a:dan b:dan", "a:eve b:eve")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "noreply@shop.example"),
        ("phone", "+14155550100"),  # a switchboard
        ("anonymous_id", "tablet-at-the-till"),
    ],
)
def test_what_many_share_is_nobodys(identity: Identity, kind: str, value: str) -> None:
    people = [
        Person(person.record_key.replace("z", "a"), person.name, [(kind, value)])
        for person in strangers(60)
    ]
    assert len(set(identity.cluster(people).values())) == 60


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given_name": "Bob", "family_name": "Quill"}, {}),
        ({"given_name": "Quill", "family_name": "Robert"}, {}),
        ({}, {"birth_date": "1978-11-12"}),
        ({}, {"birth_date": "1978-12-01"}),
        ({"given_name": "Robret", "family_name": "Quill"}, {}),
        ({"given_name": "R", "family_name": "Quill"}, {}),
        ({"given_name": "Robert", "family_name": "Qill"}, {}),
    ],
)
def test_one_person_written_otherwise_is_one(
    identity: Identity, one: dict[str, str], other: dict[str, str]
) -> None:
    born = {"birth_date": "1978-12-11"}
    details = HOME | born | {"given_name": "Robert", "family_name": "Quill"}
    people = [
        Person("a:1", details=details),
        Person("b:1", details=details | one | other),
    ]
    customers = identity.cluster([*people, *strangers()])
    assert customers["a:1"] == customers["b:1"]


def test_two_accounts_of_the_app_are_never_one_customer(identity: Identity, same: Grouping) -> None:
    mail = ("email", "ann.lee@mail.example")
    people = [
        Person("a:1", "Ann Lee", [mail, ("user_id", "u1")]),
        Person("b:1", "Ann Lee", [mail]),
        Person("a:2", "Ann Lee", [mail, ("user_id", "u2")]),
    ]
    customers = identity.cluster([*people, *strangers()])
    assert customers["a:1"] != customers["a:2"]


def test_decisions_outrank_all_evidence(identity: Identity, same: Grouping) -> None:
    mail = [("email", "ann.lee@mail.example")]
    people = [
        Person("a:1", "Ann Lee", mail, details={"birth_date": "1980-05-17"}),
        Person("b:1", "Ann Lee", mail, details={"birth_date": "1980-05-17"}),
        Person("c:1", "Gus Poe", [("email", "gus@mail.example")]),
        Person("d:1", "Zoe Fox", [("email", "zoe@mail.example")]),
    ]
    decisions = [("separate", "b:1", "a:1"), ("link", "c:1", "d:1"), ("link", "a:1", "gone:1")]
    customers = of_interest(identity.cluster([*people, *strangers()], decisions=decisions))
    assert same(customers) == groups("a:1", "b:1", "c:1 d:1")


def test_records_without_anything_are_each_their_own(identity: Identity) -> None:
    people = [Person(f"a:{number}") for number in range(1000)]
    assert len(set(identity.cluster(people).values())) == 1000


def test_names_of_any_kind_are_compared(identity: Identity, same: Grouping) -> None:
    mails = (f"p{number}@mail.example" for number in count())
    names = {
        "cjk": "王小明",
        "arabic": "فيصل صديقي",
        "emoji": "🦊🦊 Fox",
        "long": "x" * 10_000,
        "marks": "!!! ??? ...",
        "quote": "O'Neill \"Tip\" '; drop table customers; --",
    }
    people = []
    for kind, name in names.items():
        mail = [("email", next(mails))]
        people += [Person(f"a:{kind}", name, mail), Person(f"b:{kind}", name, mail)]
    customers = of_interest(identity.cluster([*people, *strangers()]))
    assert same(customers) == groups(*(f"a:{kind} b:{kind}" for kind in names))


def test_ten_thousand_records_of_one_person_are_one_customer(identity: Identity) -> None:
    people = [
        Person(
            f"a:{number}",
            "Ann Lee",
            [("email", "ann.lee@mail.example"), ("ticket", f"T{number}")],
            details={"birth_date": "1980-05-17"},
        )
        for number in range(10_000)
    ]
    customers = of_interest(identity.cluster([*people, *strangers()], memory="6GB"))
    assert len(set(customers.values())) == 1


def test_a_value_a_hundred_thousand_records_share_explodes_nothing(identity: Identity) -> None:
    people = [Person(f"a:{number}", None, [("phone", "+14155550100")]) for number in range(100_000)]
    customers = identity.cluster(people, memory="2GB")
    assert len(set(customers.values())) == 100_000
