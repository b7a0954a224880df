"""Raw contracts of dropped files: every dataset lands in these two tables, whatever its shape."""

from __future__ import annotations

import datetime
import decimal
from typing import Annotated, Any

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable

_RECORD_ID = "'<dataset>:<key>', the parts of a key of several columns joined by '|'."
_FILE_VERSION = "Modification time and name of the file: of two deliveries, the greater holds."
_LINE = "Line in the file, from 1 (row of a sheet; position in a JSON array or Parquet file)."


class Customer(RawRecord):
    """A person or an organization, as a row of a file describes it."""

    raw = RawTable(
        name="customers",
        key=("record_id",),
        version="file_version",
        provenance=("file", "line", "file_version"),
        person=("record_id",),
    )

    record_id: Annotated[str, Pii("direct_identifier")] = Field(description=_RECORD_ID)
    dataset: str = Field(description="Name of the dataset in the files mapping.")
    record_type: str | None = Field(default=None, description="person or organization.")
    full_name: Annotated[str | None, Pii("direct_identifier")] = None
    given_name: Annotated[str | None, Pii("direct_identifier")] = None
    middle_name: Annotated[str | None, Pii("direct_identifier")] = None
    family_name: Annotated[str | None, Pii("direct_identifier")] = None
    name_suffix: Annotated[str | None, Pii("direct_identifier")] = None
    birth_date: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="ISO date where the mapping gives its format, else as written."
    )
    gender: Annotated[str | None, Pii("special")] = None
    email: Annotated[str | None, Pii("contact")] = None
    phone: Annotated[str | None, Pii("contact")] = None
    street_address: Annotated[str | None, Pii("location")] = None
    unit: Annotated[str | None, Pii("location")] = None
    city: Annotated[str | None, Pii("location")] = None
    region: Annotated[str | None, Pii("location")] = None
    postcode: Annotated[str | None, Pii("location")] = None
    country: Annotated[str | None, Pii("location")] = None
    company_name: str | None = None
    job_title: Annotated[str | None, Pii("direct_identifier")] = None
    time_zone: Annotated[str | None, Pii("location")] = None
    user_id: Annotated[str | None, Pii("direct_identifier")] = None
    identifiers: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Value of each mapped identifier by its type."
    )
    traits: Annotated[dict[str, Any] | None, Pii("special")] = Field(
        default=None, description="Columns of the file that have no canonical place, by name."
    )
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    file: str | None = Field(default=None, description="File the record was read from.")
    line: int | None = Field(default=None, description=_LINE)
    file_version: str | None = Field(default=None, description=_FILE_VERSION)


class Order(RawRecord):
    """A row of a file of orders: an order, or one line of it."""

    raw = RawTable(
        name="orders",
        key=("record_id",),
        version="file_version",
        provenance=("file", "line", "file_version"),
        person=("customer_record_id", "dataset || ':order:' || order_id"),
    )

    record_id: str = Field(description=_RECORD_ID)
    dataset: str = Field(description="Name of the dataset in the files mapping.")
    order_id: str | None = Field(default=None, description="Several lines may share one.")
    customer_record_id: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="record_id of the customer, with its dataset."
    )
    email: Annotated[str | None, Pii("contact")] = None
    phone: Annotated[str | None, Pii("contact")] = None
    ordered_at: datetime.datetime | None = None
    time_zone: Annotated[str | None, Pii("location")] = Field(
        default=None,
        description="Zone the time was told in: the offset written beside it, or the mapping's.",
    )
    status: str | None = None
    currency: str | None = None
    amount: Annotated[decimal.Decimal | None, Pii("financial")] = Field(
        default=None, description="Amount of the line in major units."
    )
    quantity: decimal.Decimal | None = None
    product_id: str | None = None
    product_name: str | None = None
    traits: Annotated[dict[str, Any] | None, Pii("special")] = Field(
        default=None, description="Columns of the file that have no canonical place, by name."
    )
    file: str | None = Field(default=None, description="File the record was read from.")
    line: int | None = Field(default=None, description=_LINE)
    file_version: str | None = Field(default=None, description=_FILE_VERSION)


TABLES = (Customer, Order)
