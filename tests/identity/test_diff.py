"""`cdi identity diff`: what another build changes, by kind, and files that are no builds."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from ingestion import settings
from scripts.cli import app
from scripts.identity import diff as module
from scripts.identity.builds import read_records

from .warehouses import write_warehouse

Ids = Mapping[str, str]


def diff(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["identity", "diff", *map(str, arguments)])


def flat(result: Result) -> str:
    """What was said, whatever the width of the terminal."""
    return re.sub(r"\s+", " ", result.output)


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """What changed from some customers to others, by kind: changes, records, examples."""

    def run(before: Ids, after: Ids, noun: str = "customers", *options: str) -> dict[str, Any]:
        write_warehouse(tmp_path / "before.duckdb", before)
        write_warehouse(settings.warehouse(), after)
        result = diff(tmp_path / "before.duckdb", "--json", *options)
        assert result.exit_code == 0, result.output
        difference = json.loads(result.stdout)[noun]
        return difference | {change["kind"]: change for change in difference["changes"]}

    return run


def of(difference: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """The kinds there are, with changes and records."""
    return {
        change["kind"]: (change["change_count"], change["record_count"])
        for change in difference["changes"]
        if change["change_count"]
    }


def ids(**clusters: str) -> dict[str, str]:
    """Records by customer: `ids(a="1 2", b="3")`."""
    return {f"crm:{record}": f"cus_{name}"
            for name, records in clusters.items() for record in records.split()}  # fmt: skip


CASES: dict[str, tuple[Ids, Ids, dict[str, tuple[int, int]], float]] = {
    "nothing": (ids(a="1 2", b="3"), ids(a="1 2", b="3"), {"unchanged": (2, 3)}, 0),
    "a new record of a customer": (ids(a="1 2"), ids(a="1 2 3"), {"unchanged": (1, 2)}, 0),
    "a record that is gone": (ids(a="1 2"), ids(a="1"), {"unchanged": (1, 1)}, 1 / 2),
    "created": (ids(a="1"), ids(a="1", b="2 3"), {"unchanged": (1, 1), "created": (1, 2)}, 0),
    "gone": (ids(a="1", b="2 3"), ids(a="1"), {"unchanged": (1, 1), "gone": (1, 2)}, 2 / 3),
    "merged": (
        ids(a="1 2", b="3", c="4"), ids(a="1 2 3 4"), {"kept": (1, 2), "merged": (2, 2)}, 2 / 4,
    ),
    "merged into a new id": (ids(a="1", b="2"), ids(c="1 2"), {"merged": (2, 2)}, 1),
    "split": (
        ids(a="1 2 3"), ids(a="1", b="2", c="3"), {"kept": (1, 1), "split": (2, 2)}, 2 / 3,
    ),
    "moved": (
        ids(a="1 2", b="3 4"), ids(a="1", b="2 3 4"), {"kept": (2, 3), "moved": (1, 1)}, 1 / 4,
    ),
    "id changed": (ids(a="1 2"), ids(b="1 2 3"), {"id_changed": (1, 2)}, 1),
    "ids exchanged": (ids(a="1", b="2"), ids(a="2", b="1"), {"id_changed": (2, 2)}, 1),
    "everything": (ids(a="1"), ids(b="2"), {"created": (1, 1), "gone": (1, 1)}, 1),
    "the first build": ({}, ids(a="1"), {"created": (1, 1)}, 0),
    "all gone": (ids(a="1"), {}, {"gone": (1, 1)}, 1),
    "none at all": ({}, {}, {}, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_change_is_told_by_its_kind(told: Any, case: str) -> None:
    before, after, kinds, share = CASES[case]
    got = told(before, after)
    assert of(got) == kinds
    assert got["changed_share"] == pytest.approx(share)
    assert got["before_count"] == len(set(before.values()))
    assert got["after_count"] == len(set(after.values()))
    assert got["new_record_count"] == len(after.keys() - before.keys())
    assert got["gone_record_count"] == len(before.keys() - after.keys())
    assert list(module.KINDS) == [change["kind"] for change in got["changes"]]


@hypothesis_settings(max_examples=60)
@given(*[st.dictionaries(st.integers(0, 9), st.sampled_from("abcd"), max_size=10)] * 2)
def test_kinds_are_what_comparing_sets_gives(before: dict[int, str], after: dict[int, str]) -> None:
    """Each id is looked at by itself, as sets of records."""
    members: tuple[dict[str, set[int]], dict[str, set[int]]] = (defaultdict(set), defaultdict(set))
    for side, assigned in zip(members, (before, after), strict=True):
        for record in before.keys() & after.keys():
            side[assigned[record]].add(record)
    expected: Counter[str] = Counter()
    for one, other in itertools.product(members[0], members[1]):
        mine, theirs = members[0][one], members[1][other]
        if not mine & theirs:
            continue
        if mine == theirs:
            expected["unchanged" if one == other else "id_changed"] += 1
        elif one == other:
            expected["kept"] += 1
        elif mine < theirs:
            expected["merged"] += 1
        elif mine > theirs:
            expected["split"] += 1
        else:
            expected["moved"] += 1
    expected["created"] = len(set(after.values()) - members[1].keys())
    expected["gone"] = len(set(before.values()) - members[0].keys())
    with duckdb.connect() as connection:
        for name, assigned in (("before", before), ("after", after)):
            connection.execute(
                f"create table {name} (entity varchar, record_key varchar, golden_id varchar)"
            )
            for record, golden_id in assigned.items():
                connection.execute(
                    f"insert into {name} values ('person', ?, ?)", [str(record), golden_id]
                )
        connection.execute(module._CHANGES)
        rows = connection.execute("select kind, count(*) from changes group by kind").fetchall()
    assert dict(rows) == +expected


def test_accounts_are_compared_by_themselves(tmp_path: Path) -> None:
    write_warehouse(tmp_path / "before.duckdb", ids(a="1"), {"crm:1": "acc_a", "crm:2": "acc_b"})
    write_warehouse(settings.warehouse(), ids(a="1"), {"crm:1": "acc_a", "crm:2": "acc_a"})
    result = diff(tmp_path / "before.duckdb", "--json")
    got = json.loads(result.stdout)
    assert of(got["customers"]) == {"unchanged": (1, 1)}
    assert of(got["accounts"]) == {"kept": (1, 1), "merged": (1, 1)}


def test_examples_are_those_of_most_records(told: Any) -> None:
    before = ids(a="1", b="2 3", c="4 5 6 7", d="8")
    after = ids(z="1 2 3 4 5 6 7", d="8")
    merged = told(before, after, "customers", "--examples", "2")["merged"]
    assert (merged["change_count"], merged["record_count"]) == (3, 7)
    assert merged["examples"] == [
        {"before": "cus_c", "after": "cus_z", "record_count": 4,
         "record_keys": ["crm:4", "crm:5", "crm:6"]},
        {"before": "cus_b", "after": "cus_z", "record_count": 2,
         "record_keys": ["crm:2", "crm:3"]},
    ]  # fmt: skip
    assert told(before, after, "customers", "--examples", "0")["merged"]["examples"] == []
    created = told({}, ids(a="1 2"))["created"]["examples"]
    assert created == [{"before": None, "after": "cus_a", "record_count": 2,
                        "record_keys": ["crm:1", "crm:2"]}]  # fmt: skip


@pytest.fixture
def split(tmp_path: Path) -> tuple[Path, Path]:
    """Builds before and after one of four records got another customer."""
    return (
        write_warehouse(tmp_path / "before.duckdb", ids(a="1 2 3 4")),
        write_warehouse(tmp_path / "after.duckdb", ids(a="1 2 3", b="4")),
    )


@pytest.mark.parametrize(
    ("limit", "code"), [("0", 1), ("0.24", 1), ("0.25", 0), ("1", 0), (None, 0)]
)
def test_a_share_of_changed_ids_above_the_limit_fails(
    split: tuple[Path, Path], limit: str | None, code: int
) -> None:
    result = diff(*split, *(["--fail-above", limit] if limit else []))
    assert result.exit_code == code
    assert ("25.00 % of the records of customers" in flat(result)) == bool(code)
    assert "split" in result.output


def test_accounts_alone_can_fail_it(tmp_path: Path) -> None:
    write_warehouse(tmp_path / "before.duckdb", ids(a="1"), {"crm:1": "acc_a"})
    write_warehouse(settings.warehouse(), ids(a="1"), {"crm:1": "acc_b"})
    result = diff(tmp_path / "before.duckdb", "--fail-above", "0.5")
    assert result.exit_code == 1
    assert "100.00 % of the records of accounts" in flat(result)


def test_a_share_that_is_none_is_refused(split: tuple[Path, Path]) -> None:
    assert diff(*split, "--fail-above", "2").exit_code == 2
    assert diff(*split, "--json", "--markdown").exit_code == 2


def test_markdown_is_a_table_whatever_the_ids_are(tmp_path: Path) -> None:
    write_warehouse(tmp_path / "before.duckdb", {"crm:a|b`c\x1b": "cus_1", "crm:2": "cus_2"})
    write_warehouse(settings.warehouse(), {"crm:a|b`c\x1b": "cus_2", "crm:2": "cus_2"})
    result = diff(tmp_path / "before.duckdb", "--markdown")
    assert result.exit_code == 0
    assert result.output.startswith("### Who is who: `")
    assert "| merged | 1 | 1 |" in result.output
    assert "`crm:a\\|b'c\N{REPLACEMENT CHARACTER}`" in result.output
    for table in re.findall(r"(?:^\|.*\n)+", result.output, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_a_build_compared_with_itself_is_unchanged(split: tuple[Path, Path]) -> None:
    result = diff(split[0], split[0], "--fail-above", "0")
    assert result.exit_code == 0
    assert "0 have another id" in flat(result)


def test_the_readers_copy_will_do(tmp_path: Path) -> None:
    file = write_warehouse(tmp_path / "readers.duckdb", ids(a="1"))
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop schema intermediate cascade")
    write_warehouse(settings.warehouse(), ids(a="1"))
    assert diff(file).exit_code == 0


def _not_there(file: Path) -> None:
    pass


def _folder(file: Path) -> None:
    file.mkdir()


def _text(file: Path) -> None:
    file.write_text("source,record_id\n" * 1_000)


def _truncated(file: Path) -> None:
    write_warehouse(file, ids(a="1"))
    file.write_bytes(file.read_bytes()[:9_000])


def _not_built(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw_crm; create table raw_crm.contacts (id varchar)")


def _other_version(file: Path) -> None:
    write_warehouse(file, ids(a="1"))
    with duckdb.connect(str(file)) as connection:
        connection.execute("alter table marts.xref_account_records drop column record_key")


@pytest.mark.parametrize(
    ("make", "fault"),
    [(_not_there, "is not there"), (_folder, "is a folder"), (_text, "cannot be opened"),
     (_truncated, "cannot be opened"), (_not_built, "does not hold marts.xref_customer_records"),
     (_other_version, "marts.xref_account_records has no column record_key")],
)  # fmt: skip
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_file_that_is_no_build_is_told(tmp_path: Path, make: Any, fault: str, side: str) -> None:
    good = write_warehouse(tmp_path / "good.duckdb", ids(a="1"))
    make(tmp_path / "bad's.duckdb")
    files = [good, tmp_path / "bad's.duckdb"]
    result = diff(*(files if side == "after" else reversed(files)))
    assert result.exit_code == 1
    assert fault in flat(result)
    assert "bad's.duckdb" in result.output
    assert "Traceback" not in result.output


def _hold(file: str, ready: Any, done: Any) -> None:
    with duckdb.connect(file):
        ready.set()
        done.wait(60)


def test_a_warehouse_in_use_is_told(split: tuple[Path, Path]) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    writer = context.Process(target=_hold, args=(str(split[0]), ready, done))
    writer.start()
    try:
        assert ready.wait(60)
        result = diff(*split)
    finally:
        done.set()
        writer.join()
    assert result.exit_code == 1
    assert "before.duckdb is in use" in flat(result)


def test_records_are_told_from_those_of_another_entity_by_more_than_their_key(
    tmp_path: Path,
) -> None:
    file = write_warehouse(tmp_path / "one.duckdb", {"crm:1": "cus_a"}, {"crm:1": "acc_a"})
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as build (read_only)")
        read_records(connection, "records")
        rows = connection.execute("from records order by record").fetchall()
    assert rows == [
        (1, "organization", "crm", "1", "crm:1", "acc_a"),
        (2, "person", "crm", "1", "crm:1", "cus_a"),
    ]
