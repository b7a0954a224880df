"""Raw contracts of Stripe: its objects as version 2026-08-26.dahlia of the API sends them.

Amounts are whole numbers of the currency's minor unit, times are seconds since 1970 in UTC.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ingestion.contracts import Pii, RawRecord, RawTable


class StripeObject(RawRecord):
    """What every object has."""

    id: str
    object: str | None = None
    created: int | None = None
    metadata: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Keys and values set by the account's own systems."
    )
    event_created: int | None = Field(
        default=None,
        description="Time of the event by which this state was noticed; empty if by a list.",
    )


class Customer(StripeObject):
    """A person or company that pays."""

    raw = RawTable(name="customers", person=("id",))

    id: Annotated[str, Pii("direct_identifier")]
    livemode: bool | None = Field(default=None, description="False for objects of a sandbox.")
    name: Annotated[str | None, Pii("direct_identifier")] = None
    individual_name: Annotated[str | None, Pii("direct_identifier")] = None
    business_name: str | None = None
    email: Annotated[str | None, Pii("contact")] = None
    phone: Annotated[str | None, Pii("contact")] = None
    address: Annotated[dict[str, Any] | None, Pii("location")] = None
    shipping: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = Field(
        default=None, description="Address, name and phone to ship to."
    )
    description: Annotated[str | None, Pii("direct_identifier")] = Field(
        default=None, description="Free text."
    )
    balance: Annotated[int | None, Pii("financial")] = Field(
        default=None, description="What is credited (negative) or still owed (positive)."
    )
    cash_balance: Annotated[dict[str, Any] | None, Pii("financial")] = None
    currency: str | None = None
    customer_account: Annotated[str | None, Pii("direct_identifier")] = None
    default_source: Annotated[str | None, Pii("financial")] = None
    deleted: bool | None = Field(default=None, description="True once the customer is deleted.")
    delinquent: Annotated[bool | None, Pii("financial")] = None
    discount: dict[str, Any] | None = None
    invoice_credit_balance: Annotated[dict[str, Any] | None, Pii("financial")] = None
    invoice_prefix: str | None = None
    invoice_settings: dict[str, Any] | None = None
    next_invoice_sequence: int | None = None
    preferred_locales: list[str] | None = None
    tax: Annotated[dict[str, Any] | None, Pii("location")] = None
    tax_exempt: str | None = None
    tax_ids: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    test_clock: str | None = None


class Subscription(StripeObject):
    """What a customer pays for again and again."""

    raw = RawTable(name="subscriptions", person=("customer",))

    livemode: bool | None = Field(default=None, description="False for objects of a sandbox.")
    customer: Annotated[str | None, Pii("direct_identifier")] = None
    customer_account: Annotated[str | None, Pii("direct_identifier")] = None
    status: str | None = None
    items: dict[str, Any] | None = Field(
        default=None, description="List of what is subscribed to, with price and billing period."
    )
    currency: str | None = None
    description: str | None = None
    application: str | None = None
    application_fee_percent: float | None = None
    automatic_tax: dict[str, Any] | None = None
    billing_cycle_anchor: int | None = None
    billing_cycle_anchor_config: dict[str, Any] | None = None
    billing_mode: dict[str, Any] | None = None
    billing_schedules: list[Any] | None = None
    billing_thresholds: dict[str, Any] | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool | None = None
    canceled_at: int | None = None
    cancellation_details: dict[str, Any] | None = None
    collection_method: str | None = None
    days_until_due: int | None = None
    default_payment_method: str | None = None
    default_source: str | None = None
    default_tax_rates: list[Any] | None = None
    discounts: list[Any] | None = None
    ended_at: int | None = None
    invoice_settings: dict[str, Any] | None = None
    latest_invoice: str | None = None
    managed_payments: dict[str, Any] | None = None
    next_pending_invoice_item_invoice: int | None = None
    on_behalf_of: str | None = None
    pause_collection: dict[str, Any] | None = None
    payment_settings: dict[str, Any] | None = None
    pending_invoice_item_interval: dict[str, Any] | None = None
    pending_setup_intent: str | None = None
    pending_update: dict[str, Any] | None = None
    schedule: str | None = None
    start_date: int | None = None
    test_clock: str | None = None
    transfer_data: dict[str, Any] | None = None
    trial_end: int | None = None
    trial_settings: dict[str, Any] | None = None
    trial_start: int | None = None


class Invoice(StripeObject):
    """What a customer is asked to pay."""

    raw = RawTable(name="invoices", person=("customer",))

    livemode: bool | None = Field(default=None, description="False for objects of a sandbox.")
    number: str | None = None
    status: str | None = Field(
        default=None, description="`draft`, `open`, `paid`, `uncollectible` or `void`."
    )
    deleted: bool | None = Field(default=None, description="True once a draft is deleted.")
    customer: Annotated[str | None, Pii("direct_identifier")] = None
    customer_account: Annotated[str | None, Pii("direct_identifier")] = None
    customer_name: Annotated[str | None, Pii("direct_identifier")] = None
    customer_email: Annotated[str | None, Pii("contact")] = None
    customer_phone: Annotated[str | None, Pii("contact")] = None
    customer_address: Annotated[dict[str, Any] | None, Pii("location")] = None
    customer_shipping: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    customer_tax_exempt: str | None = None
    customer_tax_ids: Annotated[list[Any] | None, Pii("direct_identifier")] = None
    currency: str | None = None
    amount_due: Annotated[int | None, Pii("financial")] = None
    amount_overpaid: Annotated[int | None, Pii("financial")] = None
    amount_paid: Annotated[int | None, Pii("financial")] = None
    amount_paid_off_stripe: Annotated[int | None, Pii("financial")] = None
    amount_remaining: Annotated[int | None, Pii("financial")] = None
    amount_shipping: Annotated[int | None, Pii("financial")] = None
    subtotal: Annotated[int | None, Pii("financial")] = None
    subtotal_excluding_tax: Annotated[int | None, Pii("financial")] = None
    total: Annotated[int | None, Pii("financial")] = None
    total_excluding_tax: Annotated[int | None, Pii("financial")] = None
    starting_balance: Annotated[int | None, Pii("financial")] = None
    ending_balance: Annotated[int | None, Pii("financial")] = None
    post_payment_credit_notes_amount: Annotated[int | None, Pii("financial")] = None
    pre_payment_credit_notes_amount: Annotated[int | None, Pii("financial")] = None
    total_discount_amounts: Annotated[list[Any] | None, Pii("financial")] = None
    total_pretax_credit_amounts: Annotated[list[Any] | None, Pii("financial")] = None
    total_taxes: Annotated[list[Any] | None, Pii("financial")] = None
    lines: Annotated[dict[str, Any] | None, Pii("financial")] = Field(
        default=None, description="List of the first 10 lines."
    )
    parent: dict[str, Any] | None = Field(
        default=None, description="What the invoice came from, such as a subscription."
    )
    payments: Annotated[dict[str, Any] | None, Pii("financial")] = Field(
        default=None, description="List of payments of the invoice; sent on request."
    )
    account_country: str | None = None
    account_name: str | None = None
    account_tax_ids: list[Any] | None = None
    application: str | None = None
    attempt_count: int | None = None
    attempted: bool | None = None
    auto_advance: bool | None = None
    automatic_tax: dict[str, Any] | None = None
    automatically_finalizes_at: int | None = None
    billing_reason: str | None = None
    collection_method: str | None = None
    custom_fields: Annotated[list[Any] | None, Pii("direct_identifier")] = None
    default_payment_method: str | None = None
    default_source: str | None = None
    default_tax_rates: list[Any] | None = None
    description: str | None = None
    discounts: list[Any] | None = None
    due_date: int | None = None
    effective_at: int | None = None
    footer: str | None = None
    from_invoice: dict[str, Any] | None = None
    hosted_invoice_url: Annotated[str | None, Pii("financial")] = Field(
        default=None, description="Shows the invoice to whoever has the address."
    )
    invoice_pdf: Annotated[str | None, Pii("financial")] = Field(
        default=None, description="Shows the invoice to whoever has the address."
    )
    issuer: dict[str, Any] | None = None
    last_finalization_error: dict[str, Any] | None = None
    latest_revision: str | None = None
    next_payment_attempt: int | None = None
    on_behalf_of: str | None = None
    payment_settings: dict[str, Any] | None = None
    period_end: int | None = None
    period_start: int | None = None
    receipt_number: str | None = None
    rendering: dict[str, Any] | None = None
    shipping_cost: dict[str, Any] | None = None
    shipping_details: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    statement_descriptor: str | None = None
    status_transitions: dict[str, Any] | None = Field(
        default=None, description="When it was finalized, paid, voided or given up."
    )
    test_clock: str | None = None
    webhooks_delivered_at: int | None = None


class Charge(StripeObject):
    """One attempt to move money from a customer."""

    raw = RawTable(name="charges", person=("customer",))

    livemode: bool | None = Field(default=None, description="False for objects of a sandbox.")
    status: str | None = Field(default=None, description="`succeeded`, `pending` or `failed`.")
    customer: Annotated[str | None, Pii("direct_identifier")] = None
    payment_intent: str | None = Field(
        default=None, description="Intent of which this is an attempt; leads to the invoice."
    )
    currency: str | None = None
    amount: Annotated[int | None, Pii("financial")] = None
    amount_captured: Annotated[int | None, Pii("financial")] = None
    amount_refunded: Annotated[int | None, Pii("financial")] = None
    billing_details: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    payment_method_details: Annotated[dict[str, Any] | None, Pii("financial")] = None
    receipt_email: Annotated[str | None, Pii("contact")] = None
    shipping: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    source: Annotated[dict[str, Any] | None, Pii("direct_identifier")] = None
    application: str | None = None
    application_fee: str | None = None
    application_fee_amount: int | None = None
    balance_transaction: str | None = None
    calculated_statement_descriptor: str | None = None
    captured: bool | None = Field(
        default=None, description="False while the money is only held, or was let go again."
    )
    description: Annotated[str | None, Pii("financial")] = None
    disputed: bool | None = None
    failure_balance_transaction: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    fraud_details: dict[str, Any] | None = None
    level3: Annotated[dict[str, Any] | None, Pii("financial")] = None
    on_behalf_of: str | None = None
    outcome: dict[str, Any] | None = None
    paid: bool | None = None
    payment_method: str | None = None
    presentment_details: dict[str, Any] | None = None
    receipt_number: str | None = None
    receipt_url: Annotated[str | None, Pii("financial")] = Field(
        default=None, description="Shows the receipt to whoever has the address."
    )
    refunded: bool | None = Field(default=None, description="Whether all of it was given back.")
    review: str | None = None
    source_transfer: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    transfer: str | None = None
    transfer_data: dict[str, Any] | None = None
    transfer_group: str | None = None


class Refund(StripeObject):
    """Money given back for a charge."""

    raw = RawTable(name="refunds", parent=("charge", "charges"))

    status: str | None = Field(
        default=None,
        description="`succeeded`, `pending`, `failed`, `canceled` or `requires_action`.",
    )
    charge: str | None = None
    customer: Annotated[str | None, Pii("direct_identifier")] = None
    customer_account: Annotated[str | None, Pii("direct_identifier")] = None
    payment_intent: str | None = None
    payment_method: str | None = None
    currency: str | None = None
    amount: Annotated[int | None, Pii("financial")] = None
    balance_transaction: str | None = None
    description: str | None = None
    destination_details: Annotated[dict[str, Any] | None, Pii("financial")] = None
    failure_balance_transaction: str | None = None
    failure_reason: str | None = None
    instructions_email: Annotated[str | None, Pii("contact")] = None
    next_action: dict[str, Any] | None = None
    pending_reason: str | None = None
    presentment_details: dict[str, Any] | None = None
    reason: str | None = None
    receipt_number: str | None = None
    source_transfer_reversal: str | None = None
    transfer_reversal: str | None = None


TABLES: tuple[type[RawRecord], ...] = (Customer, Subscription, Invoice, Charge, Refund)
