"""People who are erased are gone from everything, stay gone, and nobody else is touched."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from ingestion.sources import SOURCES
from tests.end_to_end.conftest import Company


class Erasure:
    """What there was, what was done, and what there is.

    Args:
        company: whom people are erased from.
        people: their customer ids.
    """

    def __init__(self, company: Company, people: list[str]) -> None:
        self.company, self.people = company, people
        self.before = company.folder / "before.duckdb"
        listed = ", ".join(f"'{person}'" for person in people)
        self.records = company.query(
            f"select source, record_id, record_key from marts.xref_customer_records "
            f"where customer_id in ({listed})"
        )
        self.identifiers = {
            value
            for (value,) in company.query(
                f"""
                select identifier_value from marts.xref_customer_identifiers as theirs
                where customer_id in ({listed}) and identifier_type in ('email', 'phone', 'user_id')
                and not exists (
                    select 1 from marts.xref_customer_identifiers as other
                    where other.identifier_value = theirs.identifier_value
                    and other.identifier_type = theirs.identifier_type
                    and other.customer_id not in ({listed})
                )
                """
            )
        }
        shutil.copy(company.warehouse, self.before)
        company.cdi("privacy", "access", people[0])
        self.answers = list((company.folder / "requests").rglob("access.*"))
        self.plan = company.cdi("privacy", "erase", *people)
        company.cdi("privacy", "erase", *people, "--for-good")

    def left(self, file: Path) -> list[str]:
        """Places of a database with a value that has one of their identifiers in it."""
        found = []
        with duckdb.connect(str(file), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for schema, table, column in connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns() "
                "where not internal and table_name in (select table_name from duckdb_tables()) "
                "and schema_name || '.' || table_name in "
                "(select schema_name || '.' || table_name from duckdb_tables())"
            ).fetchall():
                values = connection.execute(
                    f'select distinct lower(cast("{column}" as varchar)) '
                    f'from "{schema}"."{table}" where "{column}" is not null'
                ).fetchall()
                text = "\n".join(value for (value,) in values)
                found += [f"{schema}.{table}.{column}" for each in self.told if each in text]
        return found

    @property
    def told(self) -> set[str]:
        """What is looked for: their identifiers, their ids, and the keys of their records."""
        keys = {key for *_, key in self.records}
        return {each.lower() for each in self.identifiers | set(self.people) | keys}


@pytest.fixture(scope="module")
def erased(company: Company) -> Iterator[Erasure]:
    """The company without some people, and what was known of them."""
    with company.restored():
        company.cdi("share", "build", "marketing")
        # One of many records and sources, one of a household, one who only ever bought as a guest.
        people = [
            row[0]
            for row in company.query(
                """
                (select customer_id from marts.dim_customers where email is not null
                 order by source_count desc, record_count desc, customer_id limit 3)
                union
                (select customer_id from marts.customer_360
                 where household_id is not null and email is not null order by customer_id limit 1)
                union
                (select customer_id from marts.xref_customer_records
                 where record_id like 'order:%' order by customer_id limit 1)
                """
            )
        ]
        _name_in_anothers_row(company, people)
        built_by_spark = company.folder / "warehouse_spark" / "tables" / "marts.db"
        built_by_spark.mkdir(parents=True)
        # Compressed as it is, nobody could tell whom it names.
        (built_by_spark / "part-0.parquet").write_bytes(b"PAR1")
        yield Erasure(company, people)


def _name_in_anothers_row(company: Company, people: list[str]) -> None:
    """Has an address of theirs in the account of somebody else, in the app's database."""
    listed = ", ".join(f"'{person}'" for person in people)
    ((address, other),) = company.query(
        f"""
        select identifiers.identifier_value, min(records.record_id)
        from marts.xref_customer_identifiers as identifiers
        cross join marts.xref_customer_records as records
        where
            identifiers.identifier_type = 'email'
            and records.source = 'app_database' and records.customer_id not in ({listed})
        group by identifiers.identifier_value
        having bool_and(identifiers.customer_id in ({listed}))
        order by identifiers.identifier_value
        limit 1
        """
    )
    with closing(sqlite3.connect(company.sandbox / "app.sqlite")) as database, database:
        changed = database.execute(
            "update users set family_name = ?, updated_at = '2026-07-01 00:00:00' where id = ?",
            [f"Lee (was {address})", other],
        )
        assert changed.rowcount == 1
    company.load()
    named = f"select count(*) from raw_app_database.users where family_name like '% {address})'"
    assert company.query(named) == [(1,)]


def test_nothing_of_them_is_in_any_value(erased: Erasure) -> None:
    assert len(erased.identifiers) >= 5
    assert erased.left(erased.before), "the search finds them where they are"
    folder = erased.company.folder
    for file in ("warehouse.duckdb", "warehouse_marts.duckdb", "shares/warehouse_marketing.duckdb"):
        assert erased.left(folder / file) == [], file


