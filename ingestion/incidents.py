"""What went wrong with data or software, who was affected, and what has to be done about it.

Raw tables of `cdi incident`.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from ingestion import bookkeeping
from ingestion.contracts import Pii, RawRecord, RawTable

SCHEMA = "raw_incidents"

Kind = Literal["data exposed", "vulnerable component"]


class Incident(RawRecord):
    """Data that came to be seen by who should not, or software that is open to attack."""

    raw = RawTable(name="incidents", key=("incident_id",))

    incident_id: str = Field(description="Id of the incident.")
    kind: Kind | None = Field(default=None, description="`data exposed` or `vulnerable component`.")
    subject: str | None = Field(
        default=None, description="What it is about: a relation, a file's name, or a package."
    )
    exposed_columns: str | None = Field(
        default=None, description="Columns that were exposed, where not all of them were."
    )
    time_column: str | None = Field(
        default=None, description="Column by which rows were taken to be exposed."
    )
    exposed_from: datetime.datetime | None = Field(
        default=None, description="Rows of this time and later were exposed (UTC)."
    )
    exposed_until: datetime.datetime | None = Field(
        default=None, description="Rows of this time and earlier were exposed (UTC)."
    )
    recipients: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Who has seen it or may have."
    )
    advisory: str | None = Field(
        default=None, description="Id or address of what was published of the software."
    )
    affected_versions: str | None = Field(
        default=None, description="Versions of the software that are affected."
    )
    fixed_in: str | None = Field(default=None, description="First version that is not.")
    row_count: int | None = Field(default=None, description="Rows that were exposed.")
    people_count: int | None = Field(default=None, description="Customers affected, each once.")
    unknown_count: int | None = Field(
        default=None, description="People in it that are no known customer."
    )
    note: Annotated[str | None, Pii("special")] = Field(
        default=None, description="What else is known."
    )
    noticed_at: datetime.datetime | None = Field(
        default=None, description="When it was noticed: deadlines count from then (UTC)."
    )
    opened_at: datetime.datetime | None = Field(
        default=None, description="When it was written down (UTC)."
    )
    closed_at: datetime.datetime | None = Field(default=None, description="When it ended (UTC).")
    outcome: Annotated[str | None, Pii("special")] = Field(
        default=None, description="What came of it."
    )
    forced_reason: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Why it was closed with obligatory steps undone."
    )


class IncidentStep(RawRecord):
    """Something that is to be done about an incident, by whom and until when."""

    raw = RawTable(name="incident_steps", key=("incident_id", "step"))

    incident_id: str = Field(description="Incident it belongs to.")
    step: str = Field(description="The step; where it is done for each law, with the law's name.")
    position: int | None = Field(default=None, description="Place in the order of the steps.")
    what: str | None = Field(default=None, description="What is to be done.")
    owner_role: str | None = Field(default=None, description="Role that has to see to it.")
    law: str | None = Field(default=None, description="Law that asks for it, if one does.")
    is_obligatory: bool | None = Field(
        default=None, description="Whether the incident cannot be closed without."
    )
    due_at: datetime.datetime | None = Field(default=None, description="Until when (UTC).")
    done_at: datetime.datetime | None = Field(default=None, description="When it was done (UTC).")
    note: Annotated[str | None, Pii("special")] = Field(
        default=None, description="What came of it."
    )


class IncidentClass(RawRecord):
    """A class of personal data that was exposed."""

    raw = RawTable(name="incident_classes", key=("incident_id", "pii"))

    incident_id: str = Field(description="Incident it belongs to.")
    pii: str = Field(description="Class of the seed `pii_classes`.")
    column_count: int | None = Field(default=None, description="Columns of the class exposed.")


class IncidentPerson(RawRecord):
    """A customer whose data was exposed."""

    raw = RawTable(name="incident_people", key=("incident_id", "customer_id"))

    incident_id: str = Field(description="Incident it belongs to.")
    customer_id: Annotated[str, Pii("direct_identifier")] = Field(
        description="The customer, by the id it had then."
    )
    law: Annotated[str | None, Pii("location")] = Field(
        default=None, description="Law of where the customer lives."
    )


TABLES: tuple[type[RawRecord], ...] = (Incident, IncidentStep, IncidentClass, IncidentPerson)


def declare() -> None:
    """Creates the tables that do not exist yet: models can always read them."""
    bookkeeping.declare(SCHEMA, TABLES)
