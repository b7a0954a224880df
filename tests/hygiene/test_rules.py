"""Every rule is explained where its row says, and applied somewhere."""

from __future__ import annotations

import csv
import re

import pytest

from ingestion.settings import PROJECT

DBT = PROJECT / "dbt_project"
with (DBT / "seeds" / "governance" / "hygiene_rules.csv").open() as file:
    RULES = list(csv.DictReader(file))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"])
def test_a_rule_is_explained_where_it_says(rule: dict[str, str]) -> None:
    page, _, anchor = rule["documentation"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (PROJECT / page).read_text(), re.MULTILINE)
    assert anchor in {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in headings
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"])
def test_a_rule_is_applied_somewhere(rule: dict[str, str]) -> None:
    rooms = (DBT / "models" / "intermediate" / "hygiene", DBT / "macros")
    code = "\n".join(path.read_text() for room in rooms for path in room.rglob("*.sql"))
    assert f"'{rule['rule']}'" in code


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"])
def test_an_edit_is_told_with_its_count(rule: dict[str, str]) -> None:
    assert not rule["edit_needed"] or rule["edit_needed"].count("{count}") == 1
    if rule["outcome"] != "tidied":
        assert rule["edit_needed"], "a source is told what it should edit"
        assert rule["fix"], "and the owner of one record what to do"
