"""Raw contracts of the app's own database. Types are the contract's, whichever database it is."""

from __future__ import annotations

import datetime
import decimal
from typing import Annotated

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable


class User(RawRecord):
    """An account of the app."""

    raw = RawTable(name="users", version="updated_at", person=("id",))

    id: Annotated[str, Pii("direct_identifier")]
    email: Annotated[str | None, Pii("contact")] = None
    given_name: Annotated[str | None, Pii("direct_identifier")] = None
    family_name: Annotated[str | None, Pii("direct_identifier")] = None
    birth_date: Annotated[datetime.date | None, Pii("direct_identifier")] = None
    phone: Annotated[str | None, Pii("contact")] = None
    country: Annotated[str | None, Pii("location")] = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    deleted_at: datetime.datetime | None = Field(
        default=None, description="When the account was closed; its row stays."
    )


class Login(RawRecord):
    """One login of a user on a device. Written once, never changed."""

    raw = RawTable(name="logins", version="logged_in_at", person=("user_id",), device="device_id")

    id: str
    user_id: Annotated[str | None, Pii("direct_identifier")] = None
    device_id: Annotated[str | None, Pii("direct_identifier")] = None
    device_type: str | None = None
    user_agent: Annotated[str | None, Pii("behavioural")] = None
    ip: Annotated[str | None, Pii("location")] = None
    logged_in_at: datetime.datetime | None = None


class Consent(RawRecord):
    """What a user agreed to, or withdrew, at one moment."""

    raw = RawTable(name="consents", version="recorded_at", person=("user_id",))

    id: str
    user_id: Annotated[str | None, Pii("direct_identifier")] = None
    purpose: str | None = Field(default=None, description="What for: `marketing` or `analytics`.")
    channel: str | None = Field(
        default=None, description="By which channel: `email`, `sms`, `any`."
    )
    status: str | None = Field(default=None, description="`granted` or `withdrawn`.")
    evidence: Annotated[str | None, Pii("behavioural")] = Field(
        default=None, description="Where it was given, such as a form."
    )
    recorded_at: datetime.datetime | None = None


class Order(RawRecord):
    """What a user bought, if the app sells anything: one row an order, a rental or a payment."""

    raw = RawTable(name="orders", version="updated_at", person=("user_id",))

    id: str
    user_id: Annotated[str | None, Pii("direct_identifier")] = None
    status: str | None = None
    currency: str | None = None
    amount: Annotated[decimal.Decimal | None, Pii("financial")] = Field(
        default=None, description="Total in major units, after discounts."
    )
    refunded_amount: Annotated[decimal.Decimal | None, Pii("financial")] = Field(
        default=None, description="Part of the total given back."
    )
    ordered_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None


class UserKey(RawRecord):
    """A user the database has now. One missing here was deleted."""

    raw = RawTable(name="users_keys", key=("id",), write="replace", person=("id",))

    id: Annotated[str, Pii("direct_identifier")]


class ConsentKey(RawRecord):
    """A consent the database has now. One missing here was deleted."""

    raw = RawTable(name="consents_keys", key=("id",), write="replace", parent=("id", "consents"))

    id: str


TABLES = (User, Login, Consent, Order, UserKey, ConsentKey)
