"""The grammar of `ingestion/files.yml`: which file columns become which canonical columns."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
import pydantic
import yaml

from ingestion.pipeline import SourceError

DATES = frozenset({"birth_date", "created_at", "updated_at", "ordered_at"})


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Value(_Strict):
    """Where one canonical column comes from.

    In the file it is written as `COLUMN`, `[COLUMN, COLUMN]`, `{value: constant}` or
    `{column: COLUMN, date_format: "%d/%m/%Y"}`.
    """

    column: tuple[str, ...] = pydantic.Field(default=(), description="Source columns, in order.")
    value: str | None = pydantic.Field(default=None, description="A constant, instead of columns.")
    date_format: tuple[str, ...] = pydantic.Field(default=(), description="Formats, in order.")
    dataset: str | None = pydantic.Field(
        default=None, description="For customer_record_id: the dataset the customer is in."
    )

    @pydantic.model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any) -> Any:
        if isinstance(given, Value):
            return given
        if not isinstance(given, dict):
            given = {"column": given}
        given = dict(given)
        for name in ("column", "date_format"):
            if name in given:
                given[name] = _texts(given[name])
        if isinstance(given.get("value"), int | float):
            given["value"] = _text(given["value"])
        if bool(given.get("column")) == ("value" in given):
            raise ValueError("give a source column, or {value: a constant}")
        return given

    @pydantic.field_validator("date_format")
    @classmethod
    def _known_formats(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for date_format in given:
            try:
                duckdb.execute("select try_strptime('', ?)", [date_format])
            except duckdb.Error:
                raise ValueError(f'"{date_format}" is not a date format') from None
        return given


class Identifiers(pydantic.RootModel[dict[str, Value]]):
    """Identifier type to where it comes from, such as `{passport: PASSPORT_NO}`."""

    @pydantic.field_validator("root")
    @classmethod
    def _plain_types(cls, given: dict[str, Value]) -> dict[str, Value]:
        for kind in given:
            if not kind.replace("_", "").isalnum() or kind != kind.lower():
                raise ValueError(f'identifier type "{kind}": use lowercase letters, digits and _')
        return given


class CustomerColumns(_Strict):
    """Canonical columns of a customer."""

    record_type: Value | None = None
    full_name: Value | None = None
    given_name: Value | None = None
    middle_name: Value | None = None
    family_name: Value | None = None
    name_suffix: Value | None = None
    birth_date: Value | None = None
    gender: Value | None = None
    email: Value | None = None
    phone: Value | None = None
    street_address: Value | None = None
    unit: Value | None = None
    city: Value | None = None
    region: Value | None = None
    postcode: Value | None = None
    country: Value | None = None
    company_name: Value | None = None
    job_title: Value | None = None
    time_zone: Value | None = None
    user_id: Value | None = None
    identifiers: Identifiers = Identifiers({})
    created_at: Value | None = None
    updated_at: Value | None = None


class OrderColumns(_Strict):
    """Canonical columns of an order, or of one line of it."""

    order_id: Value | None = None
    customer_record_id: Value | None = None
    email: Value | None = None
    phone: Value | None = None
    ordered_at: Value | None = None
    status: Value | None = None
    currency: Value | None = None
    amount: Value | None = None
    quantity: Value | None = None
    product_id: Value | None = None
    product_name: Value | None = None


class Format(_Strict):
    """How a file is written. Everything left out is detected."""

    type: Literal["csv", "excel", "json", "jsonl", "parquet"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | pydantic.PositiveInt | None = pydantic.Field(
        default=None, description="false: there is none; a number: the line the names are on."
    )
    sheet: str | None = pydantic.Field(default=None, description="Excel; the first by default.")

    @pydantic.field_validator("encoding")
    @classmethod
    def _known_encoding(cls, given: str | None) -> str | None:
        try:
            "".encode(given or "utf-8")
        except LookupError:
            raise ValueError(f'unknown encoding "{given}"') from None
        return given

    @pydantic.field_validator("delimiter", "quote")
    @classmethod
    def _one_character(cls, given: str | None) -> str | None:
        if given is not None and (len(given) != 1 or not given.isascii() or given in "\r\n"):
            raise ValueError('must be one ASCII character, such as ";" or "\\t"')
        return given


class _Dataset(_Strict):
    name: str = pydantic.Field(pattern=r"^[A-Za-z0-9_.-]+$")
    path: str = pydantic.Field(min_length=1)
    key: tuple[str, ...] = ()
    format: Format = Format()
    time_zone: str | None = pydantic.Field(
        default=None, description="Zone of times that are written without one; UTC by default."
    )
    traits: Literal["*"] | tuple[str, ...] = "*"

    @pydantic.field_validator("key", "traits", mode="before")
    @classmethod
    def _as_texts(cls, given: Any) -> Any:
        return given if given == "*" else _texts(given)

    @pydantic.field_validator("time_zone")
    @classmethod
    def _known_zone(cls, given: str | None) -> str | None:
        known = "select 1 from pg_timezone_names() where name = ?"
        if given is not None and not duckdb.execute(known, [given]).fetchone():
            raise ValueError(f'"{given}" is not a time zone such as Europe/Berlin')
        return given


class CustomersDataset(_Dataset):
    """Files whose rows are people or organizations."""

    entity: Literal["customers"] = "customers"
    columns: CustomerColumns = CustomerColumns()


class OrdersDataset(_Dataset):
    """Files whose rows are orders or order lines."""

    entity: Literal["orders"]
    columns: OrderColumns = OrderColumns()


Dataset = CustomersDataset | OrdersDataset


def _entity(given: Any) -> str:
    return given.get("entity", "customers") if isinstance(given, dict) else "customers"


class Mapping(_Strict):
    """The whole of `files.yml`."""

    datasets: tuple[
        Annotated[
            Annotated[CustomersDataset, pydantic.Tag("customers")]
            | Annotated[OrdersDataset, pydantic.Tag("orders")],
            pydantic.Discriminator(_entity),
        ],
        ...,
    ] = ()

    @pydantic.field_validator("datasets", mode="before")
    @classmethod
    def _none_is_empty(cls, given: Any) -> Any:
        return given or ()


def read_mapping(file: Path) -> Mapping:
    """Reads and checks a files mapping.

    Raises:
        SourceError: naming the file, the dataset, and everything that is wrong with it.
    """
    try:
        given = yaml.load(file.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        raise SourceError(f"{file.name}: not valid YAML: {' '.join(str(error).split())}") from None
    try:
        mapping = Mapping.model_validate(given or {})
    except pydantic.ValidationError as error:
        faults = [_explained(fault, given) for fault in error.errors(include_url=False)]
        raise SourceError("; ".join(f"{file.name}: {fault}" for fault in faults)) from None
    for fault in _inconsistencies(mapping):
        raise SourceError(f"{file.name}: {fault}")
    return mapping


def values(dataset: Dataset) -> dict[str, Value]:
    """The mapped canonical columns of a dataset, without its identifiers."""
    return {name: value for name, value in dataset.columns if isinstance(value, Value)}


def identifiers(dataset: Dataset) -> dict[str, Value]:
    """The mapped identifiers of a dataset by type."""
    return dataset.columns.identifiers.root if dataset.entity == "customers" else {}


def source_columns(dataset: Dataset) -> list[str]:
    """Every file column the dataset's mapping names, in the order of the mapping."""
    mapped = [*values(dataset).values(), *identifiers(dataset).values()]
    named = [*dataset.key, *(column for value in mapped for column in value.column)]
    if dataset.traits != "*":
        named += dataset.traits
    return list(dict.fromkeys(named))


