"""Raw contracts of HubSpot: CRM objects of its v3 API, and associations of its v4 API."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable


class CrmObject(RawRecord):
    """What every CRM object has in common, around its properties."""

    id: str
    createdAt: datetime.datetime | None = None
    updatedAt: datetime.datetime | None = None
    archived: bool | None = Field(default=None, description="True once the object is deleted.")
    archivedAt: datetime.datetime | None = None
    url: str | None = Field(default=None, description="The object's page in HubSpot.")


class Contact(CrmObject):
    """A person in the CRM."""

    # Where one load meets an object both live (the search index is late) and archived, it is
    # archived.
    raw = RawTable(name="contacts", precedence="archived", person=("id",))

    id: Annotated[str, Pii("direct_identifier")]
    url: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="The object's page in HubSpot."
    )
    properties: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Properties by name, every value as text."
    )


class Company(CrmObject):
    """An organization in the CRM."""

    raw = RawTable(name="companies", precedence="archived")

    properties: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="Properties by name, every value as text."
    )


class Deal(CrmObject):
    """A sale being made, won or lost."""

    raw = RawTable(name="deals", precedence="archived")

    properties: Annotated[dict[str, Any] | None, Pii("financial")] = Field(
        default=None, description="Properties by name, every value as text."
    )


class AssociationList(RawRecord):
    """All associations of one object with objects of one other kind.

    One row an object, not one a pair: an association that is removed goes when its row is written
    anew, and an object that has none left says so with an empty list.
    """

    id: str
    to: list[dict[str, Any]] = Field(
        description="The associated objects, each with `toObjectId` and `associationTypes`."
    )


class ContactCompanies(AssociationList):
    """The companies of a contact."""

    raw = RawTable(name="contact_companies", person=("id",))

    id: Annotated[str, Pii("direct_identifier")] = Field(description="Id of the contact.")


class DealContacts(AssociationList):
    """The contacts of a deal."""

    raw = RawTable(name="deal_contacts", mentions=("to",))

    id: str = Field(description="Id of the deal.")
    to: Annotated[list[dict[str, Any]], Pii("direct_identifier")] = Field(
        description="The associated objects, each with `toObjectId` and `associationTypes`."
    )


class DealCompanies(AssociationList):
    """The companies of a deal."""

    raw = RawTable(name="deal_companies")

    id: str = Field(description="Id of the deal.")


TABLES = (Contact, Company, Deal, ContactCompanies, DealContacts, DealCompanies)
