"""Each hygiene, identity and dialect macro is held to a table of cases, each table to a macro."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingestion.settings import PROJECT

CASES = PROJECT / "dbt_project" / "tests" / "macros"
MACROS = sorted(
    file
    for room in ("dialect", "hygiene", "identity")
    for file in (PROJECT / "dbt_project" / "macros" / room).glob("*.sql")
)


@pytest.mark.parametrize("macro", MACROS, ids=lambda file: file.stem)
def test_macro_has_a_case_table_that_calls_it(macro: Path) -> None:
    table = (CASES / f"assert_{macro.stem}_cases.sql").read_text()
    assert re.search(rf"\{{\{{[^}}]*\b{macro.stem}\(", table), "the macro is not called"
    assert re.search(r"is distinct from|except all", table), "nulls would compare as equal"
    assert re.search(r"^\s*values$|\bvalues\s*\n", table, re.MULTILINE), "there are no cases"


def test_every_case_table_is_of_a_macro() -> None:
    macros = {file.stem for file in (PROJECT / "dbt_project" / "macros").rglob("*.sql")}
    tables = {file.stem.removeprefix("assert_").removesuffix("_cases") for file in CASES.iterdir()}
    assert tables <= macros
