"""`cdi identity evaluate`: the measures, the errors by kind, and truths that are none."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from ingestion import settings
from scripts.cli import app
from scripts.identity import builds, disagreements

from .warehouses import write_warehouse

ANN = {"full_name": "Ann Lee", "given_name_key": "ann", "family_name_key": "lee",
       "nickname_groups": "ann|hannah", "birth_date": "1980-02-01", "email_key": "ann@example.net",
       "phone": "+14155550100", "address_key": "1 high st"}  # fmt: skip
# Two entities in one customer, one entity in two; and an account that is as it should be.
CUSTOMERS = {
    "crm:1": "cus_a", "crm:2": "cus_a", "shop:1": "cus_a",
    "shop:2": "cus_b", "shop:3": "cus_c", "files:old:1": "cus_d",
}  # fmt: skip
ACCOUNTS = {"crm:9": "acc_a", "desk:9": "acc_a"}
TRUTH = """source,record_id,person
crm,1,ann
crm,2,ann
shop,1,bob
shop,2,cleo
shop,3,cleo
crm,9,acme
desk,9,acme
gone,1,dan
gone,2,dan
"""


def evaluate(truth: str | bytes, *arguments: str) -> Result:
    file = settings.warehouse().with_name("truth.csv")
    file.write_bytes(truth if isinstance(truth, bytes) else truth.encode())
    return CliRunner().invoke(app, ["identity", "evaluate", str(file), *arguments])


def told(truth: str, *arguments: str) -> dict[str, Any]:
    result = evaluate(truth, "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def flat(result: Result) -> str:
    """What was said, whatever the width of the terminal."""
    return re.sub(r"\s+", " ", result.output)


@pytest.fixture
def warehouse() -> None:
    write_warehouse(settings.warehouse(), CUSTOMERS, ACCOUNTS)


@pytest.mark.usefixtures("warehouse")
def test_records_of_both_are_measured_and_the_others_told_apart() -> None:
    got = told(TRUTH)
    assert got["truth_record_count"] == 9
    assert got["unknown"] == {"gone": 2}
    assert got["without_truth"] == {"files": 1}
    agreed = got["agreement"]
    # Pairs found: 3 of cus_a, 1 of acc_a; true: ann's, cleo's, acme's; right: ann's and acme's.
    assert (agreed["found_pairs"], agreed["true_pairs"], agreed["right_pairs"]) == (4, 3, 2)
    assert (agreed["wrong_pairs"], agreed["missed_pairs"]) == (2, 1)
    assert agreed["pairwise"] == pytest.approx({"precision": 1 / 2, "recall": 2 / 3, "f1": 4 / 7})
    assert agreed["b_cubed"]["precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 4) / 7)
    assert agreed["b_cubed"]["recall"] == pytest.approx((2 + 1 + 1 / 2 + 1 / 2 + 2) / 7)


@pytest.mark.usefixtures("warehouse")
def test_errors_are_listed_by_kind_with_the_worst() -> None:
    got = told(TRUTH)
    merged, split = got["over_merges"], got["splits"]
    assert (merged["holder_count"], merged["part_count"], merged["pair_count"]) == (1, 2, 2)
    assert (split["holder_count"], split["part_count"], split["pair_count"]) == (1, 2, 1)
    assert merged["examples"] == [{
        "cluster": "cus_a", "record_count": 3, "part_count": 2, "pair_count": 2,
        "parts": [
            {"cluster": "ann", "record_count": 2, "record_keys": ["crm:1", "crm:2"]},
            {"cluster": "bob", "record_count": 1, "record_keys": ["shop:1"]},
        ],
    }]  # fmt: skip
    assert [part["cluster"] for part in split["examples"][0]["parts"]] == ["cus_b", "cus_c"]
    shown = flat(evaluate(TRUTH))
    assert "1 customers and accounts hold records of 2 true entities" in shown
    assert "1 true entities are spread over 2 customers and accounts" in shown
    assert "cus_a" in shown
    assert "cus_a" not in flat(evaluate(TRUTH, "--examples", "0"))


def test_the_worst_comes_first_and_no_more_is_shown_than_asked_for() -> None:
    customers = {f"crm:{c}{n}": f"cus_{c}" for c in "abc" for n in range(2 + 3 * "abc".index(c))}
    write_warehouse(settings.warehouse(), customers)
    rows = "".join(f"{key},{key}\n" for key in customers)
    got = told("record_key,true_id\n" + rows, "--examples", "2")
    merged = got["over_merges"]
    assert [(each["cluster"], each["pair_count"]) for each in merged["examples"]] == [
        ("cus_c", 28), ("cus_b", 10),
    ]  # fmt: skip
    assert [len(each["parts"]) for each in merged["examples"]] == [3, 3]
    assert merged["examples"][0]["part_count"] == 8
    assert merged["pair_count"] == 39


def test_a_build_that_is_as_the_truth_says_has_no_errors() -> None:
    write_warehouse(settings.warehouse(), {"crm:1": "cus_a", "crm:2": "cus_a", "crm:3": "cus_b"})
    result = evaluate("record_key,cluster\ncrm:1,x\ncrm:2,x\ncrm:3,y\n")
    assert result.exit_code == 0
    assert result.output.count("1.0000") == 6
    assert "every customer and account is what the truth says" in flat(result)


PAIRS: dict[str, tuple[Mapping[str, str | None], set[tuple[str, str]]]] = {
    "nothing": (
        dict.fromkeys(ANN),
        {("together", "nothing in common"), ("name", "missing"), ("birth date", "missing")},
    ),
    "everything": (
        {},
        {("together", "something in common"), ("name", "same"), ("birth date", "same"),
         ("e-mail", "same"), ("phone", "same"), ("address", "same"), ("company", "missing")},
    ),
    "swapped": (
        {"given_name_key": "lee", "family_name_key": "ann", "birth_date": "1980-01-02"},
        {("name", "swapped"), ("birth date", "day and month swapped")},
    ),
    "nickname": (
        {"given_name_key": "hannah", "nickname_groups": "hannah", "birth_date": "1980-02-02"},
        {("name", "nickname"), ("birth date", "differs")},
    ),
    "given name": (
        {"given_name_key": "bob", "nickname_groups": "robert"}, {("name", "given name differs")},
    ),
    "family name": ({"family_name_key": "ray"}, {("name", "family name differs")}),
    "both names": (
        {"given_name_key": "bob", "nickname_groups": "bob", "family_name_key": "ray"},
        {("name", "differs"), ("together", "something in common")},
    ),
    "half a name": ({"given_name_key": None}, {("name", "partly missing")}),
    "unsplit name": (
        {"given_name_key": None, "family_name_key": None, "full_name": "Prince"},
        {("name", "differs")},
    ),
    "contacts": (
        {"email_key": "bob@example.net", "phone": None, "address_key": "2 high st"},
        {("e-mail", "differs"), ("phone", "missing"), ("address", "differs")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize("error", ["over_merges", "splits"])
def test_pairs_are_told_by_what_the_records_have_in_common(kind: str, error: str) -> None:
    changes, expected = PAIRS[kind]
    found = {"over_merges": ["cus_a", "cus_a"], "splits": ["cus_a", "cus_b"]}[error]
    true = {"over_merges": ["x", "y"], "splits": ["x", "x"]}[error]
    for one, other in itertools.permutations((1, 2)):
        write_warehouse(
            settings.warehouse(),
            {"crm:1": found[0], "crm:2": found[1]},
            described={f"crm:{one}": ANN, f"crm:{other}": ANN | dict(changes)},
        )
        got = told(f"record_key,cluster\ncrm:1,{true[0]}\ncrm:2,{true[1]}\n")[error]
        kinds = {(each["attribute"], each["relation"]) for each in got["likenesses"]}
        assert expected <= kinds
        assert len(kinds) == 7, "each attribute once"
        assert all(each["pair_count"] == got["looked_at_count"] == 1 for each in got["likenesses"])


def test_a_person_and_an_organization_that_are_one_in_the_truth_are_told() -> None:
    write_warehouse(settings.warehouse(), {"crm:1": "cus_a"}, {"crm:1": "acc_a"})
    got = told("entity,record_key,cluster\nperson,crm:1,x\norganization,crm:1,x\n")["splits"]
    assert got["likenesses"][0] == {
        "attribute": "together", "relation": "person and organization", "pair_count": 1,
    }  # fmt: skip


CLUSTERINGS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=12
)


@given(CLUSTERINGS, st.integers(1, 40))
def test_pairs_are_drawn_evenly_and_none_that_is_no_error(
    clusters: list[tuple[str, str]], most: int
) -> None:
    wrong = {
        (one, other)
        for (one, (found, true)), (other, (found_too, true_too)) in itertools.combinations(
            enumerate(clusters), 2
        )
        if found == found_too and true != true_too
    }
    with duckdb.connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(disagreements, "MOST_PAIRS", most)
        empty_descriptions(connection)
        connection.execute(
            "create table compared (record bigint, entity varchar, record_key varchar, "
            "golden_id varchar, true_id varchar)"
        )
        for number, (found, true) in enumerate(clusters):
            connection.execute(
                "insert into compared values (?, 'person', ?, ?, ?)",
                [number, str(number), found, true],
            )
        got = disagreements.disagreements(connection, "golden_id", "true_id", 5)
        drawn = connection.execute("select record, other_record from drawn").fetchall()
    pairs = [tuple(sorted(pair)) for pair in drawn]
    assert len(pairs) == len(set(pairs)) == got.looked_at_count == min(most, len(wrong))
    assert set(pairs) <= wrong
    assert got.pair_count == len(wrong)
    assert got.holder_count == len({clusters[one][0] for one, _ in wrong})


def test_of_too_many_pairs_a_fair_sample_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disagreements, "MOST_PAIRS", 500)
    customers = {f"crm:{number:03}": "cus_a" for number in range(200)}
    mails = {key: {"email_key": f"{number % 2}@example.net"}
             for number, key in enumerate(customers)}  # fmt: skip
    write_warehouse(settings.warehouse(), customers, described=mails)
    truth = "record_key,cluster\n" + "".join(f"{key},{key}\n" for key in customers)
    got = told(truth)["over_merges"]
    assert (got["pair_count"], got["looked_at_count"]) == (19_900, 500)
    counted = Counter({each["relation"]: each["pair_count"] for each in got["likenesses"]
                       if each["attribute"] == "e-mail"})  # fmt: skip
    assert counted.total() == 500
    assert counted["same"] == pytest.approx(500 * 9_900 / 19_900, abs=50)
    assert "of 19,900 wrong pairs, 500 drawn evenly" in flat(evaluate(truth))


def test_a_customer_of_a_hundred_thousand_records_is_no_explosion() -> None:
    write_warehouse(settings.warehouse(), {})
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute(
            "insert into marts.xref_customer_records select 'crm', cast(range as varchar), "
            "'cus_a', 'crm:' || range, false from range(100_000)"
        )
    truth = "record_key,cluster\n" + "".join(f"crm:{n},{n // 2}\n" for n in range(100_000))
    started = time.monotonic()
    got = told(truth)
    assert got["over_merges"]["pair_count"] == 100_000 * 99_999 // 2 - 50_000
    assert got["over_merges"]["looked_at_count"] == disagreements.MOST_PAIRS
    assert time.monotonic() - started < 60


def test_nothing_personal_is_shown() -> None:
    write_warehouse(
        settings.warehouse(),
        {"crm:1": "cus_a", "crm:2": "cus_a", "crm:3": "cus_b"},
        described={f"crm:{number}": ANN for number in (1, 2, 3)},
    )
    truth = "record_key,cluster\ncrm:1,x\ncrm:2,y\ncrm:3,x\n"
    for result in (evaluate(truth), evaluate(truth, "--json")):
        assert "wrong" in result.output
        for value in ANN.values():
            assert value.lower() not in result.output.lower()


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    "truth",
    ["record_key,person\ncrm:1,a\ncrm:2,a\n", "source;record_id;person\ncrm;1;a\ncrm;2;a\n",
     "\ufeffSource, Record_ID ,person\r\ncrm,1,a\r\ncrm,2,a\r\n",
     "person\trecord_id\tsource\na\t1\tcrm\na\t2\tcrm\n",
     ",record_key,person\n0,crm:1,a\n1,crm:2,a\n",
     'record_key,person\n"crm:1","a"\ncrm:2,a\ncrm:1,a\n',
     "entity,record_key,person\nperson,crm:1,a\nperson,crm:2,a\n"],
    ids=["key", "semicolons", "from a spreadsheet", "tabs", "numbered", "quoted and repeated",
         "entity"],
)  # fmt: skip
def test_a_truth_is_read_however_it_is_written(truth: str) -> None:
    got = told(truth)
    assert (got["truth_record_count"], got["agreement"]["record_count"]) == (2, 2)
    assert got["agreement"]["pairwise"]["f1"] == 1


@pytest.mark.usefixtures("warehouse")
def test_a_column_can_be_named_as_the_truth() -> None:
    truth = "record_key,person,household\ncrm:1,a,x\ncrm:2,b,x\n"
    assert told(truth, "--cluster", "household")["agreement"]["true_pairs"] == 1
    assert told(truth, "--cluster", "Person")["agreement"]["true_pairs"] == 0


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    ("truth", "fault"),
    [
        (b"", "it is empty"),
        (b"\n\n", "first line is empty"),
        (b"record_key,person\n", "no rows"),
        (b"id,person\n1,a\n", "needs the columns `source` and `record_id`, or `record_key`"),
        (b"source,person\ncrm,a\n", "it has `source`, `person`"),
        (b"record_key\ncrm:1\n", "has no column that could be the true cluster"),
        (b"record_key,a,b\ncrm:1,1,2\n", "--cluster"),
        (b"record_key,person,person\ncrm:1,a,a\n", "two columns `person`"),
        (b"record_key,person\ncrm:1,a\ncrm:2,\n", "1 rows (the first: row 2 below the names)"),
        (b"source,record_id,person\ncrm,1,a\n,2,a\n", "no `source`"),
        (b"record_key,person\ncrm:1,b\ncrm:2,b\ncrm:1,a\n", "rows 1 and 3 below the names"),
        (b"record_key,person\ncrm:1,a\ncrm:2\n", "line 3 cannot be read"),
        (b"record_key,person\ncrm:1,a,b\n", "line 2 cannot be read"),
        (b"record_key,person\ncrm:1,\xe9\n", "UTF-8"),
        (b"record_key,person\n" + b"crm:1,a\n" * 9_000 + b"crm:1,\xe9\n", "UTF-8"),
        (b"\xff\xfer\x00e\x00", "no text in UTF-8"),
        (b"\x00\x01\x02PK\xff", "no text in UTF-8"),
        (b"entity,record_key,person\nfirm,crm:1,a\n", "none of person, organization"),
        (b"record_key,person\nhubspot:1,a\nstripe:1,b\n", "are of hubspot, stripe"),
    ],
)
def test_a_truth_that_cannot_be_one_is_refused_and_says_why(truth: bytes, fault: str) -> None:
    result = evaluate(truth)
    assert result.exit_code == 1
    assert fault in flat(result)
    assert "truth.csv" in result.output
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("warehouse")
def test_a_column_that_is_not_there_is_told() -> None:
    result = evaluate(TRUTH, "--cluster", "household")
    assert result.exit_code == 1
    assert "no column `household`" in flat(result)


def test_one_id_of_a_person_and_an_organization_needs_to_be_told_apart() -> None:
    write_warehouse(settings.warehouse(), {"crm:1": "cus_a", "crm:2": "cus_a"}, {"crm:1": "acc_a"})
    result = evaluate("record_key,cluster\ncrm:2,x\ncrm:1,x\n")
    assert result.exit_code == 1
    assert "the first: row 2" in flat(result)
    assert "add a column `entity`" in flat(result)
    got = told("entity,record_key,cluster\nperson,crm:2,x\nperson,crm:1,x\norganization,crm:1,y\n")
    assert got["agreement"]["record_count"] == 3
    assert got["agreement"]["pairwise"]["f1"] == 1


@pytest.mark.usefixtures("warehouse")
def test_what_a_terminal_would_obey_is_not_shown() -> None:
    customers = {"crm:\x1b[2J": "cus_a", "crm:[red]": "cus_a"}
    write_warehouse(settings.warehouse(), customers)
    result = evaluate("record_key,cluster\ncrm:\x1b[2J,[bold]a\ncrm:[red],b\x1b\n")
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "crm:[red]" in result.output
    assert "[bold]a" in result.output


def test_without_a_warehouse_or_a_build_it_is_said() -> None:
    result = evaluate(TRUTH)
    assert result.exit_code == 1
    assert "warehouse.duckdb is not there" in flat(result)
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("create table other as select 1 as one")
    assert "does not hold marts.xref_customer_records" in flat(evaluate(TRUTH))


@pytest.mark.usefixtures("warehouse")
def test_a_truth_that_is_not_there_is_told() -> None:
    result = CliRunner().invoke(app, ["identity", "evaluate", "no such.csv"])
    assert result.exit_code == 1
    assert "no such.csv is not there" in flat(result)


def empty_descriptions(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables that describe records, without a row."""
    connection.execute("attach ':memory:' as build; create schema build.intermediate")
    for table, columns in disagreements.DESCRIPTIONS.items():
        typed = ", ".join(
            f"{column} {'date' if column == 'birth_date' else 'varchar'}" for column in columns
        )
        connection.execute(f"create table build.{table} ({typed})")


def test_what_is_read_is_what_the_models_have(manifest: dict[str, Any]) -> None:
    there = {
        f"{node['schema'].removeprefix('main_')}.{node['name']}": set(node["columns"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    for table, columns in {**builds.PUBLISHED, **disagreements.DESCRIPTIONS}.items():
        assert set(columns) <= there[table], table
