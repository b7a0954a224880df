"""Each measure of a raw file, on made-up files in which the truth is known."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contracts import contracts
from ingestion.macros import project_macros
from ingestion.sources import SOURCES
from scripts.contracts import audited_tables

Audit = Callable[..., dict[str, Any]]

PEOPLE = [
    ["CustNo", "First Name", "E-Mail", "born", "mood", "since"],
    ["C1", "Ana", "ana@example.com", "1985-03-12", "fine", "2001-01-01"],
    ["C2", "BOB", "bob@example.com ", "1990-07-01", "n/a", "2001-02-01"],
    ["C3", "cem", "ana@example.com", "12/31/1988", "", "2001-02-01"],
    ["C4", "Dee", "nobody", "1970-02-30", "fine", "2030-01-01"],
    ["C5", "Dee", "", "", "   ", ""],
]


@pytest.fixture
def columns(audit: Audit, write: Callable[..., Path]) -> dict[str, dict[str, Any]]:
    (table,) = audit(write(PEOPLE))["tables"]
    return {column["column_name"]: column for column in table["columns"]}


def test_columns_are_counted(columns: dict[str, dict[str, Any]]) -> None:
    assert list(columns) == PEOPLE[0]
    mail, mood = columns["E-Mail"], columns["mood"]
    assert (mail["row_count"], mail["filled_count"], mail["distinct_count"]) == (5, 4, 3)
    assert mail["repeated_count"] == 2
    assert mail["padded_count"] == 1
    assert mail["completeness"] == pytest.approx(0.8)
    assert mail["distinctness"] == pytest.approx(0.75)
    assert (mood["filled_count"], mood["placeholder_count"]) == (3, 1)
    assert columns["CustNo"]["repeated_count"] == 0


def test_values_are_held_against_what_their_column_is(columns: dict[str, dict[str, Any]]) -> None:
    meanings = {name: column["canonical_attribute"] for name, column in columns.items()}
    assert meanings == {
        "CustNo": "record_id",
        "First Name": "given_name",
        "E-Mail": "email",
        "born": "birth_date",
        "mood": None,
        "since": "created_at",
    }
    mail = columns["E-Mail"]
    assert (mail["valid_count"], mail["validity"]) == (3, pytest.approx(0.75))
    assert mail["conformity"] == pytest.approx(0.6)
    assert columns["born"]["valid_count"] == 3, "the 30th of February is no date"
    assert columns["mood"]["conformity"] is None
    assert columns["mood"]["valid_count"] == 2, "a placeholder is not valid"


def test_what_the_values_are_is_guessed(audit: Audit, write: Callable[..., Path]) -> None:
    rows = [["n", "price", "day", "yes", "name", "more", "nothing"]]
    rows += [[str(n), f"{n}.50", f"2024-01-{n:02}", "ny"[n % 2], "ab"[n % 2] * n, '{"a": 1}', ""]
             for n in range(1, 21)]  # fmt: skip
    (table,) = audit(write(rows))["tables"]
    assert [column["value_type"] for column in table["columns"]] == [
        "number", "number", "date", "boolean", "text", "json", None
    ]  # fmt: skip


def test_the_mix_of_formats_and_the_shapes_are_told(columns: dict[str, dict[str, Any]]) -> None:
    assert columns["First Name"]["formats"] == {"Title Case": 3, "UPPER CASE": 1, "lower case": 1}
    assert columns["First Name"]["shapes"] == {"Aaa": 3, "AAA": 1, "aaa": 1}
    assert columns["born"]["formats"] == {"date y-m-d": 3, "date with /": 1}
    assert columns["CustNo"]["shapes"] == {"A9": 5}


def test_rows_that_repeat_another_but_for_their_key(
    audit: Audit, write: Callable[..., Path]
) -> None:
    rows = [["id", "name", "city"], ["1", "Ana", "Bonn"], ["2", "Ana", "Bonn"], ["3", "Ana", "Ulm"]]
    (table,) = audit(write(rows))["tables"]
    assert (table["row_count"], table["duplicate_count"]) == (3, 1)


def test_ages_are_counted_by_the_times_rows_carry(audit: Audit, write: Callable[..., Path]) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    ages = [10, 60, 300, 400, 1000, 4000, -500]
    days = [(today - datetime.timedelta(days=age)).isoformat() for age in ages]
    born = [f"19{50 + at}-01-01" for at in range(len(days))]
    rows = [["id", "birth date", "updated"], *map(list, zip("abcdefg", born, days, strict=True))]
    (table,) = audit(write(rows))["tables"]
    assert table["ages"] == {
        "30 days": 1, "90 days": 1, "1 year": 1, "2 years": 1, "5 years": 1, "earlier": 1
    }  # fmt: skip
    assert table["dated_count"] == 6, "what is to come tells no age"
    assert table["untouched_count"] == 3
    assert table["last_touched_at"].startswith(days[0])


def test_dates_are_understood_however_they_are_written(
    audit: Audit, write: Callable[..., Path]
) -> None:
    rows = [["id", "changed"], ["1", "31.12.2024 08:00:00"], ["2", "24.12.2023 09:30:00"]]
    (table,) = audit(write(rows))["tables"]
    assert table["last_touched_at"] == "2024-12-31 08:00:00"


@pytest.mark.parametrize(
    ("name", "delimiter"), [("people.csv", ";"), ("people.tsv", "\t"), ("people.txt", "|")]
)
def test_how_a_delimited_file_is_written(
    audit: Audit, write: Callable[..., Path], name: str, delimiter: str
) -> None:
    written = audit(write(PEOPLE, name, delimiter=delimiter))["written"]
    assert written == {"type": "csv", "encoding": "utf-8", "delimiter": delimiter}


def test_encodings_are_told(audit: Audit, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("name;city\nJosé;Köln\nZoë;Ulm\n".encode("cp1252"))
    assert audit(file)["written"] == {"type": "csv", "encoding": "cp1252", "delimiter": ";"}


def test_every_kind_of_file_is_read(audit: Audit, tmp_path: Path) -> None:
    table = pa.table({"email": ["ana@example.com", "bob@example.com"], "n": [1, 2]})
    pq.write_table(table, tmp_path / "people.parquet")
    (tmp_path / "people.jsonl").write_text(
        '{"email": "ana@example.com", "n": 1}\n{"email": "bob@example.com", "n": 2}\n'
    )
    (tmp_path / "people.json").write_text('[{"email": "ana@example.com"}, {"email": "b@b.org"}]')
    for name, kind in (("parquet", "parquet"), ("jsonl", "jsonl"), ("json", "json")):
        audited = audit(tmp_path / f"people.{name}")
        assert audited["written"]["type"] == kind
        (table,) = audited["tables"]
        assert table["row_count"] == 2
        assert table["columns"][0]["canonical_attribute"] == "email"
    excel = tmp_path / "people.xlsx"
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["email", "n"], ["ana@example.com", 1], ["bob@example.com", 2]):
        book.active.append(row)
    book.save(excel)
    audited = audit(excel)
    assert audited["written"] == {"type": "excel"}
    assert audited["tables"][0]["row_count"] == 2


def test_lines_that_cannot_be_read_are_counted_by_rule(audit: Audit, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("a,b,c\n1,2,3\n4,5,6\n7,8\n9,10,11\n12,13,14,15\n")
    audited = audit(file)
    assert audited["unreadable"] == {"wrong_number_of_fields": 2}
    assert audited["tables"][0]["row_count"] == 3
    assert any(edit["rule"] == "unreadable" and edit["count"] == 2 for edit in audited["edits"])


def test_many_different_values_are_estimated_from_some(
    audit: Audit, write: Callable[..., Path]
) -> None:
    count = 30_000
    rows = [["n", "mail", "few"]]
    rows += [
        [str(n), f"person{n}@example.com" if n % 10 else "none", "ab"[n % 2]] for n in range(count)
    ]
    columns = {c["column_name"]: c for c in audit(write(rows))["tables"][0]["columns"]}
    mail = columns["mail"]
    assert mail["is_sampled"]
    assert not columns["few"]["is_sampled"]
    assert mail["filled_count"] == count, "counts are exact"
    assert mail["distinct_count"] == 27_001
    assert mail["valid_count"] == pytest.approx(27_000, rel=0.02)
    assert sum(mail["formats"].values()) == count


@pytest.fixture(scope="module")
def shape_of() -> Callable[[str], str]:
    connection = duckdb.connect()
    sql = f"select {project_macros()['value_shape']('value')} from (select $value as value)"

    def shape(value: str) -> str:
        return connection.execute(sql, {"value": value}).fetchone()[0]  # type: ignore[index]

    return shape


# DuckDB's text ends at no NUL, but its parameters take no lone surrogates.
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@settings(max_examples=300, deadline=None)
@given(value=TEXT)
def test_a_shape_tells_nothing_of_a_value(shape_of: Callable[[str], str], value: str) -> None:
    shape = shape_of(value)
    allowed = set("aA9 -._/:@+(),&%$€£#'?…{[")
    assert set(shape) <= allowed
    assert len(shape) <= 40


def test_the_list_of_audited_tables_follows_the_contracts() -> None:
    file, text = audited_tables()
    assert file.read_text("utf-8") == text, "run `cdi contracts sync`"
    listed = project_macros()["audited_tables"]()
    assert [(table["source"], table["name"]) for table in listed] == [
        (source, name) for source in SOURCES for name in contracts(source)
    ]
