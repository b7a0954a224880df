"""Raw contract of Segment calls: the fields all six kinds share, as the Segment spec names them."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable

CallType = Literal["identify", "track", "page", "screen", "group", "alias"]


class Event(RawRecord):
    """One call, as sent by a Segment library."""

    raw = RawTable(
        name="events",
        key=("messageId",),
        version="receivedAt",
        person=("user_id",),
        device="anonymous_id",
    )

    messageId: str = Field(description="Unique id of the call, given by the library.")
    type: CallType | None = Field(default=None, description="Kind of call.")
    event: str | None = Field(default=None, description="Name of the action, on track calls.")
    name: str | None = Field(default=None, description="Name of the page or screen.")
    userId: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="The customer's id in the app, once known."
    )
    anonymousId: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="Id of the browser or device."
    )
    groupId: str | None = Field(default=None, description="Id of the company, on group calls.")
    previousId: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="The id known before, on alias calls."
    )
    timestamp: datetime.datetime | None = Field(
        default=None, description="When it happened, corrected for the skew of the device's clock."
    )
    originalTimestamp: datetime.datetime | None = Field(
        default=None, description="When it happened by the device's clock."
    )
    sentAt: datetime.datetime | None = Field(
        default=None, description="When it was sent, by the device's clock."
    )
    receivedAt: datetime.datetime | None = Field(
        default=None, description="When Segment received it."
    )
    channel: str | None = Field(default=None, description="Where it was sent from.")
    version: str | None = Field(default=None, description="Version of the tracking API.")
    context: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="Surroundings: page, campaign, device, IP, traits."
    )
    properties: Annotated[dict[str, Any] | None, Pii("behavioural")] = Field(
        default=None, description="What the track, page or screen call says of the action."
    )
    traits: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="What identify and group calls say of the person or company."
    )
    integrations: dict[str, Any] | None = Field(
        default=None, description="Destinations switched on or off for the call."
    )
    extra: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="Fields of the call that the Segment spec does not name."
    )


TABLES = (Event,)
