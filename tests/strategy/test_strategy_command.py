"""`cdi strategy`: what it tells of goals, and where there is nothing to tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
import yaml
from typer.testing import CliRunner, Result

from ingestion import settings
from scripts.cli import app
from scripts.terminal import console

MODEL = settings.PROJECT / "dbt_project" / "models" / "marts" / "governance" / "strategy_goals.yml"
ROW: dict[str, Any] = {
    "goal": "mail",
    "label": "Mail them",
    "kind": "integrate a tool",
    "owner": "Marketing",
    "audience": "purchasers",
    "purpose": "marketing",
    "channel": "email",
    "basis": "consent",
    "measure": "people we can mail",
    "target_by": "share",
    "target_value": 0.6,
    "measured_value": 0.5,
    "is_target_reached": False,
    "goal_verdict": "partly",
    "audience_count": 1200,
    "needed_coverage": 0.95,
    "attribute": "email",
    "verdict": "partly",
    "there_share": 0.98,
    "valid_share": 0.97,
    "fresh_share": 0.964,
    "median_age_days": 1078.5,
    "allowed_share": 0.61,
    "usable_share": 0.59,
    "main_source": "shopify",
    "main_source_share": 0.4,
    "missing_count": 24,
    "short_count": 432,
    "next_instruction": "ask 300 customers",
    "next_cost_days": 3.6,
    "known_gain_count": 500,
    "is_next_of_goal": True,
}
GROUNDED: dict[str, Any] = {
    "attribute": "city",
    "verdict": "grounded",
    "short_count": 0,
    "next_instruction": None,
    "next_cost_days": None,
    "is_next_of_goal": False,
}


def strategy(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["strategy", *arguments])


def flat(result: Result) -> str:
    """What was said, whatever the width of the terminal."""
    return re.sub(r"\s+", " ", result.output)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A warehouse of nothing but the goals, with the columns their contract has."""
    monkeypatch.setattr(console, "width", 110)

    def write(*rows: dict[str, Any]) -> None:
        (model,) = yaml.safe_load(MODEL.read_text("utf-8"))["models"]
        typed = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
        with duckdb.connect(str(settings.warehouse())) as connection:
            connection.execute("create schema governance")
            connection.execute(f"create table governance.strategy_goals ({typed})")
            for row in rows:
                given = ROW | row
                places = ", ".join(f"${name}" for name in given)
                connection.execute(
                    f"insert into governance.strategy_goals ({', '.join(given)}) values ({places})",
                    given,
                )

    return write


def test_a_goal_is_told_with_its_attributes_and_what_is_next(built) -> None:
    built(GROUNDED, {})
    result = strategy()
    assert result.exit_code == 0
    told = flat(result)
    assert "Mail them: partly" in told
    assert "mail: integrate a tool, for Marketing" in told
    assert "1,200 purchasers" in told
    assert "marketing by email, by consent" in told
    assert "people we can mail: 50 %, 60 % wanted: not reached" in told
    figures = "98 % 97 % 96 % 1,078 61 % 59 % 95 % shopify 40 % 24"
    assert f"email partly {figures} 432" in told
    assert f"city grounded {figures} 0" in told
    assert told.index("email partly") < told.index("city grounded"), "the largest gap is first"
    assert told.endswith("next ask 300 customers (3.6 days) ")


def test_steps_that_do_not_close_the_gap_are_said_not_to(built) -> None:
    built({"known_gain_count": 431}, {"goal": "other", "known_gain_count": 432})
    told = flat(strategy("--goal", "mail"))
    assert "432 are short of email, and all steps known gain 431 at most" in told
    assert "another source" not in flat(strategy("--goal", "other"))


def test_a_goal_that_lacks_nothing_has_nothing_next(built) -> None:
    built(GROUNDED | {"goal_verdict": "grounded", "is_target_reached": True})
    told = flat(strategy())
    assert "Mail them: grounded" in told
    assert "60 % wanted: reached" in told
    assert told.endswith("next nothing ")


def test_a_goal_for_nobody_has_no_shares(built) -> None:
    nothing = {name: None for name in ROW if name.endswith("_share")}
    built(GROUNDED | nothing | {"measured_value": None, "main_source": None, "audience_count": 0})
    told = flat(strategy())
    assert "0 purchasers" in told
    assert "nothing to measure; 60 % wanted" in told


def test_a_step_may_not_be_known(built) -> None:
    built({"is_next_of_goal": False, "next_instruction": None, "next_cost_days": None})
    assert flat(strategy()).endswith("next no step is known ")


@pytest.mark.parametrize(
    ("by", "told"),
    [("count", "1,234, 2,000 wanted"), ("average", "1,234.50, 2,000.00 wanted")],
)
def test_a_measure_is_told_by_what_it_is(built, by: str, told: str) -> None:
    built({"target_by": by, "measured_value": 1234.5, "target_value": 2000})
    assert told in flat(strategy())


def test_one_goal_is_shown_by_its_name(built) -> None:
    built({}, {"goal": "call", "label": "Call them"})
    assert "Mail them" not in strategy("--goal", "call").output
    assert "Call them" in strategy("--goal", "call").output
    result = strategy("--goal", "cal")
    assert result.exit_code == 2
    assert "no goal cal: there are call, mail" in flat(result)


def test_what_to_run_is_said_where_nothing_is_built() -> None:
    result = strategy()
    assert result.exit_code == 1
    assert "cdi load" in result.output
    duckdb.connect(str(settings.warehouse())).close()
    result = strategy()
    assert result.exit_code == 1
    assert "no goals are built: run `cdi build`" in flat(result)


def test_no_goal_declared_is_no_error(built) -> None:
    built()
    result = strategy()
    assert result.exit_code == 0
    assert "docs/guides/data-strategy.md" in flat(result)
