"""Stripe: customers, subscriptions, invoices, charges, refunds and the event log, API v1.

Objects look as version 2026-08-26.dahlia of the API sends them. As at Stripe, lists go from newest
to oldest, a deleted customer is no longer listed and shown as little more than its id, invoices
name their payments only when asked to, and the event log reaches back 30 days.
"""

from __future__ import annotations

import base64
import binascii
import collections
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.sandbox.store import COLUMNS, Store, Stored, beyond

API_KEY = "sk_test_sandbox_company"
API_VERSION = "2026-08-26.dahlia"
REQUESTS_PER_SECOND = 100
PAGE_SIZES = range(1, 101)

# Path of a list: how errors call one object, and its filters as SQL conditions.
KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "customers": ("customer", {"email": "json_extract_string(body, '$.email') = ?"}),
    "subscriptions": (
        "subscription",
        {
            "customer": "parent_id = ?",
            "price": "json_extract_string(body, '$.items.data[0].price.id') = ?",
            "status": "json_extract_string(body, '$.status') = ?",
        },
    ),
    "invoices": (
        "invoice",
        {
            "customer": "parent_id = ?",
            "status": "json_extract_string(body, '$.status') = ?",
            "subscription": (
                "json_extract_string(body, '$.parent.subscription_details.subscription') = ?"
            ),
        },
    ),
    "charges": (
        "charge",
        {
            "customer": "parent_id = ?",
            "payment_intent": "json_extract_string(body, '$.payment_intent') = ?",
        },
    ),
    "refunds": ("refund", {"charge": "parent_id = ?"}),
    "events": ("event", {"type": "json_extract_string(body, '$.type') = ?"}),
}

COMPARISONS = {
    "created": "=",
    "created[gt]": ">",
    "created[gte]": ">=",
    "created[lt]": "<",
    "created[lte]": "<=",
}
PAGING = {"limit", "starting_after", "ending_before", "expand[]", "types[]"}


