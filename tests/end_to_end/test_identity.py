"""Who is who of a whole company: explained, decided, and the same after every rebuild."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from typer.testing import CliRunner

from ingestion.settings import PROJECT
from scripts.cli import app
from scripts.identity import decide, evidence
from tests.end_to_end.conftest import Company

LARGEST = """
    select customer_id, list(record_key order by record_key)
    from marts.xref_customer_records
    group by customer_id
    order by count(*) desc, customer_id
    limit 20
"""


@pytest.fixture
def connection(company: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("CDI_WAREHOUSE", str(company.folder / "warehouse.duckdb"))
    with evidence.warehouse() as connection:
        yield connection


@pytest.fixture
def decisions(company: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A file of decisions of the test's own, and the company's warehouse."""
    monkeypatch.setenv("CDI_WAREHOUSE", str(company.folder / "warehouse.duckdb"))
    file = tmp_path / "decisions.csv"
    shutil.copy(decide.DECISIONS, file)
    monkeypatch.setattr(decide, "DECISIONS", file)
    yield file


def decided(*arguments: str, answer: str = "", code: int = 0) -> str:
    done = CliRunner().invoke(app, ["identity", *arguments], input=answer)
    assert done.exit_code == code, done.output
    return done.output


def test_every_pair_of_a_customer_is_explained(connection: Any) -> None:
    for _, keys in connection.execute(LARGEST).fetchall():
        ties = evidence.ties(connection, keys)
        pairs = list(combinations(keys, 2))
        weighed = evidence.weigh(connection, pairs, with_values=False)
        for pair in pairs:
            path = evidence.strongest_path(ties, *pair)
            assert weighed[pair].findings or path, pair
            assert path[0][0] == pair[0]
            assert path[-1][1] == pair[1]
        assert len(evidence.spanning_ties(ties)) == len(keys) - 1


def test_what_is_explained_is_what_was_built(connection: Any) -> None:
    built = connection.execute(
        "select here.record_key, there.record_key, weight / 1000 "
        f"from {evidence.PAIRS} as pairs "
        f"inner join {evidence.CLUSTERS} as here using (record_number) "
        f"inner join {evidence.CLUSTERS} as there "
        "on other_record_number = there.record_number "
        "order by hash(here.record_key, there.record_key) limit 300"
    ).fetchall()
    weighed = evidence.weigh(connection, [pair for *pair, _ in built], with_values=False)
    for one, other, bits in built:
        assert weighed[min(one, other), max(one, other)].bits == pytest.approx(bits)


def test_explaining_shows_values_only_when_asked(company: Any) -> None:
    [(customer, keys)] = company.query(f"from ({LARGEST}) limit 1")
    [(email,)] = company.query(
        f"select email from marts.dim_customers where customer_id = '{customer}'"
    )
    told = company.cdi("identity", "explain", customer)
    assert f"{customer} is {len(keys)} records" in told
    assert email not in told
    assert "in all" in company.cdi("identity", "explain", keys[0], keys[1])
    assert "no customer or account cus_0" in company.cdi("identity", "explain", "cus_0", code=1)
    assert "these are one record" in company.cdi("identity", "explain", keys[0], keys[0], code=1)


def test_review_lists_the_most_doubtful_first(company: Any) -> None:
    told = company.cdi("identity", "review", "--limit", "5")
    bits = [abs(float(line.split()[0])) for line in told.splitlines() if line[:1] in "+-"]
    assert bits == sorted(bits)
    assert "together" in told or "apart" in told


def test_train_shows_shares_and_writes_nothing_unasked(company: Any) -> None:
    told = company.cdi("identity", "train", "--sample", "20000")
    assert "given_name" in told
    assert "nothing is written" in told


def test_a_decision_is_shown_written_once_and_never_contradicted(
    company: Any, decisions: Path
) -> None:
    [(customer, keys)] = company.query(f"from ({LARGEST}) limit 1")
    why = ["--reason", "two people, says support", "--actor", "ann"]
    told = decided("unmerge", keys[0], keys[-1], *why, answer="n\n", code=1)
    assert customer in told
    assert len(list(csv.DictReader(decisions.open()))) == 0, "nothing is written against a no"
    decided("unmerge", keys[0], keys[-1], *why, "--yes")
    [row] = csv.DictReader(decisions.open())
    assert (row["decision"], row["record_key"], row["actor"]) == ("separate", keys[0], "ann")
    assert "ann decided on these two" in decided("link", keys[-1], keys[0], *why, code=1)
    decided("link", keys[0], keys[1], *why, "--yes")
    assert "are linked with them" in decided("link", keys[1], keys[-1], *why, code=1)


