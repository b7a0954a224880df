"""Loaded sources are audited whole, as files are, and without a value of theirs being shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from ingestion.sources import SOURCES

LOAD_METADATA = {"loaded_at", "file", "line"}


def test_every_column_of_every_staged_table_is_audited(company: Any) -> None:
    staged = company.query(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'staging' and table_name <> 'stg_segment_events__quarantined_calls' "
        # What the project keeps itself is no data of a source.
        "and not regexp_matches(table_name, '^stg_(loads|privacy|incidents)__')"
    )
    audited = company.query(
        "select 'stg_' || source || '__' || table_name, column_name from governance.hygiene_audit"
    )
    assert {row for row in staged if row[1] not in LOAD_METADATA} == set(audited)
    assert len(audited) == len(set(audited))
    for source in SOURCES:
        (rows,) = company.query(
            f"select max(row_count) from governance.hygiene_audit where source = '{source}'"
        )[0]
        assert rows > 0, source


def test_a_table_is_measured_as_the_same_file_would_be(company: Any, tmp_path: Path) -> None:
    """One definition serves the mart and raw files: the same cells give the same counts."""
    columns = [
        name
        for name, data_type in company.query(
            "select column_name, data_type from governance.hygiene_audit "
            "where source = 'hubspot' and table_name = 'contacts' order by column_position"
        )
        if data_type == "varchar"
    ]
    file = tmp_path / "contacts.csv"
    listed = ", ".join(columns)
    company.query(f"copy (select {listed} from staging.stg_hubspot__contacts) to '{file}'")
    (audited,) = json.loads(company.cdi("audit", str(file), "--json"))["audits"]
    counts = ["filled_count", "distinct_count", "repeated_count", "placeholder_count",
              "padded_count", "valid_count"]  # fmt: skip
    mart = company.query(
        f"select column_name, canonical_attribute, formats, shapes, {', '.join(counts)} "
        "from governance.hygiene_audit where source = 'hubspot' and table_name = 'contacts' "
        "and data_type = 'varchar' and not is_sampled order by column_position"
    )
    of_file = {
        column["column_name"]: (
            column["canonical_attribute"],
            column["formats"],
            column["shapes"],
            *(column[count] for count in counts),
        )
        for column in audited["tables"][0]["columns"]
    }
    of_mart = {row[0]: (row[1], json.loads(row[2]), json.loads(row[3]), *row[4:]) for row in mart}
    assert len(of_mart) > 15
    assert of_mart == {name: of_file[name] for name in of_mart}


def test_no_personal_value_is_shown(company: Any, tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    told = company.cdi("audit", *SOURCES, "--json")
    told += company.cdi("audit", *SOURCES, "--html", str(page)) + page.read_text("utf-8")
    words = set(told.replace('"', " ").replace("<", " ").replace(">", " ").split())
    personal = company.query(
        "select distinct email from intermediate.int_person_records__unioned union "
        "select distinct phone from intermediate.int_person_records__unioned union "
        "select distinct family_name from intermediate.int_person_records__unioned union "
        "select distinct record_id from intermediate.int_person_records__unioned"
    )
    values = {value for (value,) in personal if value and len(value) >= 7}
    assert len(values) > 1000
    shown = {value for value in values if " " in value and value in told} | (values & words)
    assert not shown


def test_edits_and_changes_are_those_of_the_marts(company: Any) -> None:
    (audited,) = json.loads(company.cdi("audit", "files", "--json"))["audits"]
    expected = company.query(
        "select cell_count, edit_needed from governance.hygiene_changes "
        "where source = 'files' and edit_needed is not null order by 1 desc"
    )
    assert expected
    assert sorted((edit["count"], edit["edit_needed"]) for edit in audited["edits"]) == sorted(
        expected
    )
    assert 0 < audited["legacy_only"] < 1, "the sandbox's closed CRM knows people nobody else does"


def test_a_fix_list_is_what_the_mart_says(company: Any, tmp_path: Path) -> None:
    out = tmp_path / "fixes.csv"
    said = company.cdi("audit", "files", "--fix-list", str(out))
    (expected,) = company.query(
        "select count(*) from governance.hygiene_fixes where source = 'files'"
    )[0]
    assert expected
    assert f"{expected:,} values to mend" in said


def test_values_as_they_came_are_not_published(company: Any) -> None:
    public = "('marts', 'governance', 'activation')"
    tables = (
        "select table_schema || '.' || table_name from information_schema.tables "
        f"where table_schema in {public} order by 1"
    )
    readers = company.folder / "warehouse_marts.duckdb"
    with duckdb.connect(str(readers), read_only=True) as connection:
        published = {name for (name,) in connection.execute(tables).fetchall()}
    built = {name for (name,) in company.query(tables)}
    looks = ("column_quality", "current_checks", "measures", "scorecard", "service_levels")
    assert built - published == {
        "governance.hygiene_fixes",
        *(f"governance.{look}" for look in looks),
    }
    assert published < built
