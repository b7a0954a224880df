"""Who is taken for whom, from records to customers, by the models and seeds as they are."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from .conftest import Identity, Person

Grouping = Callable[[dict[str, str]], set[frozenset[str]]]


def groups(*members: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in members}


def test_a_chain_of_fifty_records_is_one_customer(identity: Identity) -> None:
    people = [
        Person(
            f"hubspot:{number}",
            identifiers=[
                ("email", f"link{number}@mail.example"),
                ("email", f"link{number + 1}@mail.example"),
            ],
        )
        for number in range(50)
    ]
    assert len(set(identity.cluster(people).values())) == 1


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "Ann@Mail.example", " ann+news@mail.example"),
        ("email", "ann.lee@gmail.com", "annlee@googlemail.com"),
        ("phone", "(415) 555-0132", "+1 415 555 0132"),
        ("user_id", "usr_1", "usr_1"),
        ("passport", "ab-123 4", "AB1234"),
    ],
)
def test_the_same_value_written_two_ways_links(
    identity: Identity, kind: str, one: str, other: str
) -> None:
    customers = identity.cluster(
        [
            Person("a:1", "Ann Lee", [(kind, one)]),
            Person("b:1", "Ann Lee", [(kind, other)]),
        ]
    )
    assert customers["a:1"] == customers["b:1"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "test@test.com"),
        ("email", "N/A"),
        ("email", "info@acme.example"),
        ("phone", "000-000-0000"),
        ("phone", "123-456-7890"),
        ("passport", "N/A"),
        ("anonymous_id", "0b5c3b1e"),
        ("user_id", ""),
    ],
)
def test_values_that_tell_nobody_apart_do_not_link(
    identity: Identity, kind: str, value: str
) -> None:
    customers = identity.cluster(
        [
            Person("a:1", "Ann Lee", [(kind, value)]),
            Person("b:1", "Ann Lee", [(kind, value)]),
        ]
    )
    assert customers["a:1"] != customers["b:1"]


def test_a_mailbox_many_people_write_from_does_not_collapse_them(identity: Identity) -> None:
    names = ["Ann Lee", "Bob Ray", "Cat Fox", "Dan Orr", "Eve Kay", "Flo May", "Gus Poe", "Hal Rue"]
    people = [
        Person(f"zendesk:{number}", name, [("email", "studio@acme.example")])
        for number, name in enumerate(names)
    ]
    assert len(set(identity.cluster(people).values())) == len(names)


def test_a_household_phone_links_each_person_to_themselves_alone(
    identity: Identity, same: Grouping
) -> None:
    phone = [("phone", "+14155550132")]
    customers = identity.cluster(
        [
            Person("a:ann", "Ann Lee", phone),
            Person("b:ann", "A. Lee", phone),
            Person("a:bob", "Bob Lee", phone),
            Person("b:bob", "Bob Lee", phone),
            Person("a:nameless", None, phone),
        ]
    )
    assert same(customers) == groups("a:ann b:ann", "a:bob b:bob", "a:nameless")


def test_the_customer_is_named_by_its_earliest_record_and_later_ones_change_nothing(
    identity: Identity,
) -> None:
    mail = [("email", "ann@mail.example")]
    first = Person("z:1", "Ann Lee", mail, created_at="2020-01-01")
    later = [Person(f"a:{n}", "Ann Lee", mail, created_at="2024-01-01") for n in range(3)]
    alone = identity.cluster([first])["z:1"]
    assert set(identity.cluster([*later, first]).values()) == {alone}


def test_a_record_without_identifiers_is_a_customer_of_its_own(identity: Identity) -> None:
    customers = identity.cluster([Person("a:1", "Ann Lee"), Person("b:1", "Ann Lee")])
    assert len(set(customers.values())) == 2


def test_a_source_may_have_a_person_and_an_organization_of_one_id(identity: Identity) -> None:
    mail, domain = [("email", "cat@fen.example")], [("domain", "alp.example")]
    ids = identity.both(
        [
            Person("segment_events:42", "Ann Lee", [("email", "ann@alp.example")]),
            Person("zendesk:42", "Bob Ray", [("email", "bob@alp.example")]),
            Person("segment_events:7", "Cat Fox", mail),
        ],
        [
            # One organization, whose people are two.
            Person("segment_events:42", "Alp", domain),
            Person("zendesk:42", "Alp", domain),
            # The mailbox of the one is that of a person of the other's key, and not the other's.
            Person("segment_events:7", None),
            Person("zendesk:7", None, mail),
        ],
    )
    assert ids["organization", "segment_events:42"] == ids["organization", "zendesk:42"]
    assert len(set(ids.values())) == 6


def test_no_records_are_no_customers(identity: Identity) -> None:
    assert identity.cluster([]) == {}


def test_order_and_threads_change_nothing(identity: Identity) -> None:
    chance = random.Random(3)
    names = ["Ann Lee", "Bob Lee", "Cat Fox", None]
    people = [
        Person(
            f"{chance.choice('abc')}:{number}",
            chance.choice(names),
            [
                ("email", f"p{chance.randrange(60)}@mail.example"),
                ("phone", f"+1415555{chance.randrange(40):04d}"),
            ],
        )
        for number in range(200)
    ]
    shuffled = people.copy()
    chance.shuffle(shuffled)
    assert identity.cluster(people, threads=1) == identity.cluster(shuffled, threads=4)
