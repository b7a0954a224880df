"""From a pydantic contract to the columns dlt creates."""

from __future__ import annotations

import datetime
import decimal
from typing import Annotated, Any, Literal

import pydantic
import pytest

from ingestion.contracts import Pii, RawRecord, RawTable, columns, contracts, resource_hints
from ingestion.sources import SOURCES


class Purchase(RawRecord):
    """One purchase."""

    raw = RawTable(name="purchases", key=("shop", "number"), version="changed_at")

    shop: str
    number: int
    buyer: Annotated[str | None, Pii("contact")] = pydantic.Field(default=None, description="Who.")
    total: decimal.Decimal | None = None
    weight: float | None = None
    paid: bool | None = None
    kind: Literal["web", "till"] | None = None
    mixed: int | str | None = None
    lines: list[dict[str, Any]] | None = None
    day: datetime.date | None = None
    changed_at: datetime.datetime | None = None


def test_types_follow_the_annotations() -> None:
    types = {name: hint["data_type"] for name, hint in columns(Purchase).items()}
    assert types == {
        "shop": "text",
        "number": "bigint",
        "buyer": "text",
        "total": "decimal",
        "weight": "double",
        "paid": "bool",
        "kind": "text",
        "mixed": "json",
        "lines": "json",
        "day": "date",
        "changed_at": "timestamp",
    }


def test_key_columns_identify_and_are_never_null() -> None:
    hints = columns(Purchase)
    keys = {name for name, hint in hints.items() if hint.get("primary_key")}
    assert keys == {"shop", "number"}
    assert {name for name, hint in hints.items() if not hint["nullable"]} == keys


def test_times_are_naive_utc() -> None:
    assert columns(Purchase)["changed_at"]["timezone"] is False


def test_pii_class_and_description_travel_with_the_column() -> None:
    hint = dict(columns(Purchase)["buyer"])
    assert hint["x-annotation-pii"] == "contact"
    assert hint["description"] == "Who."
    assert dict(columns(Purchase)["shop"])["x-annotation-pii"] == "none"


def test_tables_that_are_not_merged_have_no_key() -> None:
    class Snapshot(RawRecord):
        raw = RawTable(name="snapshots", write="replace")
        id: str

    hints = resource_hints(Snapshot)
    assert hints["write_disposition"] == "replace"
    assert hints["primary_key"] == []
    assert not columns(Snapshot)["id"].get("primary_key")


@pytest.mark.parametrize("source", SOURCES)
def test_every_table_of_a_source_has_a_sound_contract(source: str) -> None:
    models = contracts(source)
    assert models
    for name, model in models.items():
        assert model.raw.name == name
        assert model.__doc__
        assert set(model.raw.key) <= set(model.model_fields), name
        assert model.raw.version is None or model.raw.version in model.model_fields, name
        assert "quarantine" not in models, "the name is taken"
