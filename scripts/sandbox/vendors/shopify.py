"""Shopify as the sandbox serves it: the part of the Admin GraphQL API that is about customers."""

from __future__ import annotations

import base64
import json
import math
import pathlib
import re
import threading
import time
from dataclasses import dataclass
from typing import Any

import duckdb
import graphql
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.sandbox.store import COLUMNS, Store, Stored

ACCESS_TOKEN = "shpat_sandbox"  # noqa: S105
LONGEST_PAGE = 250

SCHEMA = graphql.build_schema(
    '''
    scalar DateTime
    scalar Decimal
    scalar UnsignedInt64
    scalar CurrencyCode
    scalar CountryCode

    interface Node { id: ID! }

    type Query {
        customers(
            first: Int, after: String, query: String, sortKey: CustomerSortKeys = ID
        ): CustomerConnection!
        orders(
            first: Int, after: String, query: String, sortKey: OrderSortKeys = PROCESSED_AT
        ): OrderConnection!
        customer(id: ID!): Customer
        order(id: ID!): Order
        refund(id: ID!): Refund
        nodes(ids: [ID!]!): [Node]!
    }

    enum CustomerSortKeys { CREATED_AT ID LOCATION NAME RELEVANCE UPDATED_AT }
    enum OrderSortKeys { CREATED_AT ID ORDER_NUMBER PROCESSED_AT RELEVANCE UPDATED_AT }
    enum CustomerState { DECLINED DISABLED ENABLED INVITED }
    enum CustomerEmailAddressMarketingState {
        INVALID NOT_SUBSCRIBED PENDING SUBSCRIBED UNSUBSCRIBED
    }
    enum CustomerSmsMarketingState {
        NOT_SUBSCRIBED PENDING REDACTED SUBSCRIBED UNSUBSCRIBED
    }
    enum CustomerMarketingOptInLevel { CONFIRMED_OPT_IN SINGLE_OPT_IN UNKNOWN }
    enum CustomerConsentCollectedFrom { OTHER SHOPIFY }
    enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
    enum OrderDisplayFinancialStatus {
        AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED
    }
    enum OrderDisplayFulfillmentStatus {
        FULFILLED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT
        REQUEST_DECLINED RESTOCKED SCHEDULED UNFULFILLED
    }
    enum RefundLineItemRestockType { CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }

    type PageInfo {
        hasNextPage: Boolean!
        hasPreviousPage: Boolean!
        startCursor: String
        endCursor: String
    }

    type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
    type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
    type Metafield implements Node {
        id: ID!
        namespace: String!
        key: String!
        value: String!
        type: String!
    }
    type MailingAddress {
        name: String
        firstName: String
        lastName: String
        company: String
        address1: String
        address2: String
        city: String
        province: String
        provinceCode: String
        zip: String
        country: String
        countryCodeV2: CountryCode
        phone: String
    }

    type CustomerEmailAddress {
        emailAddress: String!
        marketingState: CustomerEmailAddressMarketingState!
        marketingOptInLevel: CustomerMarketingOptInLevel
        marketingUpdatedAt: DateTime
    }
    type CustomerPhoneNumber {
        phoneNumber: String!
        marketingState: CustomerSmsMarketingState!
        marketingOptInLevel: CustomerMarketingOptInLevel
        marketingUpdatedAt: DateTime
        marketingCollectedFrom: CustomerConsentCollectedFrom
    }
    type Customer implements Node {
        id: ID!
        legacyResourceId: UnsignedInt64!
        firstName: String
        lastName: String
        displayName: String!
        locale: String!
        note: String
        state: CustomerState!
        tags: [String!]!
        taxExempt: Boolean!
        verifiedEmail: Boolean!
        numberOfOrders: UnsignedInt64!
        amountSpent: MoneyV2!
        defaultEmailAddress: CustomerEmailAddress
        defaultPhoneNumber: CustomerPhoneNumber
        defaultAddress: MailingAddress
        metafield(namespace: String, key: String!): Metafield
        createdAt: DateTime!
        updatedAt: DateTime!
    }
    type CustomerConnection { nodes: [Customer!]! pageInfo: PageInfo! }

    type Product implements Node { id: ID! }
    type ProductVariant implements Node { id: ID! }
    type LineItem implements Node {
        id: ID!
        name: String!
        title: String!
        variantTitle: String
        sku: String
        vendor: String
        quantity: Int!
        currentQuantity: Int!
        isGiftCard: Boolean!
        product: Product
        variant: ProductVariant
        originalUnitPriceSet: MoneyBag!
        originalTotalSet: MoneyBag!
        discountedTotalSet: MoneyBag!
    }
    type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }

    type RefundLineItem {
        id: ID
        quantity: Int!
        restockType: RefundLineItemRestockType!
        lineItem: LineItem!
        subtotalSet: MoneyBag!
    }
    type RefundLineItemConnection { nodes: [RefundLineItem!]! pageInfo: PageInfo! }
    type Refund implements Node {
        id: ID!
        note: String
        totalRefundedSet: MoneyBag!
        refundLineItems(first: Int, after: String): RefundLineItemConnection!
        createdAt: DateTime
        updatedAt: DateTime!
    }

    type Order implements Node {
        id: ID!
        legacyResourceId: UnsignedInt64!
        name: String!
        email: String
        phone: String
        note: String
        tags: [String!]!
        sourceName: String
        test: Boolean!
        confirmed: Boolean!
        currencyCode: CurrencyCode!
        displayFinancialStatus: OrderDisplayFinancialStatus
        displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
        cancelReason: OrderCancelReason
        customer: Customer
        billingAddress: MailingAddress
        shippingAddress: MailingAddress
        subtotalPriceSet: MoneyBag
        totalDiscountsSet: MoneyBag
        totalShippingPriceSet: MoneyBag!
        totalTaxSet: MoneyBag
        totalPriceSet: MoneyBag!
        currentTotalPriceSet: MoneyBag!
        totalRefundedSet: MoneyBag!
        lineItems(first: Int, after: String): LineItemConnection!
        refunds(first: Int): [Refund!]!
        createdAt: DateTime!
        processedAt: DateTime!
        updatedAt: DateTime!
        cancelledAt: DateTime
        closedAt: DateTime
    }
    type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
    '''
)


@dataclass(frozen=True)
class Limits:
    """How much the shop may be asked; the defaults never hold anyone up.

    Args:
        single_query: most points one query may cost.
        bucket: points there are to spend.
        restore_rate: points restored each second.
        longest_list: most records of one list that can be paged through.
    """

    single_query: int = 1_000_000
    bucket: int = 1_000_000
    restore_rate: int = 1_000_000
    longest_list: int = 25_000


LIMITS = Limits()


class Bucket:
    """Points spent, which leak away with time."""

    def __init__(self) -> None:
        self._spent = 0.0
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def spend(self, points: int) -> bool:
        """Spends points if there are enough; a negative number gives some back."""
        with self._lock:
            self._leak()
            if self._spent + points > LIMITS.bucket:
                return False
            self._spent = max(0.0, self._spent + points)
            return True

    def status(self) -> dict[str, float]:
        """The bucket as the API describes it."""
        with self._lock:
            self._leak()
            return {
                "maximumAvailable": float(LIMITS.bucket),
                "currentlyAvailable": math.floor(LIMITS.bucket - self._spent),
                "restoreRate": float(LIMITS.restore_rate),
            }

    def _leak(self) -> None:
        now = time.monotonic()
        self._spent = max(0.0, self._spent - (now - self._at) * LIMITS.restore_rate)
        self._at = now
