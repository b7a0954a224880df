"""GraphQL documents of the Shopify connector, in the terms of the API version it is pinned to."""

from __future__ import annotations

API_VERSION = "2026-07"

MONEY = "{ shopMoney { amount currencyCode } }"

ADDRESS = """{
  name firstName lastName company address1 address2
  city province provinceCode zip country countryCodeV2 phone
}"""

LINE_ITEMS = f"""{{
  nodes {{
    id name title variantTitle sku vendor quantity currentQuantity isGiftCard
    product {{ id }}
    variant {{ id }}
    originalUnitPriceSet {MONEY}
    discountedTotalSet {MONEY}
  }}
  pageInfo {{ hasNextPage endCursor }}
}}"""

REFUND_LINE_ITEMS = f"""{{
  nodes {{
    id quantity restockType
    lineItem {{ id }}
    subtotalSet {MONEY}
  }}
  pageInfo {{ hasNextPage endCursor }}
}}"""

CUSTOMERS = f"""
query Customers($first: Int!, $after: String, $query: String) {{
  customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{
      id firstName lastName locale note state tags taxExempt verifiedEmail numberOfOrders
      createdAt updatedAt
      amountSpent {{ amount currencyCode }}
      defaultEmailAddress {{
        emailAddress marketingState marketingOptInLevel marketingUpdatedAt
      }}
      defaultPhoneNumber {{
        phoneNumber marketingState marketingOptInLevel marketingUpdatedAt marketingCollectedFrom
      }}
      defaultAddress {ADDRESS}
      userIdMetafield: metafield(namespace: "custom", key: "user_id") {{ value }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

ORDERS = f"""
query Orders($first: Int!, $after: String, $query: String) {{
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{
      id name email phone note tags sourceName test confirmed
      currencyCode displayFinancialStatus displayFulfillmentStatus cancelReason
      createdAt processedAt updatedAt cancelledAt closedAt
      customer {{ id }}
      billingAddress {ADDRESS}
      shippingAddress {ADDRESS}
      subtotalPriceSet {MONEY}
      totalDiscountsSet {MONEY}
      totalShippingPriceSet {MONEY}
      totalTaxSet {MONEY}
      totalPriceSet {MONEY}
      currentTotalPriceSet {MONEY}
      totalRefundedSet {MONEY}
      lineItems(first: 10) {LINE_ITEMS}
      refunds {{
        id note createdAt updatedAt
        totalRefundedSet {MONEY}
        refundLineItems(first: 10) {REFUND_LINE_ITEMS}
      }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

MORE_LINE_ITEMS = f"""
query MoreLineItems($id: ID!, $first: Int!, $after: String) {{
  order(id: $id) {{ lineItems(first: $first, after: $after) {LINE_ITEMS} }}
}}
"""

MORE_REFUND_LINE_ITEMS = f"""
query MoreRefundLineItems($id: ID!, $first: Int!, $after: String) {{
  refund(id: $id) {{ refundLineItems(first: $first, after: $after) {REFUND_LINE_ITEMS} }}
}}
"""

EXISTING = """
query Existing($ids: [ID!]!) {
  nodes(ids: $ids) { id }
}
"""
