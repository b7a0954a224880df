"""Raw contracts of Shopify: its objects as the Admin GraphQL API sends them."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable


class Customer(RawRecord):
    """A person with an account, an order or a subscription in the shop."""

    raw = RawTable(name="customers", version="updatedAt", person=("split_part(id, '/', 5)",))

    id: Annotated[str, Pii("direct_identifier")] = Field(
        description="Global id, `gid://shopify/Customer/<number>`."
    )
    firstName: Annotated[str | None, Pii("direct_identifier")] = None
    lastName: Annotated[str | None, Pii("direct_identifier")] = None
    defaultEmailAddress: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="The address, and whether the customer wants marketing there."
    )
    defaultPhoneNumber: Annotated[dict[str, Any] | None, Pii("contact")] = Field(
        default=None, description="The number, and whether the customer wants marketing there."
    )
    defaultAddress: Annotated[dict[str, Any] | None, Pii("location")] = None
    userIdMetafield: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Metafield `custom.user_id`: the user id of the shop's own app."
    )
    locale: str | None = None
    note: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Free text written by staff."
    )
    state: str | None = Field(
        default=None, description="Of the account: `DISABLED`, `INVITED`, `ENABLED`, `DECLINED`."
    )
    tags: Annotated[list[str] | None, Pii("behavioural")] = None
    taxExempt: bool | None = None
    verifiedEmail: bool | None = None
    numberOfOrders: int | None = None
    amountSpent: Annotated[dict[str, Any] | None, Pii("financial")] = None
    createdAt: datetime.datetime | None = None
    updatedAt: datetime.datetime | None = None


class Order(RawRecord):
    """A purchase. Its line items and refunds have tables of their own."""

    raw = RawTable(
        name="orders",
        version="updatedAt",
        person=("split_part(customer ->> 'id', '/', 5)", "'order:' || split_part(id, '/', 5)"),
    )

    id: str = Field(description="Global id, `gid://shopify/Order/<number>`.")
    name: str | None = Field(default=None, description="Number shown to the customer, `#1001`.")
    email: Annotated[str | None, Pii("contact")] = None
    phone: Annotated[str | None, Pii("contact")] = None
    customer: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Id of the customer; null when a guest checked out."
    )
    billingAddress: Annotated[dict[str, Any] | None, Pii("location")] = None
    shippingAddress: Annotated[dict[str, Any] | None, Pii("location")] = None
    note: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Free text of the customer or of staff."
    )
    tags: list[str] | None = None
    sourceName: str | None = Field(default=None, description="Channel: `web`, `pos`, …")
    test: bool | None = Field(default=None, description="Placed to try the shop; no one paid.")
    confirmed: bool | None = None
    currencyCode: str | None = Field(default=None, description="The shop's currency then.")
    displayFinancialStatus: str | None = None
    displayFulfillmentStatus: str | None = None
    cancelReason: str | None = None
    subtotalPriceSet: Annotated[dict[str, Any] | None, Pii("financial")] = None
    totalDiscountsSet: Annotated[dict[str, Any] | None, Pii("financial")] = None
    totalShippingPriceSet: Annotated[dict[str, Any] | None, Pii("financial")] = None
    totalTaxSet: Annotated[dict[str, Any] | None, Pii("financial")] = None
    totalPriceSet: Annotated[dict[str, Any] | None, Pii("financial")] = Field(
        default=None, description="What was to be paid, before any return."
    )
    currentTotalPriceSet: Annotated[dict[str, Any] | None, Pii("financial")] = Field(
        default=None, description="The same after returns and edits."
    )
    totalRefundedSet: Annotated[dict[str, Any] | None, Pii("financial")] = None
    createdAt: datetime.datetime | None = None
    processedAt: datetime.datetime | None = Field(
        default=None, description="When it was placed, also where it was imported later."
    )
    updatedAt: datetime.datetime | None = None
    cancelledAt: datetime.datetime | None = None
    closedAt: datetime.datetime | None = None


class OrderLineItem(RawRecord):
    """A product bought in an order. One taken off later stays, with a current quantity of 0."""

    raw = RawTable(name="order_line_items", version="orderUpdatedAt", parent=("order_id", "orders"))

    id: str = Field(description="Global id, `gid://shopify/LineItem/<number>`.")
    orderId: str = Field(description="Global id of its order, which the API nests it under.")
    orderUpdatedAt: datetime.datetime | None = None
    name: str | None = Field(default=None, description="Title of the product and of its variant.")
    title: str | None = None
    variantTitle: str | None = None
    sku: str | None = None
    vendor: str | None = None
    quantity: int | None = Field(default=None, description="As ordered, before returns.")
    currentQuantity: int | None = Field(default=None, description="After returns and edits.")
    isGiftCard: bool | None = None
    product: dict[str, Any] | None = Field(default=None, description="Null once it is deleted.")
    variant: dict[str, Any] | None = Field(default=None, description="Null once it is deleted.")
    originalUnitPriceSet: dict[str, Any] | None = None
    discountedTotalSet: dict[str, Any] | None = Field(
        default=None, description="For the whole line, less the discounts of the line itself."
    )


class Refund(RawRecord):
    """Money given back for an order."""

    raw = RawTable(name="refunds", version="orderUpdatedAt", parent=("order_id", "orders"))

    id: str = Field(description="Global id, `gid://shopify/Refund/<number>`.")
    orderId: str = Field(description="Global id of its order, which the API nests it under.")
    orderUpdatedAt: datetime.datetime | None = None
    note: Annotated[str | None, Pii("special")] = Field(
        default=None, description="Free text written by staff."
    )
    totalRefundedSet: Annotated[dict[str, Any] | None, Pii("financial")] = None
    refundLineItems: list[Any] | None = Field(
        default=None, description="Lines given money back for: id, quantity, amount."
    )
    createdAt: datetime.datetime | None = None
    updatedAt: datetime.datetime | None = None


class DeletedCustomer(RawRecord):
    """A customer loaded before whom the shop no longer has: deleted, or merged into another."""

    raw = RawTable(name="deleted_customers", person=("split_part(id, '/', 5)",))

    id: Annotated[str, Pii("direct_identifier")] = Field(description="Global id of the customer.")


TABLES = (Customer, Order, OrderLineItem, Refund, DeletedCustomer)
