"""Requests of people: their terms, what is shown to whom, and what may be put right."""

from __future__ import annotations

import datetime
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner, Result

from ingestion import keys, privacy, settings
from ingestion.erased import Erased, past_mark
from ingestion.macros import project_macros
from ingestion.pipeline import declare_everything
from ingestion.sources.hubspot.schema import TABLES as HUBSPOT
from ingestion.sources.shopify.schema import TABLES as SHOPIFY
from ingestion.sql import literal
from scripts.cli import app
from scripts.incident.people import load_seed
from scripts.privacy import access, rectify, register, retain, suppress
from scripts.privacy.register import RequestError
from scripts.privacy.subjects import UnknownPersonError, find
from scripts.seeds import seed_rows
from scripts.share.treatments import TREATMENTS
from scripts.terminal import console

ANN = "ann@lee.example"
SECOND = datetime.timedelta(seconds=1)


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["privacy", *arguments])


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are told whole: pytest-xdist gives its workers 80 columns."""
    monkeypatch.setattr(console, "width", 200)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which ANN is a customer of two records, and BEA another; made once."""
    file = tmp_path_factory.mktemp("requests") / "warehouse.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CDI_WAREHOUSE", str(file))
        declare_everything()
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            """
            create schema marts;
            create table marts.dim_customers as
                select unnest(['cus_ann', 'cus_bea']) as customer_id;
            create table marts.customer_id_aliases as
                select 'cus_old' as alias_id, 'cus_ann' as customer_id;
            create table marts.xref_customer_records as
                from (values ('a', '1', 'cus_ann', 'a:1'), ('b', '1', 'cus_ann', 'b:1'),
                    ('a', '2', 'cus_bea', 'a:2')) as t (source, record_id, customer_id, record_key);
            create table marts.xref_customer_identifiers as
                from (values ('cus_ann', 'email', 'ann@lee.example'),
                    ('cus_bea', 'email', 'bea@ek.example'))
                as t (customer_id, identifier_type, identifier_value);
            create table marts.customer_attribute_sources as
                from (values ('cus_ann', 'given_name', 'Ann'), ('cus_ann', 'family_name', 'Lee'),
                    ('cus_ann', 'full_name', 'Ann Lee'), ('cus_ann', 'country_code', 'US'),
                    ('cus_bea', 'city', 'Rome')) as t (customer_id, attribute, value);
            create table marts.customer_contactability as
                select customer_id, purpose, channel, true as may_contact
                from (values ('cus_ann'), ('cus_bea')) as c (customer_id)
                cross join (values ('marketing'), ('service')) as p (purpose)
                cross join (values ('email'), ('sms')) as h (channel);
            create schema intermediate;
            create table intermediate.int_identifiers__unioned
                (entity varchar, record_key varchar, identifier_value varchar);
            create table intermediate.int_identifiers__normalized
                (entity varchar, record_key varchar, identifier_type varchar,
                 normalized_value varchar, identifier_value varchar);
            create table intermediate.int_record_ids__assigned
                (entity varchar, record_key varchar, golden_id varchar, previous_id varchar);
            """
        )
        for name in (
            "junk_values", "country_aliases", "region_aliases", "phone_access_codes",
            "phone_numbering_plans", "phone_dialling_rules", "phone_number_ranges",
        ):  # fmt: skip
            load_seed(connection, name, "reference")
            connection.execute(f"create table intermediate.{name} as from temp.{name}")
    return file


@pytest.fixture
def written(template: Path) -> None:
    """A warehouse of the test's own."""
    shutil.copy(template, settings.warehouse())


def rows(sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        return connection.execute(sql).fetchall()


# The register


def judged(law: str, kind: str, received: str, at: str, **told: str) -> dict[str, Any]:
    """A request as it is judged at a time, by the terms of the seed."""
    given = {"acknowledged_at": None, "extended_at": None, "completed_at": None, **told}
    listed = ", ".join(
        f"cast({literal(value) if value else 'null'} as timestamp) as {name}"
        for name, value in given.items()
    )
    seed = settings.PROJECT / "dbt_project" / "seeds" / "governance" / "privacy_laws.csv"
    sql = project_macros()["judged_requests"]("requests", f"'{seed}'", f"timestamp '{at}'")
    with duckdb.connect() as connection:
        connection.execute(
            f"create table requests as select 'r' as request_id, '{kind}' as kind, "
            f"'{law}' as law, null as outcome, 1 as records, "
            f"timestamp '{received}' as received_at, {listed}"
        )
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchall()[0], strict=True))