def test_nothing_of_them_is_in_the_bytes_of_any_file(erased: Erasure) -> None:
    folder = erased.company.folder
    looked = 0
    for file in folder.rglob("*"):
        # The sandbox is the tools themselves: they have to erase, too.
        if not file.is_file() or erased.company.sandbox in file.parents or file == erased.before:
            continue
        content = file.read_bytes().lower()
        looked += 1
        for told in erased.told:
            encoded = base64.b64encode(told.encode())[: len(told) // 3 * 4].lower()
            for form in (told.encode(), quote(told, safe="").encode(), encoded):
                assert form not in content, file.name
    assert looked >= 5
    assert any(each.encode() in erased.before.read_bytes().lower() for each in erased.told)


def test_what_they_were_given_to_read_is_gone_too(erased: Erasure) -> None:
    assert len(erased.answers) == 2
    assert not any(file.exists() or file.parent.exists() for file in erased.answers)


def test_what_spark_built_is_gone(erased: Erasure) -> None:
    assert not (erased.company.folder / "warehouse_spark").exists()


def test_nobody_else_is_touched(erased: Erasure) -> None:
    """Row by row, of every mart that says whose its rows are; members of the household, too."""
    after = erased.company.warehouse
    listed = ", ".join(f"'{person}'" for person in erased.people)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{erased.before}' as before (read_only)")
        connection.execute(f"attach '{after}' as after (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_columns() "
            "where database_name = 'before' and column_name = 'customer_id' "
            "and schema_name in ('marts', 'activation') and table_name in "
            "(select table_name from duckdb_tables() where database_name = 'before')"
        ).fetchall()
        assert len(tables) > 20
        for (table,) in tables:
            others = f"customer_id is null or customer_id not in ({listed})"
            ((difference,),) = connection.execute(
                f"""
                with was as (select * from before.{table} where {others}),
                is_now as (select * from after.{table} where {others})
                select count(*) from (
                    (select * from was except all select * from is_now)
                    union all
                    (select * from is_now except all select * from was)
                )
                """
            ).fetchall()
            # A change of who is who between two people names both.
            assert difference <= (len(erased.people) if "identity_changes" in table else 0), table
        for source in SOURCES:
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'before' "
                f"and schema_name = 'raw_{source}' and table_name not like '\\_dlt%' escape '\\'"
            ).fetchall():
                added = (
                    connection.execute(
                        f"select count(*) from (select * from after.raw_{source}.{name} except all "
                        f"select * from before.raw_{source}.{name})"
                    ).fetchone()
                    or ()
                )
                # Rows that merely named them are changed in that, and in nothing else.
                assert added[0] <= 10, (source, name)


def test_members_of_the_household_stay(erased: Erasure) -> None:
    listed = ", ".join(f"'{person}'" for person in erased.people)
    with duckdb.connect(str(erased.before), read_only=True) as connection:
        others = {
            row[0]
            for row in connection.execute(
                "select customer_id from marts.customer_360 where household_id in (select "
                f"household_id from marts.customer_360 where customer_id in ({listed})) "
                f"and customer_id not in ({listed})"
            ).fetchall()
        }
    assert others
    there = {row[0] for row in erased.company.query("select customer_id from marts.dim_customers")}
    assert others <= there
    assert not there & set(erased.people)


def test_the_receipt_is_signed_and_names_nobody(erased: Erasure) -> None:
    folder = erased.company.folder / "receipts"
    receipts = sorted(folder.glob("*.json"))
    assert len(receipts) == len(erased.people)
    for file in receipts:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        receipt = json.loads(file.read_text())
        assert receipt["proof"]["found"] == 0
        assert receipt["proof"]["values"] > 100_000
        assert not any(each in file.read_text().lower() for each in erased.told)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    requests = erased.company.query(
        "select kind, outcome, count(*) from raw_privacy.requests group by all order by kind"
    )
    assert requests == [("access", None, 1), ("erase", "erased", len(erased.people))]


def test_what_is_shown_before_changes_nothing_and_names_nobody(erased: Erasure) -> None:
    assert "nothing was changed" in erased.plan
    assert "raw_" in erased.plan and "marts.dim_customers" in erased.plan
    assert not any(each in erased.plan.lower() for each in erased.identifiers)


def test_they_do_not_come_back(erased: Erasure) -> None:
    """Every tool delivers everything again; every model is built anew."""
    company = erased.company
    company.load_from_the_beginning()
    company.cdi("build", "--full-refresh")
    kept_out = company.query(
        "select source, sum(records_kept_out) from governance.load_reconciliation "
        "where records_kept_out > 0 group by source order by source"
    )
    assert {source for source, _ in kept_out} == {source for source, *_ in erased.records}
    assert erased.left(company.warehouse) == []
    assert company.query("select count(*) from raw_privacy.tombstones where kind = 'record'") == [
        (len(erased.records),)
    ]


def test_nobody_is_erased_for_somebody_else(erased: Erasure) -> None:
    said = erased.company.cdi("privacy", "erase", "nobody@nowhere.example", code=1)
    assert "nobody is known by identifier 1" in said
    assert "nobody@nowhere.example" not in said
    shared = erased.company.query(
        "select identifier_value from marts.xref_customer_identifiers "
        "where identifier_type = 'phone' group by identifier_value "
        "having count(distinct customer_id) > 1 limit 1"
    )
    said = erased.company.cdi("privacy", "erase", shared[0][0], code=1)
    assert "is shared by" in said and shared[0][0] not in said