class ApiError(Exception):
    """An answer other than 200.

    Args:
        status: HTTP status.
        message: for people.
        code: for programs, where Stripe has one.
        param: the parameter at fault, if one is.
    """

    def __init__(
        self, status: int, message: str, code: str | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        error = {"code": code, "message": message, "param": param, "type": "invalid_request_error"}
        if code:
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        self.status = status
        self.body = {"error": {key: value for key, value in error.items() if value is not None}}


class RateLimit:
    """Counts the requests of the last second."""

    def __init__(self) -> None:
        self._times: collections.deque[float] = collections.deque()
        self._lock = threading.Lock()

    def check(self) -> None:
        """Counts one request.

        Raises:
            ApiError: there were too many.
        """
        with self._lock:
            now = time.monotonic()
            while self._times and self._times[0] < now - 1:
                self._times.popleft()
            if len(self._times) >= REQUESTS_PER_SECOND:
                raise ApiError(
                    429,
                    "Request rate limit exceeded. Learn more about rate limits here "
                    "https://stripe.com/docs/rate-limits.",
                    code="rate_limit",
                )
            self._times.append(now)


def settings(base_url: str) -> dict[str, str]:
    """Environment variables that point the connector at the sandbox."""
    return {"SOURCES__STRIPE__BASE_URL": base_url, "SOURCES__STRIPE__API_KEY": API_KEY}


def routes(store: Store) -> list[Route]:
    """The lists, the objects in them, and Stripe's answer to any other path."""
    rate_limit = RateLimit()

    def endpoint(answer: Callable[[Request], dict[str, Any]]) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            headers = {
                "request-id": "req_sandbox",
                "stripe-version": request.headers.get("stripe-version", API_VERSION),
            }
            try:
                _authenticate(request)
                rate_limit.check()
                return JSONResponse(answer(request), headers=headers)
            except ApiError as error:
                if error.status == 429:
                    headers["stripe-rate-limited-reason"] = "global-rate"
                return JSONResponse(error.body, error.status, headers)

        return respond

    def list_objects(request: Request) -> dict[str, Any]:
        kind = request.path_params["kind"]
        if kind not in KINDS:
            raise _unknown_url(request)
        return _page(store, kind, request)

    def show_object(request: Request) -> dict[str, Any]:
        kind, object_id = request.path_params["kind"], request.path_params["id"]
        if kind not in KINDS:
            raise _unknown_url(request)
        found = store.get(f"stripe.{kind}", object_id)
        if found is not None and found.deleted and kind == "customers":
            return {"id": object_id, "object": "customer", "deleted": True}
        if found is None or found.deleted:
            raise _missing(404, kind, object_id, "id")
        return _shown(found, request, "payments")

    def anything_else(request: Request) -> dict[str, Any]:
        raise _unknown_url(request)

    return [
        Route("/v1/{kind}", endpoint(list_objects)),
        Route("/v1/{kind}/{id}", endpoint(show_object)),
        Route("/{path:path}", endpoint(anything_else)),
    ]


def _authenticate(request: Request) -> None:
    """Accepts the key as a bearer token, or as the user name of basic authentication."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    if not given:
        raise ApiError(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization "
            "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    if given != API_KEY:
        raise ApiError(401, f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:]}")


def _page(store: Store, kind: str, request: Request) -> dict[str, Any]:
    """One page of a list, newest first, and whether there are more in the direction of reading."""
    parameters = request.query_params
    conditions, values = _conditions(kind, request)
    limit = _integer(parameters.get("limit", "10"), "limit")
    if limit not in PAGE_SIZES:
        bound = "greater than or equal to 1" if limit < 1 else "less than or equal to 100"
        raise ApiError(400, f"This value must be {bound}.", "parameter_invalid_integer", "limit")

    forward = "ending_before" in parameters
    for param, comparison in (("starting_after", "<"), ("ending_before", ">")):
        if param in parameters:
            cursor = store.get(f"stripe.{kind}", parameters[param])
            if cursor is None:
                raise _missing(400, kind, parameters[param], param)
            conditions.append(beyond("created_at", comparison))
            values += [cursor.created_at, cursor.created_at, cursor.id]

    found = store.select(
        f"stripe.{kind}",
        " and ".join(conditions),
        values,
        order_by="created_at, id" if forward else "created_at desc, id desc",
        limit=limit + 1,
    )
    page = found[:limit]
    if forward:
        page.reverse()
    return {
        "object": "list",
        "data": [_shown(item, request, "data.payments") for item in page],
        "has_more": len(found) > limit,
        "url": f"/v1/{kind}",
    }


def _conditions(kind: str, request: Request) -> tuple[list[str], list[Any]]:
    """The parameters of a list as SQL conditions and their values."""
    filters = KINDS[kind][1]
    parameters = request.query_params
    conditions, values = ["not deleted"], list[Any]()
    for name in set(parameters):
        if name in COMPARISONS:
            conditions.append(f"epoch(created_at) {COMPARISONS[name]} ?")
            values.append(_integer(parameters[name], name))
        elif (kind, name) == ("subscriptions", "status") and parameters[name] == "all":
            continue
        elif name in filters:
            conditions.append(filters[name])
            values.append(parameters[name])
        elif name not in PAGING or (name == "types[]" and kind != "events"):
            raise ApiError(400, f"Received unknown parameter: {name}", "parameter_unknown", name)

    if kind == "subscriptions" and "status" not in parameters:
        conditions.append("json_extract_string(body, '$.status') <> 'canceled'")
    if types := parameters.getlist("types[]"):
        if "type" in parameters:
            raise ApiError(400, "You may only specify one of these parameters: type, types.")
        if len(types) > 20:
            raise ApiError(400, "Array cannot have more than 20 elements", param="types")
        conditions.append("list_contains(?, json_extract_string(body, '$.type'))")
        values.append(types)
    return conditions, values


def _shown(item: Stored, request: Request, payments: str) -> dict[str, Any]:
    """An object as it is sent: without the payments of an invoice, unless they are asked for."""
    if payments in request.query_params.getlist("expand[]"):
        return item.object
    return {key: value for key, value in item.object.items() if key != "payments"}


def _integer(text: str, param: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ApiError(
            400, f"Invalid integer: {text}", "parameter_invalid_integer", param
        ) from None


def _missing(status: int, kind: str, object_id: str, param: str) -> ApiError:
    return ApiError(status, f"No such {KINDS[kind][0]}: '{object_id}'", "resource_missing", param)


def _unknown_url(request: Request) -> ApiError:
    return ApiError(
        404,
        f"Unrecognized request URL ({request.method}: /{request.url.path.partition('/v1/')[2]}). "
        "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the world's customers, subscriptions and payments as objects of the schema `stripe`.

    Args:
        connection: DuckDB with the schema `world`; the tables `stripe.<kind>` are made in it.
        folder: unused, since Stripe leaves no files.
    """
    connection.execute("create schema if not exists stripe")
    for name, statement in MACROS.items():
        connection.execute(f"create or replace temp macro {name} as {statement}")
    for kind, statement in (OBJECTS | {"events": EVENTS}).items():
        connection.execute(f"create or replace table stripe.{kind} {COLUMNS}")
        connection.execute(f"insert into stripe.{kind} {statement}")


MACROS = {
    "unix(moment)": "cast(epoch(moment) as bigint)",
    # In the minor unit; the yen and the won have none.
    "minor(amount, currency)": """cast(
        amount * case when upper(currency) in ('JPY', 'KRW') then 1 else 100 end as bigint
    )""",
    "list_of(items, url)": """{
        'object': 'list', 'data': items, 'has_more': false, 'url': url
    }""",
    "address_of(street, unit, city, region, postcode, country)": """
        case
            when coalesce(street, unit, city, region, postcode, country) is not null
                then {
                    'city': city, 'country': country, 'line1': street, 'line2': unit,
                    'postal_code': postcode, 'state': region
                }
        end""",
}

# An invoice and the charges that try to collect it share a payment intent.
OBJECTS = {
    "customers": """
select
    record_id, date_trunc('second', created_at),
    date_trunc('second', coalesce(deleted_at, updated_at)), is_deleted, null,
    to_json({
        'id': record_id,
        'object': 'customer',
        'address': address_of(street_address, unit, city, region, postcode, country),
        'balance': 0,
        'business_name': company_name,
        'created': unix(created_at),
        'currency': null,
        'default_source': null,
        'delinquent': false,
        'description': null,
        'discount': null,
        'email': email,
        'individual_name': null,
        'invoice_prefix': upper(right(record_id, 8)),
        'invoice_settings': {
            'custom_fields': null, 'default_payment_method': null, 'footer': null,
            'rendering_options': null
        },
        'livemode': false,
        'metadata': case
            when user_id is null then json('{}') else json_object('user_id', user_id)
        end,
        'name': coalesce(full_name, concat_ws(' ', given_name, middle_name, family_name)),
        'next_invoice_sequence': 1,
        'phone': phone,
        'preferred_locales': json('[]'),
        'shipping': null,
        'tax_exempt': 'none',
        'test_clock': null
    })
from world.person_records
where source = 'stripe'
""",
    "subscriptions": """
select
    subscription_id, date_trunc('second', created_at), date_trunc('second', updated_at), false,
    record_id,
    to_json({
        'id': subscription_id,
        'object': 'subscription',
        'application': null,
        'application_fee_percent': null,
        'automatic_tax': {'disabled_reason': null, 'enabled': false, 'liability': null},
        'billing_cycle_anchor': unix(started_at),
        'billing_cycle_anchor_config': null,
        'billing_mode': {'flexible': null, 'type': 'classic'},
        'billing_schedules': json('[]'),
        'billing_thresholds': null,
        'cancel_at': case
            when ended_at is null and canceled_at is not null then unix(current_period_end)
        end,
        'cancel_at_period_end': ended_at is null and canceled_at is not null,
        'canceled_at': unix(canceled_at),
        'cancellation_details': {'comment': null, 'feedback': null, 'reason': null},
        'collection_method': 'charge_automatically',
        'created': unix(created_at),
        'currency': lower(currency),
        'customer': record_id,
        'customer_account': null,
        'days_until_due': null,
        'default_payment_method': null,
        'default_source': null,
        'default_tax_rates': json('[]'),
        'description': null,
        'discounts': json('[]'),
        'ended_at': unix(ended_at),
        'invoice_settings': {'account_tax_ids': null, 'issuer': {'type': 'self'}},
        'items': list_of([{
            'id': replace(subscription_id, 'sub_', 'si_'),
            'object': 'subscription_item',
            'billing_thresholds': null,
            'created': unix(created_at),
            'current_period_end': unix(current_period_end),
            'current_period_start': unix(current_period_start),
            'discounts': json('[]'),
            'metadata': json('{}'),
            'price': {
                'id': price_id,
                'object': 'price',
                'active': true,
                'billing_scheme': 'per_unit',
                'created': unix(min(created_at) over (partition by price_id)),
                'currency': lower(currency),
                'custom_unit_amount': null,
                'livemode': false,
                'lookup_key': null,
                'metadata': json('{}'),
                'nickname': plan_name,
                'product': product_id,
                'recurring': {
                    'interval': billing_interval, 'interval_count': 1, 'meter': null,
                    'trial_period_days': null, 'usage_type': 'licensed'
                },
                'tax_behavior': 'unspecified',
                'tiers_mode': null,
                'transform_quantity': null,
                'type': 'recurring',
                'unit_amount': minor(unit_amount, currency),
                'unit_amount_decimal': cast(minor(unit_amount, currency) as varchar)
            },
            'quantity': quantity,
            'subscription': subscription_id,
            'tax_rates': json('[]')
        }], '/v1/subscription_items?subscription=' || subscription_id),
        'latest_invoice': (
            select arg_max(invoices.invoice_id, invoices.created_at)
            from world.invoices
            where invoices.subscription_id = subscriptions.subscription_id
        ),
        'livemode': false,
        'managed_payments': null,
        'metadata': json('{}'),
        'next_pending_invoice_item_invoice': null,
        'on_behalf_of': null,
        'pause_collection': null,
        'payment_settings': {
            'payment_method_options': null, 'payment_method_types': null,
            'save_default_payment_method': 'off'
        },
        'pending_invoice_item_interval': null,
        'pending_setup_intent': null,
        'pending_update': null,
        'schedule': null,
        'start_date': unix(started_at),
        'status': status,
        'test_clock': null,
        'transfer_data': null,
        'trial_end': null,
        'trial_settings': {'end_behavior': {'missing_payment_method': 'create_invoice'}},
        'trial_start': null
    })
from world.subscriptions
""",
    "invoices": """
select
    invoices.invoice_id, date_trunc('second', invoices.created_at),
    date_trunc('second', invoices.updated_at), false, invoices.record_id,
    to_json({
        'id': invoices.invoice_id,
        'object': 'invoice',
        'account_country': 'US',
        'account_name': null,
        'account_tax_ids': null,
        'amount_due': minor(invoices.amount_due, invoices.currency),
        'amount_overpaid': 0,
        'amount_paid': minor(invoices.amount_paid, invoices.currency),
        'amount_remaining': minor(invoices.amount_due - invoices.amount_paid, invoices.currency),
        'amount_shipping': 0,
        'application': null,
        'attempt_count': case when invoices.status in ('paid', 'uncollectible') then 1 else 0 end,
        'attempted': invoices.status in ('paid', 'uncollectible'),
        'auto_advance': invoices.status = 'open',
        'automatic_tax': {
            'disabled_reason': null, 'enabled': false, 'liability': null, 'provider': null,
            'status': null
        },
        'automatically_finalizes_at': null,
        'billing_reason': case
            when invoices.subscription_id is null then 'manual' else 'subscription_cycle'
        end,
        'collection_method': case
            when invoices.due_at is null then 'charge_automatically' else 'send_invoice'
        end,
        'created': unix(invoices.created_at),
        'currency': lower(invoices.currency),
        'custom_fields': null,
        'customer': invoices.record_id,
        'customer_account': null,
        'customer_address': customers.body -> '$.address',
        'customer_email': customers.body ->> '$.email',
        'customer_name': customers.body ->> '$.name',
        'customer_phone': customers.body ->> '$.phone',
        'customer_shipping': null,
        'customer_tax_exempt': 'none',
        'customer_tax_ids': json('[]'),
        'default_payment_method': null,
        'default_source': null,
        'default_tax_rates': json('[]'),
        'description': null,
        'discounts': json('[]'),
        'due_date': unix(invoices.due_at),
        'effective_at': case when invoices.status <> 'draft' then unix(invoices.created_at) end,
        'ending_balance': case when invoices.status <> 'draft' then 0 end,
        'footer': null,
        'from_invoice': null,
        'hosted_invoice_url': null,
        'invoice_pdf': null,
        'issuer': {'type': 'self'},
        'last_finalization_error': null,
        'latest_revision': null,
        'lines': list_of([{
            'id': replace(invoices.invoice_id, 'in_', 'il_'),
            'object': 'line_item',
            'amount': minor(invoices.amount_due, invoices.currency),
            'currency': lower(invoices.currency),
            'description': subscriptions.plan_name,
            'discount_amounts': json('[]'),
            'discountable': true,
            'discounts': json('[]'),
            'invoice': invoices.invoice_id,
            'livemode': false,
            'metadata': json('{}'),
            'period': {'end': unix(invoices.period_end), 'start': unix(invoices.period_start)},
            'quantity': coalesce(subscriptions.quantity, 1),
            'subtotal': minor(invoices.amount_due, invoices.currency),
            'taxes': json('[]')
        }], '/v1/invoices/' || invoices.invoice_id || '/lines'),
        'livemode': false,
        'metadata': json('{}'),
        'next_payment_attempt': null,
        'number': invoices.invoice_number,
        'on_behalf_of': null,
        'parent': case
            when invoices.subscription_id is not null
                then {
                    'quote_details': null,
                    'subscription_details': {
                        'metadata': json('{}'), 'subscription': invoices.subscription_id
                    },
                    'type': 'subscription_details'
                }
        end,
        'payment_settings': {
            'default_mandate': null, 'payment_method_options': null, 'payment_method_types': null
        },
        'payments': list_of(case
            when invoices.status = 'draft' then json('[]')
            else to_json([{
                'id': replace(invoices.invoice_id, 'in_', 'inpay_'),
                'object': 'invoice_payment',
                'amount_paid': case
                    when invoices.paid_at is not null
                        then minor(invoices.amount_paid, invoices.currency)
                end,
                'amount_requested': minor(invoices.amount_due, invoices.currency),
                'created': unix(invoices.created_at),
                'currency': lower(invoices.currency),
                'invoice': invoices.invoice_id,
                'is_default': true,
                'livemode': false,
                'payment': {
                    'payment_intent': replace(invoices.invoice_id, 'in_', 'pi_'),
                    'type': 'payment_intent'
                },
                'status': case
                    when invoices.paid_at is not null then 'paid'
                    when invoices.status = 'void' then 'canceled'
                    else 'open'
                end,
                'status_transitions': {'canceled_at': null, 'paid_at': unix(invoices.paid_at)}
            }])
        end, '/v1/invoice_payments?invoice=' || invoices.invoice_id),
        'period_end': unix(invoices.period_end),
        'period_start': unix(invoices.period_start),
        'post_payment_credit_notes_amount': 0,
        'pre_payment_credit_notes_amount': 0,
        'receipt_number': null,
        'rendering': null,
        'shipping_cost': null,
        'shipping_details': null,
        'starting_balance': 0,
        'statement_descriptor': null,
        'status': invoices.status,
        'status_transitions': {
            'finalized_at': case
                when invoices.status <> 'draft' then unix(invoices.created_at)
            end,
            'marked_uncollectible_at': case
                when invoices.status = 'uncollectible' then unix(invoices.updated_at)
            end,
            'paid_at': unix(invoices.paid_at),
            'voided_at': case when invoices.status = 'void' then unix(invoices.updated_at) end
        },
        'subtotal': minor(invoices.amount_due, invoices.currency),
        'subtotal_excluding_tax': minor(invoices.amount_due, invoices.currency),
        'test_clock': null,
        'total': minor(invoices.amount_due, invoices.currency),
        'total_discount_amounts': json('[]'),
        'total_excluding_tax': minor(invoices.amount_due, invoices.currency),
        'total_pretax_credit_amounts': json('[]'),
        'total_taxes': json('[]'),
        'webhooks_delivered_at': unix(invoices.created_at)
    })
from world.invoices
left join stripe.customers on invoices.record_id = customers.id
left join world.subscriptions on invoices.subscription_id = subscriptions.subscription_id
""",
    "charges": """
select
    charges.charge_id, date_trunc('second', charges.created_at),
    date_trunc('second', charges.created_at), false, charges.record_id,
    to_json({
        'id': charges.charge_id,
        'object': 'charge',
        'amount': minor(charges.amount, charges.currency),
        'amount_captured': case
            when charges.status = 'succeeded' then minor(charges.amount, charges.currency) else 0
        end,
        'amount_refunded': minor(charges.amount_refunded, charges.currency),
        'application': null,
        'application_fee': null,
        'application_fee_amount': null,
        'balance_transaction': case
            when charges.status = 'succeeded' then replace(charges.charge_id, 'ch_', 'txn_')
        end,
        'billing_details': {
            'address': customers.body -> '$.address',
            'email': customers.body ->> '$.email',
            'name': customers.body ->> '$.name',
            'phone': customers.body ->> '$.phone',
            'tax_id': null
        },
        'calculated_statement_descriptor': null,
        'captured': charges.status = 'succeeded',
        'created': unix(charges.created_at),
        'currency': lower(charges.currency),
        'customer': charges.record_id,
        'description': null,
        'disputed': false,
        'failure_balance_transaction': null,
        'failure_code': charges.failure_code,
        'failure_message': case
            when charges.failure_code is not null then 'Your card was declined.'
        end,
        'fraud_details': json('{}'),
        'livemode': false,
        'metadata': json('{}'),
        'on_behalf_of': null,
        'outcome': {
            'advice_code': null,
            'network_advice_code': null,
            'network_decline_code': null,
            'network_status': case
                when charges.status = 'failed' then 'declined_by_network'
                else 'approved_by_network'
            end,
            'reason': charges.failure_code,
            'seller_message': case
                when charges.status = 'failed' then 'The bank declined the payment.'
                else 'Payment complete.'
            end,
            'type': case
                when charges.status = 'failed' then 'issuer_declined' else 'authorized'
            end
        },
        'paid': charges.status = 'succeeded',
        'payment_intent': 'pi_' || split_part(
            coalesce(charges.invoice_id, charges.charge_id), '_', 2
        ),
        'payment_method': replace(charges.charge_id, 'ch_', 'pm_'),
        'payment_method_details': {
            'card': {
                'brand': charges.card_brand,
                'checks': {
                    'address_line1_check': null, 'address_postal_code_check': null,
                    'cvc_check': 'pass'
                },
                'country': 'US',
                'exp_month': 12,
                'exp_year': 2034,
                'funding': 'credit',
                'last4': charges.card_last4,
                'network': charges.card_brand,
                'three_d_secure': null,
                'wallet': null
            },
            'type': 'card'
        },
        'receipt_email': null,
        'receipt_number': null,
        'receipt_url': null,
        'refunded': charges.amount_refunded >= charges.amount,
        'review': null,
        'shipping': null,
        'source': null,
        'source_transfer': null,
        'statement_descriptor': null,
        'statement_descriptor_suffix': null,
        'status': charges.status,
        'transfer_data': null,
        'transfer_group': null
    })
from world.charges
left join stripe.customers on charges.record_id = customers.id
""",
    "refunds": """
select
    refunds.refund_id, date_trunc('second', refunds.created_at),
    date_trunc('second', refunds.created_at), false, refunds.charge_id,
    to_json({
        'id': refunds.refund_id,
        'object': 'refund',
        'amount': minor(refunds.amount, refunds.currency),
        'balance_transaction': replace(refunds.refund_id, 're_', 'txn_'),
        'charge': refunds.charge_id,
        'created': unix(refunds.created_at),
        'currency': lower(refunds.currency),
        'destination_details': {
            'card': {
                'reference_status': 'pending', 'reference_type': 'acquirer_reference_number',
                'type': 'refund'
            },
            'type': 'card'
        },
        'metadata': json('{}'),
        'payment_intent': charges.body ->> '$.payment_intent',
        'payment_method': charges.body ->> '$.payment_method',
        'reason': refunds.reason,
        'receipt_number': null,
        'source_transfer_reversal': null,
        'status': refunds.status,
        'transfer_reversal': null
    })
from world.refunds
left join stripe.charges on refunds.charge_id = charges.id
""",
}

# What happened to the objects in the last 30 days of the world.
EVENTS = """
with

happened as (

    select 'customer.created' as type, created_at, id, body from stripe.customers
    union all
    select
        case when deleted then 'customer.deleted' else 'customer.updated' end, updated_at, id, body
    from stripe.customers
    where deleted or updated_at > created_at
    union all
    select 'customer.subscription.created', created_at, id, body from stripe.subscriptions
    union all
    select
        case
            when body ->> '$.ended_at' is null then 'customer.subscription.updated'
            else 'customer.subscription.deleted'
        end,
        updated_at, id, body
    from stripe.subscriptions
    where updated_at > created_at
    union all
    select 'invoice.created', created_at, id, body from stripe.invoices
    union all
    select
        case body ->> '$.status'
            when 'paid' then 'invoice.paid'
            when 'void' then 'invoice.voided'
            when 'uncollectible' then 'invoice.marked_uncollectible'
            else 'invoice.updated'
        end,
        updated_at, id, body
    from stripe.invoices
    where updated_at > created_at
    union all
    select 'charge.' || (body ->> '$.status'), created_at, id, body from stripe.charges
    union all
    select 'charge.refunded', refunds.created_at, charges.id, charges.body
    from stripe.refunds
    inner join stripe.charges on refunds.parent_id = charges.id
    union all
    select 'refund.created', created_at, id, body from stripe.refunds

),

numbered as (

    select
        *,
        'evt_1' || left(md5(type || id || created_at), 23) as event_id
    from happened
    where created_at > (select max(created_at) from happened) - interval 30 days

)

select
    event_id, created_at, created_at, false, id,
    to_json({
        'id': event_id,
        'object': 'event',
        'api_version': '2026-08-26.dahlia',
        'created': unix(created_at),
        'data': {'object': json_merge_patch(body, '{"payments": null}')},
        'livemode': false,
        'pending_webhooks': 0,
        'request': {'id': null, 'idempotency_key': null},
        'type': type
    })
from numbered
"""
