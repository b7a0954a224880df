"""What customers are expected to buy: BG/NBD and Gamma-Gamma, by `scripts.lifetime`."""

from scripts.lifetime import expected_values


def model(dbt, session):
    dbt.config(materialized="table")
    purchases = dbt.ref("int_purchases__summarized").to_arrow_table()
    return expected_values(purchases, float(dbt.config.get("weeks_ahead")))