@pytest.mark.parametrize(
    ("law", "kind", "received", "told", "due"),
    [
        ("gdpr", "access", "2026-01-31 10:00:00", {}, "2026-02-28 10:00:00"),
        ("gdpr", "erase", "2028-01-31 10:00:00", {}, "2028-02-29 10:00:00"),
        ("uk_gdpr", "rectify", "2026-08-31 10:00:00", {}, "2026-09-30 10:00:00"),
        (
            "gdpr", "access", "2026-01-31 10:00:00",
            {"extended_at": "2026-02-28 10:00:00"}, "2026-04-30 10:00:00",
        ),
        ("ccpa", "erase", "2026-11-27 10:00:00", {}, "2026-12-11 10:00:00"),
        (
            "ccpa", "erase", "2026-11-27 10:00:00",
            {"acknowledged_at": "2026-11-28"}, "2027-01-11 10:00:00",
        ),
        (
            "ccpa", "access", "2026-11-27 10:00:00",
            {"acknowledged_at": "2026-11-28", "extended_at": "2026-12-01"}, "2027-02-25 10:00:00",
        ),
        ("ccpa", "suppress", "2026-11-27 10:00:00", {}, "2026-12-18 10:00:00"),
        ("ch_fadp", "access", "2026-11-27 10:00:00", {}, "2026-12-27 10:00:00"),
    ],
)  # fmt: skip
def test_a_term_ends_with_its_last_second(
    law: str, kind: str, received: str, told: dict[str, str], due: str
) -> None:
    last = datetime.datetime.fromisoformat(due)
    for at, expected in ((last - SECOND, False), (last, False), (last + SECOND, True)):
        found = judged(law, kind, received, str(at), **told)
        assert (found["next_due_at"], found["is_overdue"]) == (last, expected)


def test_every_row_of_the_laws_has_one_term_and_a_source() -> None:
    for row in seed_rows("privacy_laws"):
        terms = [row[f"answer_{unit}"] for unit in ("months", "days", "business_days")]
        assert sum(map(bool, terms)) == 1, row
        assert "https://" in row["source"]


@pytest.mark.usefixtures("written")
def test_a_request_that_was_noted_is_the_one_that_is_carried_out() -> None:
    said = asked("request", "open", "suppress", ANN, "--received", "2026-01-31T11:00+01:00")
    assert said.exit_code == 0, said.output
    (request_id,) = re.findall(r"req_\d+_1", said.output)
    assert "2026-02-28 10:00:00" in said.output and ANN not in said.output
    assert "overdue" in asked("status").output
    # By another of their names: the register knows them by the customer, and by no name.
    assert asked("suppress", "cus_old", "--for-good").exit_code == 0
    (found,) = rows("select request_id, kind, outcome, records, subject from raw_privacy.requests")
    assert found[:4] == (request_id, "suppress", "suppressed", 2)
    assert found[4] == keys.keyed_hash(privacy.value_mark("cus_ann"))
    assert "(late)" in asked("status").output
    said = asked("request", "close", request_id, "--outcome", "done twice")
    assert (said.exit_code, "is answered since" in said.output) == (1, True)


