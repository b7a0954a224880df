"""Raw contracts: what a source promises to send, declared once as pydantic models.

A model says, for one raw table: its columns and their types, its key, and which fields are
personal data. From it come the column hints dlt creates the table with, the validation every
record passes before dlt sees it, and the `sources` yml that dbt reads.
"""

from __future__ import annotations

import datetime
import decimal
import hashlib
import json
import types
import typing
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, Literal, TypedDict

import pydantic
from dlt.common.normalizers.naming.snake_case import NamingConvention
from dlt.common.schema.typing import TColumnSchema, TTableSchemaColumns

PiiClass = Literal[
    "direct_identifier", "contact", "location", "financial", "behavioural", "special", "none"
]

naming = NamingConvention()
"""How dlt spells the names of fields as those of columns."""

_DATA_TYPES: dict[type, str] = {
    str: "text",
    bool: "bool",
    int: "bigint",
    float: "double",
    decimal.Decimal: "decimal",
    datetime.datetime: "timestamp",
    datetime.date: "date",
}


SQL_TYPES: dict[str | None, str] = {
    "text": "varchar",
    "bool": "boolean",
    "bigint": "bigint",
    "double": "double",
    "decimal": "decimal(18,4)",
    "timestamp": "timestamp",
    "date": "date",
    "json": "json",
}
"""Types of raw columns by dlt's names for them."""


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
        version: field by which the latest of two deliveries of one record is chosen; a delivery
            older than what is held changes nothing.
        precedence: field that decides first between two deliveries in one load: the greater holds.
        write: `merge` on the key, or `replace` the whole table at each load.
        provenance: fields that tell where a record was read rather than what it says. Two
            deliveries that differ in nothing else are the same.
        person: SQL over the raw columns, each the id of the person record that a row is of, as
            conformed models call it, or null.
        device: SQL that gives the id of the device or browser of an unknown visitor.
        parent: column, and the table of the record it names: a row is of whoever that record is.
        mentions: columns with JSON lists that name people whom the row is not of.
    """

    name: str
    key: tuple[str, ...] = ("id",)
    version: str | None = None
    precedence: str | None = None
    write: Literal["merge", "replace"] = "merge"
    provenance: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    device: str | None = None
    parent: tuple[str, str] | None = None
    mentions: tuple[str, ...] = ()


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
        hints[field] = typing.cast(TColumnSchema, hint)
    return hints


def column_names(model: type[RawRecord]) -> set[str]:
    """The contract's columns as the raw table calls them."""
    return {naming.normalize_identifier(field) for field in model.model_fields}


class ResourceHints(TypedDict):
    """What a dlt resource is told of its table."""

    name: str
    columns: TTableSchemaColumns
    write_disposition: Any
    primary_key: list[str]


def resource_hints(model: type[RawRecord]) -> ResourceHints:
    """Arguments for `dlt.resource` (or a `rest_api` resource) that lands this contract."""
    return ResourceHints(
        name=model.raw.name,
        columns=columns(model),
        write_disposition=model.raw.write,
        primary_key=list(model.raw.key) if model.raw.write == "merge" else [],
    )


def contract_version(model: type[RawRecord]) -> str:
    """Changes whenever the columns, types or key of a contract do."""
    promised = {
        name: [hint["data_type"], hint["nullable"]] for name, hint in columns(model).items()
    }
    return hashlib.sha256(json.dumps(promised, sort_keys=True).encode()).hexdigest()[:12]


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
