"""Stripe: customers, subscriptions, invoices, charges and refunds."""

from __future__ import annotations

from collections.abc import Iterable

import dlt
from dlt.sources import DltResource

from ingestion.contracts import resource_hints
from ingestion.sources.stripe.helpers import connect, read
from ingestion.sources.stripe.schema import TABLES


@dlt.source(name="stripe", max_table_nesting=0)
def stripe(
    api_key: str = dlt.secrets.value,
    base_url: str = "https://api.stripe.com",
) -> Iterable[DltResource]:
    """Everything new, changed or deleted in a Stripe account since the last load.

    Args:
        api_key: secret key, or better a restricted one that may only read (see README.md).
        base_url: where the API is, without `/v1`.
    """
    client = connect(base_url, api_key)
    for model in TABLES:
        yield dlt.resource(read, **resource_hints(model))(client, model.raw.name)
