"""Goals: what the data is to be good for, declared as dbt exposures with `config.meta.goal`.

dbt's SQL cannot read exposures, so `cdi contracts sync` carries them to the seed `strategy_needs`,
and what sources can give to the seed `strategy_offers`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import pydantic
import yaml

from ingestion import settings
from ingestion.sources import SOURCES

DBT = settings.PROJECT / "dbt_project"
DECLARATIONS = DBT / "models" / "strategy"
CONFORMED = DBT / "models" / "intermediate" / "conformed"
CUSTOMER_360 = DBT / "models" / "marts" / "customer" / "customer_360.yml"
SURVIVORSHIP = DBT / "seeds" / "identity" / "survivorship.csv"
PURPOSES = DBT / "seeds" / "governance" / "processing_purposes.csv"
# Without a customer of its own, a table is no fact of one.
NO_FACTS = {"person_records", "organizations", "organization_members", "identifiers", "campaigns"}
NEEDS_COLUMNS = (
    "goal", "label", "kind", "owner", "measure", "target_column", "target_by", "target_value",
    "audience", "audience_column", "audience_at_least", "audience_values", "purpose", "channel",
    "basis", "attribute", "needed_coverage", "needed_days", "fact",
)  # fmt: skip
OFFERS_COLUMNS = ("source", "attribute", "fact")

# No commas: several stand in one cell of the seed.
Value: TypeAlias = Annotated[str, pydantic.StringConstraints(pattern=r"^[^,]+$")]


class GoalError(Exception):
    """A goal is not declared as it has to be; the message says what, where and how to mend it."""


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")


class Target(_Strict):
    """What shows that a goal is reached.

    Args:
        measure: what is counted, in words.
        column: column of `customer_360` that is counted; without, customers who have all needed.
        by: how: as a share or count of the audience, or, of a column, as its sum or average.
        value: what is wanted; of a share from 0 to 1.
    """

    measure: str
    column: str | None = None
    by: Literal["share", "count", "sum", "average"] = "share"
    value: pydantic.PositiveFloat

    @pydantic.model_validator(mode="after")
    def _it_can_be_counted(self) -> Target:
        if self.column is None and self.by in ("sum", "average"):
            raise ValueError(f"a target by {self.by} names a column of customer_360")
        if self.by == "share" and self.value > 1:
            raise ValueError("value of a share is from 0 to 1; `by: count` is for numbers")
        return self


class Audience(_Strict):
    """Which customers a goal is for.

    Args:
        who: them, in words.
        column: column of `customer_360` that says something of them; without, all customers.
        at_least: what it comes to, at least.
        values: values of which it has one.
    """

    who: str
    column: str | None = None
    at_least: float | None = None
    values: list[Value] | None = None

    @pydantic.model_validator(mode="after")
    def _what_is_asked_is_asked_of_a_column(self) -> Audience:
        if self.column is None and (self.at_least is not None or self.values):
            raise ValueError("at_least and values are for a column: name it")
        return self


class Purpose(_Strict):
    """What the data is used for, as consents tell it.

    Args:
        name: purpose of the seed `processing_purposes` and of consents, such as `marketing`.
        channel: their channel.
        basis: what allows it, by that seed; whatever is not consent holds unless they withdrew.
    """

    name: str
    channel: str = "any"
    basis: Literal["consent", "contract", "legal obligation", "legitimate interest"] = "consent"

    @pydantic.model_validator(mode="after")
    def _it_is_on_record(self) -> Purpose:
        bases = bases_by_purpose()
        if self.name not in bases:
            raise ValueError(
                f"{self.name} is none of {', '.join(sorted(bases))}: add what is done to the seed "
                "processing_purposes, which is the record of it"
            )
        if self.basis not in bases[self.name]:
            raise ValueError(
                f"by the seed processing_purposes {self.name} is permitted by "
                f"{', '.join(sorted(bases[self.name]))}, and not by {self.basis}"
            )
        return self


class Need(_Strict):
    """What is asked of an attribute.

    Args:
        coverage: share of the audience that has it, fresh, and allows its use.
        days: days it may be old, or `any`.
        fact: facts that a column of `customer_360` is made of.
    """

    coverage: Annotated[Decimal, pydantic.Field(gt=0, le=1, decimal_places=4)]
    days: pydantic.PositiveInt | Literal["any"]
    fact: str | None = None


class Goal(_Strict):
    """A goal, as an exposure's `config.meta.goal` declares it.

    Args:
        kind: what is to be done.
        target: what shows that it is reached.
        audience: which customers it is for.
        purpose: what the data is used for.
        needs: what is asked, by attribute.
    """

    kind: Literal["integrate a tool", "gather an attribute", "answer a question"]
    target: Target
    audience: Audience
    purpose: Purpose
    needs: Annotated[dict[str, Need], pydantic.Field(min_length=1)]

    @pydantic.model_validator(mode="after")
    def _all_it_names_is_there(self) -> Goal:
        columns, attributes, known_facts = columns_of_360(), set(attributes_of_a_person()), facts()
        for place, column in (("target", self.target.column), ("audience", self.audience.column)):
            if column is not None and column not in columns:
                raise ValueError(f"{place}: customer_360 has no column {column}")
        for attribute, need in self.needs.items():
            if attribute in attributes:
                if need.fact is not None:
                    raise ValueError(
                        f"needs.{attribute}: an attribute of a person has no fact; leave it out"
                    )
            elif attribute not in columns:
                raise ValueError(
                    f"needs.{attribute}: neither an attribute of a person (seed survivorship) nor "
                    "a column of customer_360"
                )
            elif need.fact not in known_facts:
                raise ValueError(
                    f"needs.{attribute}: name the fact it is made of, one of "
                    f"{', '.join(sorted(known_facts))}"
                )
        return self


def read_goals(folder: Path | None = None) -> Iterator[tuple[dict[str, Any], Goal]]:
    """Exposures with the goal each declares, in the order of their files and in these.

    Args:
        folder: where the yml files of exposures are, if not where dbt has them.

    Raises:
        GoalError: naming the exposure, what is wrong with its goal, and where to mend it.
    """
    for file in sorted((folder or DECLARATIONS).glob("*.yml")):
        try:
            declared = yaml.safe_load(file.read_text("utf-8")) or {}
        except yaml.YAMLError as error:
            raise GoalError(f"{file.name} is no YAML: {' '.join(str(error).split())}") from None
        for exposure in declared.get("exposures") or ():
            if not exposure.get("owner"):
                raise GoalError(
                    f"{file.name}: {exposure['name']}: owner: missing: name who wants it"
                )
            meta = (exposure.get("config") or {}).get("meta") or {}
            yield exposure, read_goal(exposure["name"], meta.get("goal"), file)


def read_goal(name: str, declared: object, file: Path) -> Goal:
    """The goal that an exposure declares.

    Args:
        name: of the exposure.
        declared: its `config.meta.goal`.
        file: where it is declared.

    Raises:
        GoalError: naming the exposure, what is wrong with its goal, and where to mend it.
    """
    where = f"{file.name}: {name}: config.meta.goal"
    if not isinstance(declared, dict):
        raise GoalError(
            f"{where}: not a mapping; it needs {', '.join(Goal.model_fields)}: see "
            "docs/guides/data-strategy.md"
        )
    try:
        return Goal.model_validate(declared)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join([where, *map(str, first["loc"])])
        message = first["msg"].removeprefix("Value error, ")
        raise GoalError(f"{place}: {message}: see docs/guides/data-strategy.md") from None


def needs_rows(folder: Path | None = None) -> Iterator[dict[str, object]]:
    """Rows of the seed `strategy_needs`: one a goal and attribute.

    Args:
        folder: where the yml files of exposures are, if not where dbt has them.

    Raises:
        GoalError: as `read_goals`.
    """
    for exposure, goal in read_goals(folder):
        target, audience, purpose = goal.target, goal.audience, goal.purpose
        for attribute, need in goal.needs.items():
            yield {
                "goal": exposure["name"],
                "label": exposure.get("label", exposure["name"]),
                "kind": goal.kind,
                "owner": exposure["owner"].get("name") or exposure["owner"]["email"],
                "measure": target.measure,
                "target_column": target.column,
                "target_by": target.by,
                "target_value": target.value,
                "audience": audience.who,
                "audience_column": audience.column,
                "audience_at_least": audience.at_least,
                "audience_values": ", ".join(audience.values or ()),
                "purpose": purpose.name,
                "channel": purpose.channel,
                "basis": purpose.basis,
                "attribute": attribute,
                "needed_coverage": need.coverage,
                "needed_days": None if need.days == "any" else need.days,
                "fact": need.fact,
            }


def offers_rows() -> Iterator[dict[str, object]]:
    """Rows of the seed `strategy_offers`: what the conformed models of each source fill.

    An attribute that cleaning works out, such as a region's code, has no column of its own there;
    it comes from those beside it in the seed `survivorship`.
    """
    groups = attributes_of_a_person()
    for source in SOURCES:
        filled = _filled_columns(CONFORMED / f"int_{source}__person_records.sql")
        given_groups = {groups[column] for column in filled & groups.keys()}
        for attribute, group in groups.items():
            has_column = attribute in _all_columns()
            if attribute in filled if has_column else group in given_groups:
                yield {"source": source, "attribute": attribute}
        for fact in sorted(facts()):
            if (CONFORMED / f"int_{source}__{fact}.sql").exists():
                yield {"source": source, "fact": fact}


def attributes_of_a_person() -> dict[str, str]:
    """Attributes that survive of a person, with the group each is of."""
    with SURVIVORSHIP.open(encoding="utf-8") as file:
        return {
            row["attribute"]: row["attribute_group"]
            for row in csv.DictReader(file)
            if row["entity"] == "person"
        }


def bases_by_purpose() -> dict[str, set[str]]:
    """What permits each purpose that is on record, by the seed `processing_purposes`."""
    bases: dict[str, set[str]] = {}
    with PURPOSES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            bases.setdefault(row["purpose"], set()).add(row["legal_basis"])
    return bases


def columns_of_360() -> set[str]:
    """Columns of `customer_360`, as its contract declares them."""
    (model,) = yaml.safe_load(CUSTOMER_360.read_text("utf-8"))["models"]
    return {column["name"] for column in model["columns"]}


def facts() -> set[str]:
    """Facts that a customer has and sources deliver, as in `fct_<fact>`."""
    unions = (CONFORMED / "unioned").glob("int_*__unioned.sql")
    named = {file.stem.removeprefix("int_").removesuffix("__unioned") for file in unions}
    return {
        fact
        for fact in named - NO_FACTS - {"order_lines"}
        if (DBT / "models" / "marts" / "core" / f"fct_{fact}.yml").exists()
    }


def _all_columns() -> set[str]:
    """Columns that every source's person records have, filled or not."""
    file = CONFORMED / "unioned" / "int_person_records__unioned.yml"
    (model,) = yaml.safe_load(file.read_text("utf-8"))["models"]
    return {column["name"] for column in model["columns"]}


def _filled_columns(file: Path) -> set[str]:
    """Columns of a conformed model that are not null throughout, as its SQL has it."""
    if not file.exists():
        return set()
    empty = re.findall(r"cast\(null as \w+\) as (\w+)", file.read_text("utf-8"))
    return _all_columns() - set(empty)