def test_an_unmerge_outlives_every_rebuild_and_ids_stay(restored: Company) -> None:
    [(customer, keys)] = restored.query(f"from ({LARGEST}) limit 1")
    ids = "select record_key, customer_id from marts.xref_customer_records order by all"

    def rebuilt(statement: str, *options: str) -> dict[str, str]:
        with duckdb.connect(str(restored.warehouse)) as connection:
            connection.execute(statement)
        tables = ("xref_customer_records", "customer_id_aliases", "customer_identity_changes")
        selection = [f"int_decisions__resolved+,+{table}" for table in tables]
        models = ("-s", *selection, "--resource-type", "model")
        restored.cdi("build", "--quiet", *models, *options)
        return dict(restored.query(ids))

    before = dict(restored.query(ids))
    [alone, *others] = keys
    apart = ", ".join(
        f"('separate', '{alone}', '{other}', 'ann', 'two people', date '2026-01-01')"
        for other in others
    )
    split = rebuilt(f"insert into intermediate.decisions values {apart}", "--full-refresh")
    assert {split[other] for other in others} == {customer}, "the majority keeps the id"
    assert split[alone] not in before.values()
    changed = {key for key in before if split[key] != before[key]}
    assert changed == {alone}, "nobody else is concerned"
    assert rebuilt("select 1", "--full-refresh") == split, "a full rebuild changes no id"

    assert rebuilt("delete from intermediate.decisions") == before
    aliases = restored.query("select alias_id, customer_id from marts.customer_id_aliases")
    assert (split[alone], customer) in aliases
    assert restored.query(
        "select change, record_count from marts.customer_identity_changes "
        "where other_customer_id is not null order by changed_at"
    ) == [("split", 1), ("merged", 1)]


def test_decisions_in_a_circle_stop_the_build_and_put_nothing_together(
    restored: Company,
) -> None:
    one, two, three = (keys[0] for _, keys in restored.query(f"from ({LARGEST}) limit 3"))
    with duckdb.connect(str(restored.warehouse)) as connection:
        for decision, here, there in [
            ("link", one, two),
            ("link", two, three),
            ("separate", three, one),
        ]:
            connection.execute(
                "insert into intermediate.decisions "
                "values (?, ?, ?, 'ann', 'seen both', date '2026-01-01')",
                [decision, here, there],
            )
    customers = "select record_key, customer_id from marts.xref_customer_records order by all"
    before = restored.query(customers)
    selection = ["-s", "int_decisions__resolved+", "--exclude", "resource_type:unit_test"]
    done = restored.cdi("build", *selection, code=1)
    assert "assert_decisions_agree" in done
    assert f"{min(one, three)} and {max(one, three)} are decided to be separate, and linked" in done
    assert restored.query(customers) == before


def test_a_build_says_which_rules_bring_too_many_pairs_together(restored: Company) -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    identity = project["vars"]["identity"] | {"pairs_per_record": 0.1, "pairs_at_ease": 1}
    arguments = ["-s", "int_blocking_rules__measured", "--resource-type", "model"]
    arguments += ["--vars", json.dumps({"identity": identity})]
    said = restored.cdi("build", *arguments)
    unused = restored.query(
        "select rule, pair_count from intermediate.int_blocking_rules__measured "
        "where entity = 'person' and not is_used"
    )
    assert unused
    [line] = [line for line in said.splitlines() if "not used for person records" in line]
    for rule, pairs in unused:
        assert f"{rule} ({pairs:,})" in line


def test_households_are_those_of_the_truth(connection: Any, company: Any) -> None:
    """Nobody is put with strangers; those known to live at one address are together."""
    truth = company.sandbox / "truth"
    connection.execute(
        "create temp table lives as "
        "with persons as (select golden_id, mode(person_id) as person_id "
        "from intermediate.int_records__identified "
        "inner join read_csv(?, all_varchar = true) as truth "
        "on record_key = truth.source || ':' || truth.record_id "
        "where entity = 'person' group by all), "
        "homes as (select golden_id, any_value(address_key) as home "
        "from intermediate.int_attributes__survived "
        "inner join intermediate.int_records__compared using (entity, record_key) "
        "where entity = 'person' and attribute = 'street_address' group by all) "
        "select people.household_id as truly, home, "
        "coalesce(found.household_id, persons.golden_id) as found, persons.golden_id "
        "from persons inner join read_parquet(?) as people "
        "on persons.person_id = cast(people.person_id as varchar) "
        "left join homes using (golden_id) "
        "left join intermediate.int_households__identified as found on golden_id = customer_id",
        [str(truth / "customers.csv"), str(truth / "people.parquet")],
    )
    ((found, right, known),) = connection.execute(
        "select count(*) filter (one.found = other.found), "
        "count(*) filter (one.found = other.found and one.truly = other.truly), "
        "count(*) filter (one.home = other.home and one.truly = other.truly) "
        "from lives as one inner join lives as other on one.golden_id < other.golden_id"
    ).fetchall()
    assert found > 20
    assert right >= 0.98 * found
    assert right >= 0.8 * known
