"""`cdi audit` where things are missing, unreadable, huge, or asked for the wrong way."""

from __future__ import annotations

import csv
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import settings
from ingestion.sources import SOURCES
from scripts.audit.edits import GUIDE, RULES

Cdi = Callable[..., Any]


def test_every_rule_is_explained_where_its_edits_point() -> None:
    guide = (settings.PROJECT / GUIDE).read_text("utf-8")
    explained = set(re.findall(r"^### (\S+)$", guide, re.MULTILINE))
    assert {rule.replace("_", "-") for rule in RULES} == explained


def test_an_unknown_target_is_refused_with_what_there_is(cdi: Cdi) -> None:
    result = cdi("hubspott")
    assert result.exit_code == 2
    assert "hubspott" in result.output
    assert all(source in result.output for source in SOURCES)


def test_a_folder_is_refused(cdi: Cdi, tmp_path: Path) -> None:
    result = cdi(tmp_path)
    assert result.exit_code == 2
    assert "folder" in result.output


@pytest.mark.parametrize(
    "arguments",
    [["--fix-list", "out.csv"], ["hubspot", "stripe", "--fix-list", "out.csv"],
     ["hubspot", "--cells", "out.csv"], ["hubspot", "--write"]],
    ids=" ".join,
)  # fmt: skip
def test_an_option_without_its_target_is_refused(
    cdi: Cdi, tmp_path: Path, arguments: list[str]
) -> None:
    result = cdi(*arguments)
    assert result.exit_code == 2
    assert next(word for word in arguments if word.startswith("--")) in result.output
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("torn.parquet", b"PAR1" + b"x" * 100),
        ("torn.xlsx", b"PK\x03\x04" + b"x" * 100),
        ("torn.csv.gz", b"\x1f\x8b\x08\x00torn"),
        ("torn.json", b'[{"a": 1}, '),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    cdi: Cdi, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    result = cdi(tmp_path / name)
    assert result.exit_code == 1
    assert name in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b\n", b"a\n1\n", b'{"a": {}}\n'])
@pytest.mark.parametrize("options", [[], ["--json"], ["--html", "page.html"], ["--cells", "c.csv"]])
def test_a_file_with_next_to_nothing_in_it(
    cdi: Cdi, tmp_path: Path, content: bytes, options: list[str]
) -> None:
    file = tmp_path / ("few.jsonl" if content.startswith(b"{") else "few.csv")
    file.write_bytes(content)
    result = cdi(file, *options)
    assert result.exit_code == 0, result.output


def test_a_very_wide_file(audit: Callable[..., dict[str, Any]], write: Callable[..., Path]) -> None:
    width = 1500
    rows = [[f"column {n}" for n in range(width)]]
    rows += [[str((n * row) % 7) for n in range(width)] for row in range(30)]
    audited = audit(write(rows))
    assert len(audited["tables"][0]["columns"]) == width
    assert audited["suspicions"]["notes"] == [
        "dependencies were looked for among 40 of 1,500 columns"
    ]


def test_hostile_names_of_columns_are_only_names(
    cdi: Cdi, audit: Callable[..., dict[str, Any]], write: Callable[..., Path], tmp_path: Path
) -> None:
    names = ["a'); drop table file_rows; --", 'b"', "[red]c[/red]", "<script>alert(1)</script>"]
    file = write([names, ["1", "2", "3", "4"], ["5", "6", "7", "8"]])
    audited = audit(file)
    assert [column["column_name"] for column in audited["tables"][0]["columns"]] == names
    result = cdi(file, "--html", tmp_path / "page.html")
    assert result.exit_code == 0
    assert "[red]c[/red]" in result.output
    page = (tmp_path / "page.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_patterns_and_several_files(cdi: Cdi, write: Callable[..., Path], tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.txt"):
        write([["email"], ["ana@example.com"]], name)
    result = cdi("*.csv", "c.txt", "a.csv")
    assert result.exit_code == 0
    assert all(name in result.output for name in ("a.csv", "b.csv", "c.txt"))
    assert result.output.count("1 rows") == 3


def test_lines_fit_the_terminal(cdi: Cdi, write: Callable[..., Path]) -> None:
    rows = [["a column with quite a long name indeed", "e-mail address of the customer"]]
    rows += [[f"some longer text number {n}", f"person{n}@example.com"] for n in range(30)]
    output = cdi(write(rows)).output
    assert max(map(len, output.splitlines())) <= 100


def test_without_a_warehouse_it_says_what_to_run(cdi: Cdi) -> None:
    for arguments in ([], ["hubspot"]):
        result = cdi(*arguments)
        assert result.exit_code == 1
        assert "cdi load" in result.output


