"""Events are held against the tracking plan: what is not as planned waits, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from ingestion import settings, tracking_plan
from ingestion.pipeline import SourceError, load
from ingestion.tracking_plan import TrackingPlan
from scripts import contracts
from scripts.cli import app

PLAN: dict[str, Any] = {
    "events": [
        {
            "event": "Product Viewed",
            "version": 1,
            "owner": "product",
            "description": "A product is looked at.",
            "properties": {
                "product_id": {"type": "string", "required": True, "description": "Its id."},
                "price": {"type": "number", "description": "Its price."},
                "size": {"type": "string", "values": ["S", "L"], "description": "Its size."},
            },
        },
        {
            "call": "identify",
            "version": 1,
            "owner": "product",
            "description": "Somebody logs in.",
            "properties": {"email": {"type": "string", "required": True, "description": "Theirs."}},
        },
    ]
}


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes the plan that loads go by."""
    file = tmp_path / "plan.yml"
    monkeypatch.setenv("CDI_TRACKING_PLAN", str(file))

    def write(changed: dict[str, Any] | str = PLAN) -> None:
        file.write_text(changed if isinstance(changed, str) else yaml.safe_dump(changed))

    write()
    return write


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "events"
    folder.mkdir()
    monkeypatch.setenv("SOURCES__SEGMENT_EVENTS__BUCKET_URL", str(folder))
    return folder


def send(bucket: Path, *properties: dict[str, Any] | None, **fields: Any) -> None:
    """A file of one call for each set of properties, numbered from 0."""
    lines = [
        {
            "messageId": f"m{number}",
            "type": "track",
            "event": "Product Viewed",
            "timestamp": "2025-03-01T09:00:00Z",
            "properties": said,
            **fields,
        }
        for number, said in enumerate(properties)
    ]
    (bucket / "calls.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def test_calls_that_are_not_as_planned_wait_with_their_reason(bucket, plan, loaded, query) -> None:
    send(
        bucket,
        {"product_id": "p", "price": 4, "size": "S", "more": {"a": 1}},
        {"product_id": "p", "price": 4.5},
        {"product_id": None},
        None,
        {"product_id": 7},
        {"product_id": "p", "price": "secret@example.com"},
        {"product_id": "p", "size": "XXL"},
        {"product_id": "p", "size": None, "price": None},
    )
    result = loaded("segment_events")
    assert result.rows == {"events": 3}
    assert query("select message_id from raw_segment_events.events order by 1") == [
        ("m0",),
        ("m1",),
        ("m7",),
    ]
    rows = query("select line, rule, detail from raw_segment_events.quarantine order by 1")
    assert rows == [
        (3, "missing_property", "product_id of Product Viewed"),
        (4, "missing_property", "product_id of Product Viewed"),
        (5, "invalid_property", "product_id of Product Viewed is no string"),
        (6, "invalid_property", "price of Product Viewed is no number"),
        (7, "value_not_permitted", "size of Product Viewed"),
    ]
    (counts,) = result.counts
    assert counts["records_received"] == 8
    assert counts["records_loaded"] + counts["records_quarantined"] == 8


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", ["", "a", "1"], [1, True, [], {}]),
        ("number", [0, -1, 1.5, 2**40], ["1", True, []]),
        ("integer", [0, -1, 2**40], [1.5, "1", False]),
        ("boolean", [True, False], ["true", 0]),
        ("array", [[], [1]], ["[]", {}]),
        ("object", [{}, {"a": 1}], [[], "{}"]),
        (
            "timestamp",
            ["2025-03-01T09:00:00Z", "2025-03-01", "2025-03-01T09:00:00.5+02:00"],
            ["yesterday", "01/03/2025", "2025-13-01", 1740819600, "infinity"],
        ),
    ],
)
def test_each_type_is_what_json_has(bucket, plan, loaded, query, kind, good, bad) -> None:
    changed = json.loads(json.dumps(PLAN))
    changed["events"][0]["properties"] = {"it": {"type": kind, "description": "It."}}
    plan(changed)
    send(bucket, *({"it": value} for value in (*good, None, *bad)))
    loaded("segment_events")
    loaded_ids = query("select message_id from raw_segment_events.events")
    assert {name for (name,) in loaded_ids} == {f"m{i}" for i in range(len(good) + 1)}
    assert query("select count(*) from raw_segment_events.quarantine") == [(len(bad),)]


