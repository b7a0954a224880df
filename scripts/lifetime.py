"""What customers are expected to be worth: BG/NBD and Gamma-Gamma, as `pymc-marketing` has them.

Fader, Hardie and Lee, "Counting Your Customers" the Easy Way (2005), and Fader and Hardie, The
Gamma-Gamma Model of Monetary Value (2013). Called by the dbt model `int_lifetime_values__expected`.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

# Fewer who came back tell nothing of the others.
FEWEST_REPEAT_BUYERS = 100
# Parameters of four and three numbers are as good from so many customers as from all.
MOST_FITTED = 50_000
DAYS_IN_WEEK = 7

EXPECTED = pa.schema(
    [
        ("customer_id", pa.string()),
        ("probability_alive", pa.float64()),
        ("expected_purchases", pa.float64()),
        ("expected_purchase_value", pa.float64()),
        ("expected_value", pa.float64()),
    ]
)


def expected_values(purchases: pa.Table, weeks_ahead: float) -> pa.Table:
    """What each customer is expected to buy in the weeks ahead.

    Args:
        purchases: `customer_id`, `purchase_day_count`, `active_days`, `age_days` and
            `repeat_amount`, as in the model `int_purchases__summarized`.
        weeks_ahead: how far to look.

    Returns:
        The columns of `EXPECTED`, one row a customer. No row where the extra `lifetime` is not
        installed, or too few customers came back.
    """
    repeat_buyers = pc.sum(pc.greater(purchases["purchase_day_count"], 1)).as_py() or 0
    if repeat_buyers < FEWEST_REPEAT_BUYERS or not is_installed():
        return EXPECTED.empty_table()
    customers = purchases.to_pandas().sort_values("customer_id", ignore_index=True)
    customers = customers.assign(
        frequency=customers["purchase_day_count"] - 1,
        recency=customers["active_days"] / DAYS_IN_WEEK,
        T=customers["age_days"] / DAYS_IN_WEEK,
        monetary_value=customers["repeat_amount"].astype(float),
    )
    with quiet():
        buying, alive = expected_purchases(customers, weeks_ahead)
        spending = expected_spend(customers)
    expected = customers[["customer_id"]].assign(
        probability_alive=alive,
        expected_purchases=buying,
        expected_purchase_value=spending,
        expected_value=buying * spending,
    )
    return pa.Table.from_pandas(expected, schema=EXPECTED, preserve_index=False)


def is_installed() -> bool:
    """Whether the extra `lifetime` is."""
    return find_spec("pymc_marketing") is not None


def expected_purchases(customers: pd.DataFrame, weeks_ahead: float) -> tuple[Any, Any]:
    """Purchases expected in the weeks ahead, and how likely each customer is to be one still.

    Args:
        customers: `customer_id`, `frequency` (repeat purchases), `recency` and `T` (weeks from the
            first purchase to the last, and to now).
        weeks_ahead: how far to look.
    """
    from pymc_marketing.clv import BetaGeoModel

    model = BetaGeoModel(model_config=_flat("r", "alpha", "a", "b"))
    columns = customers[["customer_id", "frequency", "recency", "T"]]
    model.fit(data=_sample(columns), method="map", progressbar=False)
    expected = model.expected_purchases(data=columns, future_t=weeks_ahead)
    alive = model.expected_probability_alive(data=columns)
    return _values(expected), _values(alive)


def expected_spend(customers: pd.DataFrame) -> Any:
    """What a purchase of each customer is expected to bring.

    Who has not come back yet, or brought nothing then, is expected to spend as everybody does.

    Args:
        customers: `customer_id`, `frequency` and `monetary_value` (mean of the repeat purchases).
    """
    from pymc_marketing.clv import GammaGammaModel

    has_spent = (customers["frequency"] > 0) & (customers["monetary_value"] > 0)
    spenders = customers.loc[has_spent, ["customer_id", "frequency", "monetary_value"]]
    model = GammaGammaModel(model_config=_flat("p", "q", "v"))
    model.fit(data=_sample(spenders), method="map", progressbar=False)
    spend = has_spent.astype(float)
    spend[~has_spent] = float(_values(model.expected_new_customer_spend()))
    spend[has_spent] = _values(model.expected_customer_spend(data=spenders))
    return spend.to_numpy()


def _flat(*parameters: str) -> dict[str, Any]:
    """Priors that leave the word to the data: the fit is the one of maximum likelihood."""
    from pymc_extras.prior import Prior

    return {parameter: Prior("HalfFlat") for parameter in parameters}


def _sample(customers: pd.DataFrame) -> pd.DataFrame:
    """So many of the customers at most, spread evenly: their ids are hashes."""
    step = -(-len(customers) // MOST_FITTED)
    return customers.iloc[::step].reset_index(drop=True)


def _values(draws: Any) -> Any:
    """The one draw a maximum has."""
    return draws.mean(("chain", "draw")).to_numpy()


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the library's remarks out of dbt's output."""
    logger = logging.getLogger("pymc")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)
