"""A build after every load ends where one build of everything does, whatever comes when."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Identity, Person
from .test_protection import Grouping, strangers

PLACES = ("94110", "60601", "10001", "02139")


@st.composite
def populations(draw: st.DrawFn) -> list[Person]:
    """Records of people as tools have them: often the same ones, some mistyped, some moved."""
    chosen = draw(st.randoms(use_true_random=False))
    people: list[Person] = []
    for stranger in strangers(25):
        given_name, family_name = str(stranger.name).split()
        for copy in range(chosen.choice((1, 1, 2, 3))):
            typo = copy > 0 and chosen.random() < 0.3
            family = family_name[:-2] + family_name[-1] if typo else family_name
            details = {"postcode": chosen.choice(PLACES), "country": "US"}
            if chosen.random() < 0.8:
                details |= stranger.details
            identifiers = stranger.identifiers if chosen.random() < 0.6 else []
            people.append(
                Person(
                    f"{stranger.record_key}-{copy}",
                    f"{given_name} {family}",
                    identifiers,
                    details=details,
                )
            )
    chosen.shuffle(people)
    for number, person in enumerate(people):
        person.created_at = str(date(2020, 1, 1) + timedelta(days=number))
    return people


@settings(max_examples=3, deadline=None, database=None)
@given(populations(), st.data())
def test_batches_make_the_customers_that_one_build_makes(
    identity: Identity, same: Grouping, people: list[Person], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(1, len(people) - 1), min_size=1, max_size=2)))
    batches = [people[i:j] for i, j in zip([0, *cuts], [*cuts, len(people)], strict=True)]
    at_once = identity.cluster(people)
    assert same(identity.grow(batches)) == same(at_once)
    # Loads in another order, and built then, give the very ids.
    shuffled = list(people)
    data.draw(st.randoms(use_true_random=False)).shuffle(shuffled)
    assert identity.cluster(shuffled) == at_once


def test_ids_given_batch_by_batch_are_those_of_one_build(identity: Identity) -> None:
    """Where records come in the order they were created in, and nobody turns out to be two."""
    people = [
        Person(f"{tool}:{number}", each.name, each.identifiers, f"2024-01-0{day}", each.details)
        for day, tool in enumerate(("crm", "shop", "desk"), 1)
        for number, each in enumerate(strangers(30))
        if number % (day + 1) or day == 1
    ]
    batches = [
        [person for person in people if person.created_at.endswith(f"{day}")] for day in "123"
    ]
    assert identity.grow(batches) == identity.cluster(people)


def test_an_id_outlives_what_comes_after_it(identity: Identity) -> None:
    """An older record that comes later joins the customer, and does not rename it."""
    born = {"birth_date": "1980-05-17"}
    mail = [("email", "ann@mail.example")]
    first = Person("crm:1", "Ann Lee", mail, "2024-01-01", born)
    older = Person("old:1", "Ann Lee", mail, "2019-01-01", born)
    before = identity.grow([[first, *strangers(30)]])
    after = identity.grow([[first, *strangers(30)], [older]])
    assert after["old:1"] == after["crm:1"] == before["crm:1"]
    assert {key: value for key, value in after.items() if key != "old:1"} == before


def test_a_record_that_goes_and_comes_back_is_who_it_was(identity: Identity) -> None:
    mail = [("email", "ann@mail.example")]
    ann = [Person(f"{tool}:1", "Ann Lee", mail) for tool in ("crm", "shop")]
    others = list(strangers(30))
    before, without, none, after = identity.builds(
        [[*ann, *others], [ann[1], *others], others, [*others, *ann]]
    )
    assert before["crm:1"] == before["shop:1"] == without["shop:1"]
    assert set(none.values()) < set(before.values()), "nobody else takes the id meanwhile"
    assert after == before


def test_a_record_that_becomes_somebody_else_leaves_and_comes_back(identity: Identity) -> None:
    """A desk's customer record is written over with another person, and then mended."""
    ann = Person("crm:1", "Ann Lee", [("email", "ann@mail.example")])
    gus = Person("crm:2", "Gus Poe", [("email", "gus@mail.example")])
    own = Person("desk:1", ann.name, ann.identifiers, "2024-02-01")
    other = Person("desk:1", gus.name, gus.identifiers, "2024-02-01")
    named, unnamed = [ann, gus, *strangers(30)], Person("desk:1", created_at="2024-02-01")
    before, changed, emptied, after = identity.builds(
        [[*named, own], [*named, other], [*named, unnamed], [*named, own]]
    )
    assert before["desk:1"] == before["crm:1"]
    assert changed["desk:1"] == before["crm:2"]
    assert emptied["desk:1"] not in before.values(), "nobody's record is nobody's"
    assert after == before
    for build in (changed, emptied):
        assert {key: build[key] for key in before if key != "desk:1"} == {
            key: before[key] for key in before if key != "desk:1"
        }
