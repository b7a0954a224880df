"""What people ask for takes effect in the next build, and touches nobody else."""

from __future__ import annotations

import datetime
import json
import shutil
import stat
from collections.abc import Iterator

import duckdb
import pytest

from scripts.privacy import retain
from scripts.privacy.erase import attached
from tests.end_to_end.conftest import Company

SECOND = datetime.timedelta(seconds=1)
EDGE = datetime.timedelta(days=1095)


class Asked:
    """The company before and after some people had asked for something."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.before = company.folder / "before.duckdb"
        shutil.copy(company.warehouse, self.before)
        # One of many records who has a household, and may be written to.
        ((self.person,),) = company.query(
            """
            select customer_id from marts.customer_360
            inner join marts.customer_contactability using (customer_id)
            inner join governance.retention_records using (customer_id)
            where may_contact and purpose = 'marketing' and channel = 'email'
            and household_id is not null and last_active_at > date '2026-01-01'
            order by record_count desc, customer_id limit 1
            """
        )
        self.access = company.cdi("privacy", "access", self.person)
        (folder,) = (company.folder / "requests").iterdir()
        self.told = json.loads((folder / "access.json").read_text())
        self.page = folder / "access.html"
        pairs = ("--purpose", "marketing", "--channel", "email")
        company.cdi("privacy", "suppress", self.person, *pairs, "--for-good")
        corrections = ("--set", "family_name=Right", "--set", "city=Rightville")
        company.cdi("privacy", "rectify", self.person, *corrections, "--for-good")
        self.retained = company.cdi("privacy", "retain", "--for-good")
        company.load_from_the_beginning()
        kinds = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
        company.cdi("build", "--full-refresh", *kinds)

    def old(self, sql: str) -> list[tuple]:
        """Asks the warehouse as it was before."""
        with duckdb.connect(str(self.before), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def asked(company: Company) -> Iterator[Asked]:
    """Everything is asked for once; every tool delivers everything again; all is built anew."""
    with company.restored():
        yield Asked(company)


def test_a_person_is_shown_all_that_is_theirs_and_nothing_of_others(asked: Asked) -> None:
    theirs = asked.old(
        "select identifier_value from marts.xref_customer_identifiers "
        f"where customer_id = '{asked.person}' and identifier_type in ('email', 'phone')"
    )
    told = json.dumps(asked.told, ensure_ascii=False).lower()
    assert theirs and all(value.lower() in told for (value,) in theirs)
    own = {value for (value,) in theirs}
    others = {
        value
        for (value,) in asked.old(
            "select identifier_value from marts.xref_customer_identifiers "
            f"where customer_id <> '{asked.person}' and identifier_type in ('email', 'phone')"
        )
    } - own
    assert len(others) > 300
    assert not [value for value in others if value.lower() in told]
    ((orders,),) = asked.old(
        f"select count(*) from marts.fct_orders where customer_id = '{asked.person}'"
    )
    made = {one["name"]: len(one["rows"]) for one in asked.told["made"]}
    assert made["dim_customers"] == 1 and made.get("fct_orders", 0) == orders
    assert {one["category"] for one in asked.told["categories"]} >= {"contact", "behavioural"}
    assert all(one["purposes"] for one in asked.told["categories"])
    assert stat.S_IMODE(asked.page.stat().st_mode) == 0o600
    assert stat.S_IMODE(asked.page.parent.stat().st_mode) == 0o700
    assert not any(value.lower() in asked.access.lower() for value in own)


def test_a_suppression_holds_from_the_next_build_on(asked: Asked) -> None:
    found = asked.company.query(
        "select may_contact, reason from marts.customer_contactability "
        f"where customer_id = '{asked.person}' and purpose = 'marketing' and channel = 'email'"
    )
    assert found == [(False, "suppressed")]
    sent = (
        "select count(*) from activation.sync_email_subscribers "
        f"where customer_id = '{asked.person}'"
    )
    assert (asked.old(sent), asked.company.query(sent)) == ([(1,)], [(0,)])


def test_what_was_put_right_holds_against_every_delivery(asked: Asked) -> None:
    person = f"where customer_id = '{asked.person}'"
    ((city, family, full),) = asked.company.query(
        f"select city, family_name, full_name from marts.dim_customers {person}"
    )
    assert (city, family) == ("Rightville", "Right") and full.endswith(" Right")
    assert asked.company.query(
        "select distinct source, reason from marts.customer_attribute_sources "
        f"{person} and attribute in ('city', 'family_name', 'full_name')"
    ) == [("request", "the person put it right")]
    # Who is who is as it was.
    records = f"select record_key from marts.xref_customer_records {person} order by all"
    assert asked.company.query(records) == asked.old(records)


def test_nobody_else_is_touched(asked: Asked) -> None:
    past = "select distinct record_key from raw_privacy.retentions"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{asked.before}' as before (read_only)")
        connection.execute(
            f"attach '{asked.company.folder / 'warehouse.duckdb'}' as now (read_only)"
        )
        changed = connection.execute(
            f"""
            with touched as (
                select customer_id from before.marts.xref_customer_records
                where record_key in ({past.replace("raw_privacy", "now.raw_privacy")})
                union all select '{asked.person}'
            )
            select count(*) from (
                select * from before.marts.dim_customers
                where customer_id not in (select customer_id from touched)
                except all select * from now.marts.dim_customers
            )
            """
        ).fetchall()
    # How records are weighed is learnt from all of them: with fewer, a few come out otherwise.
    assert changed[0][0] <= 4


def test_what_is_past_its_time_is_gone_and_does_not_come_back(asked: Asked) -> None:
    assert "taken out and proved" in asked.retained
    records = ", ".join(
        f"'{key}'"
        for (key,) in asked.company.query("select distinct record_key from raw_privacy.retentions")
    )
    had = (
        "select count(email), count(phone), count(gender) "
        f"from intermediate.int_person_records__unioned where record_key in ({records})"
    )
    assert min(asked.old(had)[0]) > 5
    assert asked.company.query(had) == [(0, 0, 0)]
    assert asked.company.query(
        "select sum(kept_record_count), sum(past_record_count) > 0 from governance.retention_status"
    ) == [(0, True)]
    # What they bought is in the books still.
    sold = "select count(*), sum(amount) from marts.fct_orders"
    assert asked.company.query(sold) == asked.old(sold)


def test_a_customer_is_past_their_time_a_second_after_it(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDI_WAREHOUSE", str(asked.before))
    ((person, last),) = asked.old(
        "select customer_id, max(last_active_at) from governance.retention_records "
        f"where customer_id <> '{asked.person}' group by all order by 2 desc, 1 limit 1"
    )
    with attached(asked.before) as connection:
        for late, expected in ((-SECOND, False), (0 * SECOND, False), (SECOND, True)):
            due = retain._due(connection, last + EDGE + late)
            found = {one for people in due.partly.values() for one in people} | set(due.whole)
            assert (person in found) is expected
