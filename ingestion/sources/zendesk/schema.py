"""Raw contracts of Zendesk Support: its objects as the incremental exports send them."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable


class User(RawRecord):
    """A person known to support: end users are customers, agents and admins are staff."""

    raw = RawTable(name="users", version="updated_at", person=("cast(id as varchar)",))

    id: Annotated[int, Pii("direct_identifier")]
    url: Annotated[str | None, Pii("direct_identifier")] = None
    name: Annotated[str | None, Pii("direct_identifier")] = None
    alias: Annotated[str | None, Pii("direct_identifier")] = None
    email: Annotated[str | None, Pii("contact")] = Field(
        default=None, description="Primary address; the others are identities."
    )
    phone: Annotated[str | None, Pii("contact")] = None
    shared_phone_number: bool | None = Field(
        default=None, description="Whether other users have the same number."
    )
    photo: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    role: str | None = Field(default=None, description="`end-user`, `agent` or `admin`.")
    role_type: int | None = None
    custom_role_id: int | None = None
    organization_id: int | None = Field(default=None, description="Default organization.")
    default_group_id: int | None = None
    external_id: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="Id the account's own application knows the user by."
    )
    locale: str | None = None
    locale_id: int | None = None
    time_zone: Annotated[str | None, Pii("location")] = None
    iana_time_zone: Annotated[str | None, Pii("location")] = None
    tags: Annotated[list[str] | None, Pii("behavioural")] = None
    details: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Free text, such as an address."
    )
    notes: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Free text written by agents."
    )
    signature: Annotated[str | None, Pii("direct_identifier")] = None
    user_fields: Annotated[dict[str, Any] | None, Pii("special")] = Field(
        default=None, description="The account's custom fields by key."
    )
    active: bool | None = Field(default=None, description="False once the user is deleted.")
    permanently_deleted: bool | None = None
    suspended: bool | None = None
    verified: bool | None = None
    moderator: bool | None = None
    shared: bool | None = None
    shared_agent: bool | None = None
    chat_only: bool | None = None
    restricted_agent: bool | None = None
    only_private_comments: bool | None = None
    report_csv: bool | None = None
    ticket_restriction: str | None = None
    two_factor_auth_enabled: bool | None = None
    last_login_at: Annotated[datetime.datetime | None, Pii("behavioural")] = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None


class UserIdentity(RawRecord):
    """An address, number or account a user can be recognised by."""

    raw = RawTable(
        name="user_identities", version="updated_at", person=("cast(user_id as varchar)",)
    )

    id: int
    user_id: Annotated[int | None, Pii("direct_identifier")] = None
    url: Annotated[str | None, Pii("direct_identifier")] = None
    type: str | None = Field(default=None, description="`email`, `phone_number`, `google`, …")
    value: Annotated[str | None, Pii("contact")] = None
    primary: bool | None = None
    verified: bool | None = None
    deliverable_state: str | None = None
    undeliverable_count: int | None = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None


class Organization(RawRecord):
    """A company whose people ask for support."""

    raw = RawTable(name="organizations", version="updated_at")

    id: int
    url: str | None = None
    name: str | None = None
    domain_names: list[str] | None = Field(
        default=None, description="Users with an address at one of them are put into it."
    )
    external_id: str | None = None
    group_id: int | None = None
    details: str | None = Field(default=None, description="Free text, such as an address.")
    notes: str | None = None
    tags: list[str] | None = None
    organization_fields: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="The account's custom fields by key."
    )
    shared_tickets: bool | None = None
    shared_comments: bool | None = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    deleted_at: datetime.datetime | None = None


class Ticket(RawRecord):
    """A request for support."""

    raw = RawTable(
        name="tickets",
        version="generated_timestamp",
        person=("cast(requester_id as varchar)",),
        mentions=("collaborator_ids", "follower_ids", "email_cc_ids"),
    )

    id: int
    url: str | None = None
    external_id: str | None = None
    type: str | None = None
    subject: Annotated[str | None, Pii("special")] = None
    raw_subject: Annotated[str | None, Pii("special")] = None
    description: Annotated[str | None, Pii("special")] = Field(
        default=None, description="First comment of the ticket."
    )
    status: str | None = Field(
        default=None, description="`new`, `open`, `pending`, `hold`, `solved`, `closed`, `deleted`."
    )
    custom_status_id: int | None = None
    priority: str | None = None
    recipient: Annotated[str | None, Pii("contact")] = None
    requester_id: Annotated[int | None, Pii("direct_identifier")] = Field(
        default=None, description="User who asks."
    )
    submitter_id: Annotated[int | None, Pii("direct_identifier")] = Field(
        default=None, description="User who wrote it down."
    )
    assignee_id: Annotated[int | None, Pii("direct_identifier")] = None
    organization_id: int | None = None
    group_id: int | None = None
    brand_id: int | None = None
    ticket_form_id: int | None = None
    problem_id: int | None = None
    forum_topic_id: int | None = None
    collaborator_ids: Annotated[list[int] | None, Pii("direct_identifier")] = None
    follower_ids: Annotated[list[int] | None, Pii("direct_identifier")] = None
    email_cc_ids: Annotated[list[int] | None, Pii("direct_identifier")] = None
    followup_ids: list[int] | None = None
    sharing_agreement_ids: list[int] | None = None
    tags: list[str] | None = None
    custom_fields: Annotated[list[dict[str, Any]] | None, Pii("special")] = None
    fields: Annotated[list[dict[str, Any]] | None, Pii("special")] = None
    via: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="Channel it came by, with its addresses."
    )
    satisfaction_rating: Annotated[dict[str, Any] | None, Pii("special")] = Field(
        default=None, description="Score and, in the customer's words, why."
    )
    metric_set: dict[str, Any] | None = Field(
        default=None, description="Times and counts of its handling, `solved_at` among them."
    )
    has_incidents: bool | None = None
    is_public: bool | None = None
    allow_channelback: bool | None = None
    allow_attachments: bool | None = None
    from_messaging_channel: bool | None = None
    due_at: datetime.datetime | None = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = Field(
        default=None, description="Not touched by changes a trigger or the system makes."
    )
    generated_timestamp: int | None = Field(
        default=None, description="Unix time of the last change of any kind; orders the export."
    )


TABLES = (User, UserIdentity, Organization, Ticket)
