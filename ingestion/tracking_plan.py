"""The tracking plan: which events the trackers are to send, and what each has to say.

Written in `ingestion/tracking_plan.yml` (`CDI_TRACKING_PLAN` names another). A call that is not as
planned breaks its contract like any other record: it goes to quarantine, with the rule and the
property, and can be replayed once the plan or the tracker is mended.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import pydantic
import yaml

from ingestion import settings
from ingestion.contracts import PiiClass
from ingestion.pipeline import SourceError
from ingestion.sql import literal

PropertyType = Literal["string", "number", "integer", "boolean", "timestamp", "array", "object"]
Call = Literal["track", "page", "screen", "identify", "group"]
# No quotes: a name is a part of paths and of SQL.
Name = Annotated[str, pydantic.StringConstraints(pattern=r"^[^\"'\\\n:]+$")]

_JSON_TYPES: dict[PropertyType, tuple[str, ...]] = {
    "string": ("VARCHAR",),
    "number": ("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"),
    "integer": ("BIGINT", "UBIGINT", "HUGEINT"),
    "boolean": ("BOOLEAN",),
    "timestamp": ("VARCHAR",),
    "array": ("ARRAY",),
    "object": ("OBJECT",),
}


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")


class Property(_Strict):
    """A property of an event, or a trait of a call that says who somebody is.

    Args:
        type: what JSON has to hold; a timestamp is a text in ISO 8601.
        required: whether every call has it.
        values: the only texts it may be.
        pii: class of personal data.
        description: what it says.
    """

    type: PropertyType
    required: bool = False
    values: list[str] | None = None
    pii: PiiClass = "none"
    description: str

    @pydantic.model_validator(mode="after")
    def _only_texts_are_listed(self) -> Property:
        if self.values and self.type != "string":
            raise ValueError("values are for a property of the type string")
        return self


class PlannedEvent(_Strict):
    """An event of the plan.

    Args:
        event: name of the action; of other calls than `track` none: the plan is for all of them.
        call: kind of call.
        version: raised by whoever changes what is asked of it.
        owner: who answers for it.
        description: when it is sent.
        properties: what it says, by name.
    """

    event: Name | None = None
    call: Call = "track"
    version: pydantic.PositiveInt
    owner: str
    description: str
    properties: dict[Name, Property] = {}

    @pydantic.model_validator(mode="after")
    def _actions_have_names(self) -> PlannedEvent:
        if (self.event is None) == (self.call == "track"):
            raise ValueError("an event of the call track has a name, those of other calls none")
        return self

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.event or f"the call {self.call}"


class TrackingPlan(_Strict):
    """All events there are to be.

    Args:
        unplanned: what becomes of actions it does not list: kept and counted, or set aside.
        events: what it lists.
    """

    unplanned: Literal["keep", "quarantine"] = "keep"
    events: list[PlannedEvent]

    @pydantic.model_validator(mode="after")
    def _each_is_listed_once(self) -> TrackingPlan:
        names = [(event.call, event.event) for event in self.events]
        twice = dict.fromkeys(name for name in names if names.count(name) > 1)
        if twice:
            raise ValueError(
                f"listed twice: {', '.join(str(name or call) for call, name in twice)}"
            )
        return self


def read(file: Path | None = None) -> TrackingPlan:
    """The tracking plan.

    Args:
        file: read instead of the one the settings name.

    Raises:
        SourceError: naming what is wrong with the plan, and where.
    """
    file = file or settings.tracking_plan()
    try:
        return TrackingPlan.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError:
        raise SourceError(f"there is no tracking plan {file}; set CDI_TRACKING_PLAN") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise SourceError(f"{file.name} is no YAML: {reason}") from None
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the plan"
        raise SourceError(f"{file.name}: {place}: {first['msg']}") from None


def violation_sql(plan: TrackingPlan) -> str:
    """SQL that tells how a call is not as planned: `rule: detail`, or null where it is.

    Nothing of the call itself is in it. Reads the columns `type`, `event`, `properties`, `traits`.
    """
    actions = [event for event in plan.events if event.call == "track"]
    branches = [f"when {literal(event.name)} then {_broken(event)}" for event in actions]
    otherwise = "null"
    if plan.unplanned == "quarantine":
        otherwise = "'unplanned_event: the event is not in the tracking plan'"
    action = f'case "event" {" ".join(branches)} else {otherwise} end' if branches else otherwise
    calls = [
        f"when {literal(event.call)} then {_broken(event)}"
        for event in plan.events
        if event.call != "track"
    ]
    return f"case \"type\" when 'track' then {action} {' '.join(calls)} end"


def _broken(event: PlannedEvent) -> str:
    """SQL that tells the first property of a call of this event that is not as planned."""
    column = '"traits"' if event.call in ("identify", "group") else '"properties"'
    checks = []
    for name, planned in event.properties.items():
        path = literal(f"$.{json.dumps(name)}")
        kind = f"coalesce(json_type({column}, {path}), 'NULL')"
        text = f"json_extract_string({column}, {path})"
        kinds = ", ".join(literal(kind) for kind in (*_JSON_TYPES[planned.type], "NULL"))
        of = f"{name} of {event.name}"
        if planned.required:
            checks.append(f"when {kind} = 'NULL' then {literal(f'missing_property: {of}')}")
        wrong = literal(f"invalid_property: {of} is no {planned.type}")
        checks.append(f"when not list_contains([{kinds}], {kind}) then {wrong}")
        if planned.type == "timestamp":
            checks.append(
                f"when {text} is not null and (substr({text}, 5, 1) <> '-' or "
                f"try_cast({text} as timestamptz) is null) then {wrong}"
            )
        if planned.values:
            values = ", ".join(literal(value) for value in planned.values)
            checks.append(
                f"when {text} is not null and not list_contains([{values}], {text}) "
                f"then {literal(f'value_not_permitted: {of}')}"
            )
    return f"case {' '.join(checks)} end" if checks else "null"