@pytest.mark.usefixtures("written")
def test_a_request_of_somebody_unknown_has_a_term_too() -> None:
    said = asked("request", "open", "erase", "nobody@nowhere.example", "--law", "ccpa")
    assert said.exit_code == 0 and "nothing is known of them" in said.output
    (request_id,) = re.findall(r"req_\d+_1", said.output)
    assert "to acknowledge" in said.output
    assert "to answer until" in asked("request", "acknowledge", request_id).output
    assert "to answer until" in asked("request", "extend", request_id).output
    said = asked("request", "close", request_id, "--outcome", "told that nothing is held")
    assert "answered in time" in said.output
    (noted,) = rows("select columns(*)::varchar from raw_privacy.requests")
    assert not any("nobody" in value for value in noted if value)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("open", "forget", ANN), "is none of access, erase, suppress, rectify"),
        (("open", "erase", ANN, "--law", "lex"), "has no terms for erase under lex"),
        (("open", "erase", ANN, "--received", "2999-01-01"), "is yet to come"),
        (("open", "erase", ANN, "--received", "yesterday"), "is no time"),
        (("close", "req_1", "--outcome", f"sent to {ANN}"), "without an e-mail address"),
        (("close", "req_1", "--outcome", " "), "says what came of it"),
        (("extend", "req_1"), "no request req_1"),
    ],
)
@pytest.mark.usefixtures("written")
def test_what_cannot_be_noted_says_why_and_names_nobody(
    arguments: tuple[str, ...], told: str
) -> None:
    said = asked("request", *arguments)
    assert (said.exit_code, told in said.output, ANN in said.output) == (1, True, False)


def test_requests_need_a_warehouse() -> None:
    for arguments in (
        ("status",), ("access", ANN), ("suppress", ANN), ("retain",),
        ("rectify", ANN, "--set", "city=Rome"), ("request", "open", "erase", ANN),
    ):  # fmt: skip
        said = asked(*arguments)
        assert (said.exit_code, "no warehouse" in said.output) == (1, True), arguments


# Leaving alone


@pytest.mark.usefixtures("written")
def test_a_suppression_is_of_every_record_of_one_person_and_ends_when_lifted() -> None:
    pairs = ("--purpose", "marketing", "--channel", "email")
    shown = asked("suppress", ANN, *pairs)
    assert "nothing was changed" in shown.output
    assert rows("select count(*) from raw_privacy.suppressions") == [(0,)]
    assert asked("suppress", ANN, *pairs, "--for-good").exit_code == 0
    held = "select record_key, purpose, channel, lifted_at is null from raw_privacy.suppressions"
    assert sorted(rows(held)) == [
        ("a:1", "marketing", "email", True), ("b:1", "marketing", "email", True),
    ]  # fmt: skip
    assert "in force already" in asked("suppress", ANN, *pairs, "--for-good").output
    assert "nothing to lift" in asked("suppress", ANN, "--lift", "--for-good").output
    assert asked("suppress", ANN, *pairs, "--lift", "--for-good").exit_code == 0
    assert {one[3] for one in rows(held)} == {False}
    assert rows("select outcome from raw_privacy.requests order by outcome") == [
        ("lifted",), ("suppressed",),
    ]  # fmt: skip


def test_a_suppression_of_what_nobody_does_is_refused() -> None:
    with pytest.raises(RequestError, match="--channel fax is none of email"):
        suppress.pairs_of((), ("fax",))
    with pytest.raises(RequestError, match="--purpose spam is none of accounting"):
        suppress.pairs_of(("spam",), ())
    assert suppress.pairs_of((), ()) == (("any", "any"),)


