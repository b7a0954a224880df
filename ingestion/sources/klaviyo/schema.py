"""Raw contracts of Klaviyo: JSON:API resources, with the moment they are followed by on top."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ingestion.contracts import Pii, RawRecord, RawTable


class Attributes(BaseModel):
    """Part of a resource that models read. Attributes it does not know are kept as they come."""

    model_config = ConfigDict(extra="allow")


class ProfileAttributes(Attributes):
    """What is known of a person."""

    email: str | None = None
    phone_number: str | None = None
    external_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    organization: str | None = None
    title: str | None = None
    locale: str | None = None
    location: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None
    subscriptions: dict[str, Any] | None = None
    last_event_date: dt.datetime | None = None
    created: dt.datetime | None = None
    updated: dt.datetime | None = None


class Profile(RawRecord):
    """A person who can be written to, with what they subscribed to."""

    raw = RawTable(name="profiles", version="updated", person=("id",))

    id: Annotated[str, Pii("direct_identifier")]
    type: str | None = None
    attributes: Annotated[ProfileAttributes | None, Pii("special")] = Field(
        default=None, description="Name, addresses, custom properties and subscriptions."
    )
    relationships: dict[str, Any] | None = None
    links: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    updated: dt.datetime | None = Field(
        default=None, description="The attribute of this name, on top to be compared."
    )


class MetricAttributes(Attributes):
    """What a kind of event is called, and where it comes from."""

    name: str | None = None
    integration: dict[str, Any] | None = None
    created: dt.datetime | None = None
    updated: dt.datetime | None = None


class Metric(RawRecord):
    """A kind of event, such as `Opened Email`."""

    raw = RawTable(name="metrics", version="updated")

    id: str
    type: str | None = None
    attributes: MetricAttributes | None = None
    relationships: dict[str, Any] | None = None
    links: dict[str, Any] | None = None
    updated: dt.datetime | None = Field(
        default=None, description="The attribute of this name, on top to be compared."
    )


class EventAttributes(Attributes):
    """What happened, and when."""

    timestamp: int | None = None
    datetime: dt.datetime | None = None
    uuid: str | None = None
    event_properties: dict[str, Any] | None = None


class Event(RawRecord):
    """Something a profile did: an e-mail opened, a link clicked, an order placed."""

    raw = RawTable(
        name="events", version="datetime", person=("relationships ->> '$.profile.data.id'",)
    )

    id: str
    type: str | None = None
    attributes: Annotated[EventAttributes | None, Pii("behavioural")] = Field(
        default=None, description="Moment and properties of the event."
    )
    relationships: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Its profile and its metric."
    )
    links: dict[str, Any] | None = None
    datetime: dt.datetime | None = Field(
        default=None, description="The attribute of this name, on top to be compared."
    )


class CampaignAttributes(Attributes):
    """What was planned to be sent, and when."""

    name: str | None = None
    status: str | None = None
    archived: bool | None = None
    audiences: dict[str, Any] | None = None
    send_strategy: dict[str, Any] | None = None
    created_at: dt.datetime | None = None
    scheduled_at: dt.datetime | None = None
    send_time: dt.datetime | None = None
    updated_at: dt.datetime | None = None


class Campaign(RawRecord):
    """An e-mail campaign."""

    raw = RawTable(name="campaigns", version="updated_at")

    id: str
    type: str | None = None
    attributes: CampaignAttributes | None = None
    relationships: dict[str, Any] | None = Field(
        default=None, description="Its messages, which events refer to, and its tags."
    )
    links: dict[str, Any] | None = None
    updated_at: dt.datetime | None = Field(
        default=None, description="The attribute of this name, on top to be compared."
    )


TABLES = (Profile, Metric, Event, Campaign)
