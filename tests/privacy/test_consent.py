"""Consent over several builds: what was said is kept, what is erased stays erased."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import settings
from scripts import dbt_runner

DELIVERED = """
create or replace table intermediate.int_consents__unioned as
select
    'crm:' || consent_id as consent_key, 'crm' as source, consent_id,
    'crm:' || consent_id as customer_record_key, 'marketing' as purpose, 'email' as channel,
    status, 'form' as evidence, true as is_dated, cast(recorded_at as timestamp) as recorded_at,
    timestamp '2026-06-01' as loaded_at
from (values {rows}) as rows (consent_id, status, recorded_at)
"""
Dbt = Callable[..., bool]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which dbt reads the project but once."""
    return tmp_path_factory.mktemp("target")


@pytest.fixture
def dbt(target: Path, monkeypatch: pytest.MonkeyPatch) -> Dbt:
    """Runs dbt on the warehouse of the test; whether it went well.

    It is a new one where that of the test before was: another path makes dbt read all anew.
    """
    file = target / "warehouse.duckdb"
    file.unlink(missing_ok=True)
    monkeypatch.setenv("CDI_WAREHOUSE", str(file))

    def run(command: str, *arguments: str) -> bool:
        folders = ["--target-path", str(target), "--log-path", str(target)]
        return dbt_runner.dbt(command, "--quiet", *arguments, *folders) == 0

    return run


def warehouse(*statements: str) -> list[tuple[Any, ...]]:
    """Rows of the last statement."""
    with duckdb.connect(str(settings.warehouse())) as connection:
        for statement in statements:
            connection.execute(statement)
        return connection.fetchall()


def test_the_ledger_keeps_what_its_source_writes_over(dbt: Dbt) -> None:
    def delivered(rows: str, *options: str) -> list[tuple[Any, ...]]:
        warehouse("create schema if not exists intermediate", DELIVERED.format(rows=rows))
        assert dbt("run", "-s", "int_consents__recorded", *options)
        return warehouse(
            "select consent_key, status, noted_at from intermediate.int_consents__recorded "
            "order by noted_at, consent_key"
        )

    yes = "('1', 'granted', '2026-01-01')"
    other = "('2', 'granted', '2026-01-01')"
    first = delivered(f"{yes}, {other}")
    assert [row[:2] for row in first] == [("crm:1", "granted"), ("crm:2", "granted")]
    assert delivered(f"{yes}, {other}") == first, "the same over again is no event"

    second = delivered("('1', 'withdrawn', '2026-02-01')", "--full-refresh")
    assert second[:2] == first, "neither what changed nor what has gone is lost, nor by a rebuild"
    assert [row[:2] for row in second[2:]] == [("crm:1#2", "withdrawn")]

    warehouse("delete from intermediate.int_consents__recorded where customer_record_key = 'crm:2'")
    third = delivered(yes)
    assert [row[:2] for row in third] == [
        ("crm:1", "granted"),
        ("crm:1#2", "withdrawn"),
        ("crm:1#3", "granted"),
    ], "who was erased stays so"


@pytest.mark.parametrize(
    ("customers", "passes"),
    [
        ("('ann')", True),
        ("('ann'), ('ben')", False),
        ("('ann'), ('cat')", False),
        ("('nobody')", False),
    ],
    ids=["all of them may", "one may not", "one may be texted alone", "one is not asked of"],
)
def test_who_may_not_be_contacted_fails_the_build(dbt: Dbt, customers: str, passes: bool) -> None:
    warehouse(
        "create schema marts",
        "create schema activation",
        """
        create table marts.customer_contactability as
        from (values
            ('ann', 'marketing', 'email', true), ('ben', 'marketing', 'email', false),
            ('cat', 'marketing', 'email', false), ('cat', 'marketing', 'sms', true),
            ('ben', 'service', 'email', true)
        ) as rows (customer_id, purpose, channel, may_contact)
        """,
        "create table activation.audience_at_risk as "
        f"from (values {customers}) as rows (customer_id)",
    )
    assert dbt("test", "-s", "audience_at_risk,test_name:contact_permitted") == passes