# Putting right


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"email": " Ann.Lee@New.Example "}, {"email": "ann.lee@new.example"}),
        ({"phone": "(415) 555-2671"}, {"phone": "+14155552671", "phone_extension": None}),
        ({"family_name": "Lee-Ek"}, {"family_name": "Lee-Ek", "full_name": "Ann Lee-Ek"}),
        ({"birth_date": "1980-02-29"}, {"birth_date": "1980-02-29"}),
        ({"country_code": "Germany"}, {"country_code": "DE"}),
        ({"region": "California"}, {"region": "California", "region_code": "US-CA"}),
        (
            {"region": "Bavaria", "country_code": "DE"},
            {"country_code": "DE", "region": "Bavaria", "region_code": "DE-BY"},
        ),
        ({"time_zone": "Europe/Berlin"}, {"time_zone": "Europe/Berlin"}),
        ({"gender": "Female"}, {"gender": "female"}),
        ({"city": "  New   York "}, {"city": "New York"}),
        ({"unit": None}, {"unit": None}),
    ],
)
def test_what_is_right_is_written_as_cleaning_writes_it(
    values: rectify.Values, expected: rectify.Values
) -> None:
    assert rectify.plan(ANN, values).after == expected


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    "values",
    [
        {"email": "ann at lee"},
        {"phone": "12"},
        {"birth_date": "1980-02-30"},
        {"birth_date": "2999-01-01"},
        {"country_code": "Atlantis"},
        {"region_code": "Nowhere"},
        {"time_zone": "Mars/Base"},
        {"family_name": "n/a"},
        {"full_name": "Ann Lee"},
    ],
)
def test_what_cannot_be_is_refused_and_not_repeated(values: rectify.Values) -> None:
    ((attribute, value),) = values.items()
    with pytest.raises(RequestError, match=attribute) as refused:
        rectify.plan(ANN, values)
    assert str(value) not in str(refused.value)


@pytest.mark.usefixtures("written")
def test_what_was_put_right_last_is_beside_each_record_and_finds_the_person(tmp_path: Path) -> None:
    file = tmp_path / "right.txt"
    file.write_text("email=ann@new.example\n\nunit=\n")
    assert "nothing was changed" in asked("rectify", ANN, "--from", str(file)).output
    assert rows("select count(*) from raw_privacy.rectifications") == [(0,)]
    assert asked("rectify", ANN, "--from", str(file), "--for-good").exit_code == 0
    said = asked("rectify", "ann@new.example", "--set", "email=ann@newer.example", "--for-good")
    assert said.exit_code == 0, said.output
    assert sorted(rows("select record_key, attribute, value from raw_privacy.rectifications")) == [
        ("a:1", "email", "ann@newer.example"), ("a:1", "unit", None),
        ("b:1", "email", "ann@newer.example"), ("b:1", "unit", None),
    ]  # fmt: skip
    with register.opened(read_only=True) as connection:
        (subject,) = find(connection, [ANN])
    assert {"ann@newer.example", ANN} <= subject.identifiers


@pytest.mark.usefixtures("written")
def test_an_organization_of_the_same_key_is_not_the_person() -> None:
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute(
            """
            insert into intermediate.int_record_ids__assigned values
                ('person', 'a:1', 'cus_older', null), ('organization', 'a:1', 'acc_alp', null);
            insert into intermediate.int_identifiers__unioned values
                ('person', 'a:1', 'ann@work.example'), ('organization', 'a:1', 'alp.example');
            insert into marts.xref_customer_identifiers values
                ('cus_ann', 'email', 'ann@work.example');
            insert into intermediate.int_identifiers__normalized values
                ('person', 'a:1', 'email', 'ann@work.example', 'Ann@Work.example'),
                ('organization', 'a:1', 'email', 'ann@work.example', 'Alp <ann@work.example>');
            """
        )
    with register.opened(read_only=True) as connection:
        (subject,) = find(connection, ["ann@work.example"])
        with pytest.raises(UnknownPersonError):
            find(connection, ["alp.example"])
        own = access._own(connection, subject)
        (other,) = find(connection, ["bea@ek.example"])
        others = access._others(connection, other, ["of alp.example, by ann@work.example"])
    assert subject.ids == {"cus_ann", "cus_old", "cus_older"}
    assert subject.identifiers == {ANN, "ann@work.example", "Ann@Work.example"}
    assert "ann@work.example" in own and "alp.example" not in own
    assert others == {"ann@work.example"}


@pytest.mark.parametrize("written_as", ["city", "=Rome", "shoe_size=43"])
def test_a_correction_that_names_no_attribute_is_refused(written_as: str) -> None:
    with pytest.raises(RequestError, match="correction 1") as refused:
        rectify.read([written_as])
    assert "Rome" not in str(refused.value) and "43" not in str(refused.value)


# Being shown


