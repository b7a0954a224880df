"""Goals are declared as exposures, held to what a goal needs, and carried to dbt as a seed."""

from __future__ import annotations

import copy
import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from scripts import contracts, goals
from scripts.cli import app
from scripts.goals import GoalError, needs_rows, offers_rows

GOAL: dict[str, Any] = {
    "kind": "integrate a tool",
    "target": {"measure": "people we can mail", "value": 0.6},
    "audience": {"who": "purchasers", "column": "order_count", "at_least": 2},
    "purpose": {"name": "marketing", "channel": "email"},
    "needs": {
        "email": {"coverage": 0.95, "days": 365},
        "last_ordered_at": {"coverage": 0.5, "days": "any", "fact": "orders"},
    },
}

Declare = Callable[..., None]


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Writes exposures, each with a goal, to the folder they are read from."""
    monkeypatch.setattr(goals, "DECLARATIONS", tmp_path)

    def write(*declared: object) -> None:
        exposures = [
            {
                "name": f"goal_{number}",
                "label": "Mail them",
                "owner": {"name": "Marketing", "email": "marketing@example.com"},
                "config": {"meta": {"goal": goal}},
            }
            for number, goal in enumerate(declared)
        ]
        (tmp_path / "exposures.yml").write_text(yaml.safe_dump({"exposures": exposures}))

    return write


def changed(path: str, value: object) -> dict[str, Any]:
    """The goal with what is at a path changed, or taken out."""
    goal = copy.deepcopy(GOAL)
    *parents, last = path.split(".")
    inner = goal
    for parent in parents:
        inner = inner[parent]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return goal


def test_a_goal_is_a_row_for_each_attribute_it_needs(declare: Declare) -> None:
    declare(GOAL, changed("audience.values", ["a", "b"]))
    rows = [{key: value for key, value in row.items() if value is not None} for row in needs_rows()]
    assert [(row["goal"], row["attribute"]) for row in rows] == [
        ("goal_0", "email"),
        ("goal_0", "last_ordered_at"),
        ("goal_1", "email"),
        ("goal_1", "last_ordered_at"),
    ]
    assert {key: str(value) for key, value in rows[0].items() if value != ""} == {
        "goal": "goal_0",
        "label": "Mail them",
        "kind": "integrate a tool",
        "owner": "Marketing",
        "measure": "people we can mail",
        "target_by": "share",
        "target_value": "0.6",
        "audience": "purchasers",
        "audience_column": "order_count",
        "audience_at_least": "2.0",
        "purpose": "marketing",
        "channel": "email",
        "basis": "consent",
        "attribute": "email",
        "needed_coverage": "0.95",
        "needed_days": "365",
    }
    assert rows[1]["fact"] == "orders"
    assert "needed_days" not in rows[1], "age does not matter"
    assert rows[2]["audience_values"] == "a, b"


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("kind", "do something", "kind: Input should be 'integrate a tool'"),
        ("target", None, "target: Field required"),
        ("target.value", None, "target.value: Field required"),
        ("target.value", 0, "target.value"),
        ("target.value", 80, "value of a share is from 0 to 1"),
        ("target.by", "sum", "names a column of customer_360"),
        ("target.column", "moood", "target: customer_360 has no column moood"),
        ("audience.column", "moood", "audience: customer_360 has no column moood"),
        ("audience.column", None, "are for a column: name it"),
        ("audience.values", ["a, b"], "audience.values.0"),
        ("audience.filter", "x > 1", "audience.filter: Extra inputs are not permitted"),
        ("purpose", None, "purpose: Field required"),
        ("purpose.basis", "habit", "purpose.basis"),
        ("purpose.basis", "contract", "purpose: by the seed processing_purposes marketing is"),
        ("purpose.name", "spam", "purpose: spam is none of accounting, analytics"),
        ("needs", {}, "needs"),
        ("needs.email.coverage", 1.1, "needs.email.coverage"),
        ("needs.email.coverage", 0, "needs.email.coverage"),
        ("needs.email.days", None, "needs.email.days: Field required"),
        ("needs.email.days", 0, "needs.email.days"),
        ("needs.email.fact", "orders", "needs.email: an attribute of a person has no fact"),
        ("needs.moood", {"coverage": 1, "days": 1}, "needs.moood: neither an attribute"),
        ("needs.last_ordered_at.fact", None, "needs.last_ordered_at: name the fact"),
        ("needs.last_ordered_at.fact", "moods", "needs.last_ordered_at: name the fact"),
    ],
)
def test_what_is_wrong_with_a_goal_is_told_with_its_place(
    declare: Declare, path: str, value: object, told: str
) -> None:
    declare(GOAL, changed(path, value))
    with pytest.raises(GoalError) as error:
        list(needs_rows())
    message = str(error.value)
    assert message.startswith("exposures.yml: goal_1: config.meta.goal")
    assert told in message
    assert "docs/guides/data-strategy.md" in message


@pytest.mark.parametrize("goal", [None, "Know each customer once"])
def test_a_goal_of_words_alone_is_none(declare: Declare, goal: str | None) -> None:
    declare(goal)
    with pytest.raises(GoalError, match=r"goal_0.*not a mapping; it needs kind, target, audience"):
        list(needs_rows())


def test_a_goal_has_an_owner_and_its_file_is_yaml(declare: Declare, tmp_path: Path) -> None:
    (tmp_path / "exposures.yml").write_text("exposures: [{name: lost}]")
    with pytest.raises(GoalError, match=r"exposures.yml: lost: owner: missing"):
        list(needs_rows())
    (tmp_path / "exposures.yml").write_text("exposures: [")
    with pytest.raises(GoalError, match=r"exposures.yml is no YAML"):
        list(needs_rows())


def test_sync_carries_goals_and_says_what_is_wrong_with_one(
    declare: Declare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["contracts", "sync", *arguments])
        return result.exit_code, " ".join(result.output.split())

    seed = tmp_path / "strategy_needs.csv"
    written = contracts.goals_needs
    monkeypatch.setattr(contracts, "goals_needs", lambda: (seed, written()[1]))
    monkeypatch.setattr(contracts.settings, "PROJECT", tmp_path)
    others = (
        "loads_yml",
        "privacy_yml",
        "incidents_yml",
        "audited_tables",
        "planned_events",
        "public_tables",
    )
    for other in (*others, "sources_offers"):
        monkeypatch.setattr(contracts, other, lambda: (seed.with_name("other"), ""))
    monkeypatch.setattr(contracts, "SOURCES", ())
    declare(GOAL)
    code, said = sync("--check")
    assert code == 1
    assert "strategy_needs.csv" in said
    assert not seed.exists()
    assert sync()[0] == 0
    assert [row["attribute"] for row in csv.DictReader(seed.open())] == ["email", "last_ordered_at"]
    assert sync("--check") == (0, "all up to date")
    declare(changed("needs.email.days", None))
    code, said = sync("--check")
    assert code == 1
    assert "goal_0: config.meta.goal.needs.email.days: Field required" in said


def test_a_source_offers_what_its_conformed_models_fill() -> None:
    rows = list(offers_rows())
    offered = {(row["source"], row.get("attribute") or row.get("fact")) for row in rows}
    assert len(offered) == len(rows)
    assert {("zendesk", "time_zone"), ("zendesk", "tickets"), ("hubspot", "deals")} <= offered
    # No column of its own: worked out of those beside it.
    assert ("stripe", "region_code") in offered
    assert (
        not {
            ("app_database", "city"),
            ("zendesk", "birth_date"),
            ("stripe", "orders"),
            ("hubspot", "identifiers"),
            ("klaviyo", "campaigns"),
            ("shopify", "order_lines"),
        }
        & offered
    )


def test_the_model_reads_every_fact_a_goal_may_name() -> None:
    model = goals.DBT / "models" / "marts" / "governance" / "strategy_audiences.sql"
    read = re.findall(r"^    '(\w+)': '\w+_at',$", model.read_text("utf-8"), re.MULTILINE)
    assert set(read) == goals.facts()
