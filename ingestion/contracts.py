"""Raw contracts: what a source promises to send, declared once as pydantic models.

A model says, for one raw table: its columns and their types, its key, and which fields are
personal data. From it come the column hints dlt creates the table with, the validation every
record passes before dlt sees it, and the `sources` yml that dbt reads.
"""

from __future__ import annotations

import datetime
import decimal
import types
import typing
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, Literal, TypedDict

import pydantic
from dlt.common.schema.typing import TColumnSchema, TTableSchemaColumns

PiiClass = Literal[
    "direct_identifier", "contact", "location", "financial", "behavioural", "special", "none"
]

_DATA_TYPES: dict[type, str] = {
    str: "text",
    bool: "bool",
    int: "bigint",
    float: "double",
    decimal.Decimal: "decimal",
    datetime.datetime: "timestamp",
    datetime.date: "date",
}


@dataclass(frozen=True)
class Pii:
    """Marks a field as personal data: `email: Annotated[str | None, Pii("contact")] = None`."""

    kind: PiiClass


@dataclass(frozen=True)
class RawTable:
    """Where a contract's records land and how they are merged.

    Args:
        name: table in the schema `raw_<source>`.
        key: fields that identify a record. Empty for tables replaced whole.
        version: field by which the latest of two deliveries of one record is chosen.
        write: `merge` on the key, `append`, or `replace` the whole table at each load.
    """

    name: str
    key: tuple[str, ...] = ("id",)
    version: str | None = None
    write: Literal["merge", "append", "replace"] = "merge"


class RawRecord(pydantic.BaseModel):
    """Base of every raw contract. Fields the contract does not know are kept as they come."""

    model_config = pydantic.ConfigDict(extra="allow")
    raw: ClassVar[RawTable]


def contracts(source: str) -> dict[str, type[RawRecord]]:
    """The contracts of a source by table name, in the order of its `schema.TABLES`."""
    tables = import_module(f"ingestion.sources.{source}.schema").TABLES
    return {model.raw.name: model for model in tables}


def columns(model: type[RawRecord]) -> TTableSchemaColumns:
    """Dlt column hints of a contract: type, nullability, key, PII class and description."""
    hints: TTableSchemaColumns = {}
    for field, info in model.model_fields.items():
        data_type = _data_type(info.annotation)
        hint: dict[str, Any] = {
            "name": field,
            "data_type": data_type,
            "nullable": field not in model.raw.key,
            "x-annotation-pii": pii_class(info),
        }
        if info.description:
            hint["description"] = info.description
        if data_type == "timestamp":
            # Naive, in UTC: one meaning of time everywhere, whatever the session's zone.
            hint["timezone"] = False
        if data_type == "decimal":
            hint |= {"precision": 18, "scale": 4}
        if field in model.raw.key and model.raw.write == "merge":
            hint["primary_key"] = True
        if field == model.raw.version:
            hint["dedup_sort"] = "desc"
        hints[field] = typing.cast(TColumnSchema, hint)
    return hints


class ResourceHints(TypedDict):
    """What a dlt resource is told of its table."""

    name: str
    columns: TTableSchemaColumns
    write_disposition: Any
    primary_key: list[str]


def resource_hints(model: type[RawRecord]) -> ResourceHints:
    """Arguments for `dlt.resource` (or a `rest_api` resource) that lands this contract.

    `delete-insert` on flat tables is safe to interrupt and, unlike `upsert`, keeps one row a key
    when one load delivers a record twice: the latest by the contract's `version`.
    """
    write: Any = model.raw.write
    if write == "merge":
        write = {"disposition": "merge", "strategy": "delete-insert"}
    return ResourceHints(
        name=model.raw.name,
        columns=columns(model),
        write_disposition=write,
        primary_key=list(model.raw.key) if model.raw.write == "merge" else [],
    )


def pii_class(info: pydantic.fields.FieldInfo) -> PiiClass:
    """PII class of a field: its `Pii(...)` mark, or `none`."""
    return next((mark.kind for mark in info.metadata if isinstance(mark, Pii)), "none")


def _data_type(annotation: Any) -> str:
    """Dlt data type of a field's annotation; whatever is not a scalar lands as JSON."""
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        kinds = {_data_type(arm) for arm in typing.get_args(annotation) if arm is not type(None)}
        return kinds.pop() if len(kinds) == 1 else "json"
    if typing.get_origin(annotation) is Literal:
        return "text"
    return _DATA_TYPES.get(annotation, "json")