def test_before_a_build_it_says_what_to_run(
    cdi: Cdi, declared: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDI_WAREHOUSE", str(declared("hubspot")))
    result = cdi("hubspot")
    assert result.exit_code == 1
    assert "cdi build" in result.output


@pytest.fixture
def marts() -> None:
    """Marts with two sources, one of which holds nothing, as a build would leave them."""
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("create schema governance")
        connection.execute(
            """
            create table governance.hygiene_audit as
            select
                source, table_name, column_name, column_position,
                'varchar' as data_type, 'text' as value_type,
                'contact' as pii_class, null as canonical_entity, null as canonical_attribute,
                '{"e-mail":2}' as formats, '{"aaa@aaa.aaa":2}' as shapes, row_count,
                row_count as filled_count, row_count as distinct_count, 0 as repeated_count,
                0 as placeholder_count, 0 as padded_count, row_count as valid_count,
                1.0 as completeness, 0.5 as validity, 1.0 as distinctness,
                null::double as conformity, 0 as duplicate_count, 0 as dated_count,
                0 as touched_30_days_count, 0 as touched_90_days_count,
                0 as touched_1_year_count, 0 as touched_2_years_count,
                0 as touched_5_years_count, 0 as touched_earlier_count,
                0.25::double as legacy_only_share, false as is_sampled,
                null::timestamp as last_touched_at, timestamp '2026-01-01' as as_of
            from (
                values
                ('hubspot', 'contacts', 'mail', 2, 4),
                ('hubspot', 'contacts', 'id', 1, 4),
                ('stripe', 'customers', 'id', 1, 0)
            ) as given (source, table_name, column_name, column_position, row_count)
            """
        )
        connection.execute(
            """
            create table governance.hygiene_changes as
            select * from (
                values
                ('hubspot', 'person', 'email', 'none', 'kept', null, null, 1, 4, 1, 3, 0),
                ('hubspot', 'person', 'email', 'email_invalid', 'set_aside',
                    '2 e-mail addresses are none', 'docs/hygiene.md#mail', 2, 4, 1, 3, 0),
                ('hubspot', 'person', 'email', 'tidy', 'tidied', null, 'docs/hygiene.md#mail',
                    1, 4, 1, 3, 0),
                ('hubspot', 'person', 'phone', 'region', 'defaulted', '3 phone numbers lack a code',
                    'docs/hygiene.md#phone', 3, 3, 0, 3, 0)
            ) as given (
                source, entity, attribute, rule, outcome, edit_needed, documentation, cell_count,
                received_count, kept_count, changed_count, filled_count
            )
            """
        )
        connection.execute(
            """
            create table governance.hygiene_fixes as
            select * from (
                values
                ('hubspot', 'person', 'h2', 'email', 'email_invalid', 'find it out', '=1+1', null),
                ('hubspot', 'person', 'h1', 'phone', 'region', 'add the code', '+49', '-1'),
                ('hubspot', 'person', 'h3', 'city', 'x', 'say "so", please', '@x', chr(9) || 'y'),
                ('hubspot', 'person', '-h4', 'city', 'x', null, 'plain', 'a' || chr(10) || 'b'),
                ('stripe', 'person', 's1', 'city', 'x', null, 'other', 'another')
            ) as given (
                source, entity, record_id, attribute, rule, edit_needed, raw_value, proposed_value
            )
            """
        )


@pytest.mark.usefixtures("marts")
def test_a_source_is_audited_from_the_marts(audit: Callable[..., dict[str, Any]]) -> None:
    audited = audit("hubspot")
    assert (audited["kind"], audited["legacy_only"]) == ("source", 0.25)
    (table,) = audited["tables"]
    assert [column["column_name"] for column in table["columns"]] == ["id", "mail"]
    assert table["columns"][1]["pii"] == "contact"
    assert [(edit["count"], edit["subject"], edit["outcome"]) for edit in audited["edits"]] == [
        (3, "person phone", "defaulted"),
        (2, "person email", "set_aside"),
    ]
    assert audited["edits"][0]["edit_needed"] == "3 phone numbers lack a code"
    assert audited["edits"][0]["documentation"] == "docs/hygiene.md#phone"
    email = audited["changes"][0]
    assert (email["received_count"], email["kept_count"], email["changed_count"]) == (4, 1, 3)
    assert email["outcomes"] == {"tidied": 1, "defaulted": 0, "set_aside": 2, "flagged": 0}


@pytest.mark.usefixtures("marts")
def test_without_targets_sources_that_hold_rows_are_audited(cdi: Cdi) -> None:
    result = cdi()
    assert result.exit_code == 0
    assert "hubspot" in result.output
    assert "stripe" not in result.output
    assert "customers" in cdi("stripe").output


@pytest.mark.usefixtures("marts")
def test_a_file_and_a_source_at_once(cdi: Cdi, write: Callable[..., Path]) -> None:
    output = cdi("hubspot", write([["email"], ["ana@example.com"]])).output
    assert "contacts" in output
    assert "people.csv" in output


@pytest.mark.usefixtures("marts")
def test_a_fix_list_is_for_the_owner_alone_and_has_no_formula(cdi: Cdi, tmp_path: Path) -> None:
    out = tmp_path / "fixes.csv"
    out.write_text("open to all")
    out.chmod(0o644)
    result = cdi("hubspot", "--fix-list", out)
    assert result.exit_code == 0, result.output
    assert "4 values to mend" in result.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"hubspot"}
    assert [(row["record_id"], row["raw_value"], row["proposed_value"]) for row in rows] == [
        ("'-h4", "plain", "a\nb"),
        ("h1", "'+49", "'-1"),
        ("h2", "'=1+1", ""),
        ("h3", "'@x", "'\ty"),
    ]
    assert rows[3]["edit_needed"] == 'say "so", please'
    assert "=1+1" not in result.output


@pytest.mark.usefixtures("marts")
def test_a_fix_list_of_a_warehouse_in_use_says_so(cdi: Cdi, tmp_path: Path) -> None:
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(settings.warehouse())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        result = cdi("hubspot", "--fix-list", str(tmp_path / "fixes.csv"))
        writer.communicate(b"\n")
    assert result.exit_code == 1
    assert "in use" in result.output