def test_what_waited_is_replayed_once_the_plan_is_mended(bucket, plan, loaded, query) -> None:
    send(bucket, {"product_id": "p", "size": "M"}, {"product_id": "p", "price": "4"})
    loaded("segment_events")
    changed = json.loads(json.dumps(PLAN))
    changed["events"][0]["properties"]["size"]["values"].append("M")
    plan(changed)
    replayed = CliRunner().invoke(app, ["quarantine", "replay", "segment_events"])
    assert replayed.exit_code == 1
    assert "1 of 2 replayed" in replayed.output
    assert query("select message_id from raw_segment_events.events") == [("m0",)]
    assert query("select rule, status from raw_segment_events.quarantine order by 1") == [
        ("invalid_property", "waiting"),
        ("value_not_permitted", "replayed"),
    ]


def test_traits_of_other_calls_are_planned_too(bucket, plan, loaded, query) -> None:
    send(bucket, None, type="identify", event=None, traits={"email": "a@example.com"})
    assert loaded("segment_events").rows == {"events": 1}
    send(bucket, None, type="identify", event=None, traits={"name": "Ann"}, messageId="other")
    assert loaded("segment_events").rows == {}
    assert query("select rule, detail from raw_segment_events.quarantine") == [
        ("missing_property", "email of the call identify")
    ]


def test_actions_outside_the_plan_are_kept_or_set_aside_as_it_says(
    bucket, plan, loaded, query
) -> None:
    send(bucket, {}, event="Moon Landed")
    assert loaded("segment_events").rows == {"events": 1}
    plan({**PLAN, "unplanned": "quarantine"})
    send(bucket, {}, event="Mars Landed", messageId="mars")
    assert loaded("segment_events").rows == {}
    assert query("select rule, detail from raw_segment_events.quarantine") == [
        ("unplanned_event", "the event is not in the tracking plan")
    ]
    # A page has no event: it is not an action, and no plan leaves it out.
    send(bucket, {}, type="page", event=None, messageId="page")
    assert loaded("segment_events").rows == {"events": 1}


def test_names_with_signs_of_sql_are_only_names(bucket, plan, loaded, query) -> None:
    changed = json.loads(json.dumps(PLAN))
    event = changed["events"][0]
    event["event"] = "Drop; table $.x --"
    event["properties"] = {"a.b $": {"type": "number", "required": True, "description": "It."}}
    plan(changed)
    send(bucket, {"a.b $": 1}, {"a": {"b $": 1}}, event=event["event"])
    assert loaded("segment_events").rows == {"events": 1}
    assert query("select detail from raw_segment_events.quarantine") == [
        ("a.b $ of Drop; table $.x --",)
    ]


def planned(**changes: Any) -> dict[str, Any]:
    return {"events": [{**PLAN["events"][0], **changes}]}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("events: [", "is no YAML"),
        ({}, "events: Field required"),
        (planned(version=0), "events.0.version: Input should be greater than 0"),
        (planned(owner=None), "events.0.owner: Input should be a valid string"),
        (planned(event="a'b"), "events.0.event: String should match pattern"),
        (planned(event=None), "has a name"),
        (planned(call="page"), "has a name"),
        (planned(kind="x"), "events.0.kind: Extra inputs are not permitted"),
        ({"events": PLAN["events"] * 2}, "listed twice: Product Viewed, identify"),
        (
            planned(properties={"a": {"type": "text", "description": "It."}}),
            "events.0.properties.a.type: Input should be 'string', 'number'",
        ),
        (
            planned(properties={"a": {"type": "number", "values": ["1"], "description": "It."}}),
            "values are for a property of the type string",
        ),
    ],
)
def test_a_wrong_plan_stops_the_load_and_says_where(bucket, plan, wrong, told) -> None:
    plan(wrong)
    send(bucket, {})
    assert told in str(load("segment_events").error)


def test_the_seed_is_of_the_plan_that_loads_go_by(plan) -> None:
    plan(planned(event="Moon Landed"))
    file, text = contracts.planned_events()
    assert file.name == "tracking_plan.csv"
    assert {row["event_name"] for row in csv.DictReader(io.StringIO(text))} == {"Moon Landed"}


def test_a_plan_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no tracking plan"):
        tracking_plan.read(tmp_path / "none.yml")


def test_the_plan_of_the_project_reads() -> None:
    plan = tracking_plan.read(settings.PROJECT / "ingestion" / "tracking_plan.yml")
    assert isinstance(plan, TrackingPlan)
    assert len(plan.events) == 8