def fingerprint(dataset: Dataset) -> str:
    """Changes whenever the dataset's mapping does."""
    return hashlib.sha256(dataset.model_dump_json().encode()).hexdigest()[:16]


def suggestion(name: str, known: list[str]) -> str:
    """` (did you mean x?)` where a known name is close, else nothing."""
    lowered = {candidate.lower(): candidate for candidate in reversed(known)}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return f" (did you mean {lowered[close[0]]}?)" if close else ""


class _Loader(yaml.SafeLoader):
    """Refuses a mapping key written twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = Counter(key.value for key, _ in node.value)
        for key, _ in node.value:
            if seen[key.value] > 1:
                problem = f'"{key.value}" is given twice'
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep)


def _texts(given: Any) -> list[str]:
    return [_text(item) for item in (given if isinstance(given, list | tuple) else [given])]


def _text(given: Any) -> str:
    """Text as written; a number is one too, but `no` has already become false."""
    if isinstance(given, bool):
        raise ValueError(f"YAML reads this as {str(given).lower()}: put it in quotes")
    if not isinstance(given, str | int | float) or given == "":
        raise ValueError("must be the name of a column")
    return str(given)


def _explained(fault: Any, given: Any) -> str:
    """One fault of the file in words: which dataset, which setting, what is wrong."""
    place = [part for part in fault["loc"] if part not in ("customers", "orders")]
    where = ""
    entity = "customers"
    if len(place) > 1 and place[0] == "datasets" and isinstance(place[1], int):
        dataset = given["datasets"][place[1]]
        name = dataset.get("name") if isinstance(dataset, dict) else None
        entity = _entity(dataset)
        where = f"dataset {name or place[1] + 1}: "
        place = place[2:]
    if fault["type"] == "extra_forbidden":
        unknown = str(place[-1])
        if place[0] == "columns" and len(place) == 2:
            known: type[_Strict] = OrderColumns if entity == "orders" else CustomerColumns
            return f'{where}unknown column "{unknown}"' + suggestion(
                unknown, list(known.model_fields)
            )
        nested: dict[str, type[_Strict]] = {"columns": Value, "format": Format}
        model = nested.get(str(place[0]), CustomersDataset) if len(place) > 1 else CustomersDataset
        settings = list(model.model_fields)
        return f'{where}unknown setting "{unknown}"' + suggestion(unknown, settings)
    message = fault["msg"].removeprefix("Value error, ")
    return where + (f"{'.'.join(str(part) for part in place)}: " if place else "") + message


def _inconsistencies(mapping: Mapping) -> list[str]:
    """What is wrong between the settings of a dataset, or between datasets."""
    faults = []
    customers = [dataset.name for dataset in mapping.datasets if dataset.entity == "customers"]
    names = Counter(dataset.name for dataset in mapping.datasets)
    faults += [f"dataset {name}: the name is used twice" for name in names if names[name] > 1]
    for dataset in mapping.datasets:
        for column, value in {**values(dataset), **identifiers(dataset)}.items():
            where = f"dataset {dataset.name}: {column}: "
            if value.date_format and column not in DATES:
                faults.append(f"{where}date_format applies to {', '.join(sorted(DATES))} only")
            if value.dataset and column != "customer_record_id":
                faults.append(f"{where}dataset applies to customer_record_id only")
            elif value.dataset and value.dataset not in customers:
                hint = suggestion(value.dataset, customers)
                faults.append(f'{where}there is no customers dataset "{value.dataset}"{hint}')
    return faults