def test_what_names_others_is_left_out_of_texts() -> None:
    withheld = Counter[str]()

    def left(text: str) -> str:
        return access._without_others(text, {"bea@ek.example", "cus_bea"}, {ANN}, withheld)

    assert left(ANN.upper()) == ANN.upper()
    assert left("bea@ek.example") == "[of another person]"
    assert left(f"{ANN} wrote with Bea@Ek.example, and jo@oz.example.") == (
        f"{ANN} wrote with [of another person], and [of another person]."
    )
    assert left("merged with cus_bea") == "merged with [of another person]"
    assert left("cus_beatrice") == "cus_beatrice"
    assert withheld.total() == 4


HOSTILE = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"


def test_a_page_runs_nothing_of_what_sources_sent() -> None:
    table = {
        "schema": "raw_x", "name": HOSTILE, "source": HOSTILE, "layer": "received",
        "classes": {}, "rows": [{HOSTILE: HOSTILE, "document": {HOSTILE: [HOSTILE]}}, {"a": "b"}],
    }  # fmt: skip
    flat = table | {"rows": [{HOSTILE: HOSTILE}, {HOSTILE: HOSTILE}]}
    page = access.page(
        {
            "request": {
                "request_id": "req_1", "received_at": "then", "answer_due_at": "x", "law": HOSTILE,
            },
            "written_at": "now", "customer_id": HOSTILE, "former_ids": [HOSTILE],
            "categories": [
                {
                    "category": "contact", "meaning": HOSTILE, "value_count": 1, "purposes": [],
                    "recipients": [{"role": HOSTILE, "treatment": one} for one in TREATMENTS[:-1]],
                }
            ],
            "records": [{"source": HOSTILE, "record_id": HOSTILE}],
            "attributes": [
                {
                    "attribute": HOSTILE, "value": HOSTILE, "category": "contact", "is_used": True,
                    "held_by": [HOSTILE],
                }
            ],
            "contact": [], "asked": [], "received": [table, flat], "made": [flat],
            "sent_to": [HOSTILE], "copies": {}, "mentioned_in": {HOSTILE: 2},
            "shared_identifiers": 1, "withheld": 0,
        }
    )  # fmt: skip
    assert "<script" not in page and "{{ 7 * 7 }}" in page and "49" not in page
    assert page.count("&lt;script&gt;") >= 12
    assert not re.findall(r"(?:src|href)=.?(?!#)[^#\"]", page.replace('href="#', ""))


# Keeping out what was past its time


def test_a_document_is_emptied_of_whole_values_alone() -> None:
    document = {"mail": " ANN@x.example", "note": "to ann@x.example", "list": ["male", {"n": 1}]}
    assert retain._emptied(document, {"ann@x.example", "male"}) == {
        "mail": None, "note": "to ann@x.example", "list": [None, {"n": 1}],
    }  # fmt: skip


@pytest.mark.usefixtures("written")
def test_a_row_as_it_was_is_kept_out_and_one_that_says_more_is_let_in() -> None:
    model = next(one for one in HUBSPOT if one.raw.name == "contacts")
    with duckdb.connect(str(settings.warehouse())) as connection:
        keys.install(connection)
        connection.execute(
            "insert into raw_hubspot.contacts (id, properties, _dlt_load_id, _dlt_id) "
            "values ('1', '{}', '1', '1')"
        )
        connection.execute(
            f"insert into raw_privacy.tombstones (tombstone, kind) "
            f"select keyed_hash({past_mark('hubspot', model)}), 'past' from raw_hubspot.contacts"
        )
        for properties, expected in (("{}", 1), ('{"email": "x"}', 0)):
            connection.execute(
                "create or replace temp view delivered as select * replace "
                f"(cast('{properties}' as json) as properties), 1 as _file, rowid as _row "
                "from raw_hubspot.contacts"
            )
            assert Erased(connection, "hubspot").admit(model) == expected
        # Another table's row that says the same is another row.
        other = next(one for one in SHOPIFY if one.raw.name == "customers")
        connection.execute(
            "create or replace temp view delivered as select *, 1 as _file, rowid as _row "
            "from raw_shopify.customers"
        )
        assert Erased(connection, "shopify").admit(other) == 0
