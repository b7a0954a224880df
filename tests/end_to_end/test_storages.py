"""The same sources and the same SQL, whatever data is kept in: the marts are equal, row for row."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import Company, Elsewhere
from tests.end_to_end.test_interrupted_builds import built

HISTORIES = {
    f"governance.{name}"
    for name in ("column_quality", "figure_anomalies", "figure_history", "load_reconciliation")
}
"""Marts of all loads and builds there ever were: other tests load and build the company again."""

RECORD_IDS = "select record_key, golden_id from intermediate.int_record_ids__assigned"


def public(company: Company, since: datetime.datetime) -> dict[str, list[tuple]]:
    """What marts, governance and activation hold, without when it was loaded: since that time."""

    def untimed(value: object) -> object:
        return "loaded" if isinstance(value, datetime.datetime) and value >= since else value

    return {
        name: sorted((tuple(map(untimed, row)) for row in rows), key=repr)
        for name, rows in built(company.warehouse).items()
        if name.split(".")[0] in ("marts", "governance", "activation") and name not in HISTORIES
    }


@pytest.fixture
def loaded_at(company: Company) -> datetime.datetime:
    """When the company's warehouse was loaded first."""
    ((moment,),) = company.query("select min(loaded_at) from raw_loads.load_counts")
    return moment - datetime.timedelta(minutes=1)


def parquet_with(lake: Path, values: list[str]) -> list[str]:
    """Columns of all Parquet files of a lake in which one of these values is, in whatever part."""
    found = []
    with duckdb.connect() as connection:
        for file in sorted(lake.rglob("*.parquet")):
            rows = f"read_parquet('{file}', hive_partitioning = false)"
            for column, *_ in connection.execute(f"describe from {rows}").fetchall():
                ((number,),) = connection.execute(
                    f"select count(*) from {rows} where list_bool_or(list_transform(?, "
                    f'lambda sought: contains(lower(cast("{column}" as varchar)), sought)))',
                    [values],
                ).fetchall()
                if number:
                    found.append(f"{file.relative_to(lake)}: {column}")
    return found


def best_known(company: Company) -> tuple[str, str]:
    """Id and e-mail address of a customer of many records.

    Their address is nobody else's, nor an organization's.
    """
    ((customer_id, email),) = company.query(
        "select customer_id, email from marts.dim_customers as theirs where email is not null "
        "and (select count(*) from marts.xref_customer_identifiers as every "
        "where every.identifier_value = theirs.email) = 1 "
        "and not exists (from marts.account_attribute_sources where value = theirs.email) "
        "order by record_count desc, customer_id limit 1"
    )
    return customer_id, email


@pytest.mark.timeout(1200)
def test_raw_records_in_a_lake_give_the_same_marts_and_forget_whom_they_are_told_to(
    company: Company, hybrid: Elsewhere, loaded_at: datetime.datetime
) -> None:
    expected = public(company, loaded_at)
    assert len(expected) > 50
    assert sum(map(len, expected.values())) > 10_000
    assert public(hybrid, loaded_at) == expected
    kinds = dict(
        hybrid.query(
            "select table_name, table_type from information_schema.tables "
            "where table_schema = 'raw_hubspot'"
        )
    )
    assert kinds["contacts"] == "VIEW"

    customer_id, email = best_known(hybrid)
    assert parquet_with(hybrid.lake, [email.lower()])
    with hybrid.restored():
        hybrid.cdi("privacy", "erase", email, "--for-good")
        assert parquet_with(hybrid.lake, [customer_id.lower(), email.lower()]) == []
        named = f"where email = '{email}' or customer_id = '{customer_id}'"
        assert hybrid.query(f"select count(*) from marts.dim_customers {named}") == [(0,)]


@pytest.mark.timeout(1800)
def test_everything_in_a_lake_gives_the_same_marts_and_forgets_whom_it_is_told_to(
    company: Company, kept_in: Callable[[str], Elsewhere], loaded_at: datetime.datetime
) -> None:
    lake = kept_in("lake")
    lake.load()
    lake.warehouse.unlink()
    lake.build()
    expected = public(company, loaded_at)
    assert public(lake, loaded_at) == expected
    ids = dict(lake.query(RECORD_IDS))
    assert ids

    # Ids outlive the file: they are in the lake, with the marts.
    with lake.restored():
        lake.warehouse.unlink()
        lake.cdi("storage", "refresh")
        assert dict(lake.query(RECORD_IDS)) == ids
        marts = {name: rows for name, rows in public(lake, loaded_at).items() if "marts." in name}
    assert marts == {name: rows for name, rows in expected.items() if name in marts}
    assert len(marts) > 30

    customer_id, email = best_known(lake)
    told = [customer_id.lower(), email.lower()]
    assert parquet_with(lake.lake, told)
    lake.cdi("privacy", "erase", email, "--for-good")
    assert parquet_with(lake.lake, told) == []
    with lake.restored():
        assert "nothing new" in lake.load_from_the_beginning()
        assert parquet_with(lake.lake, told) == []
