"""Stands in for dbt's `model` while sqlfluff renders models: it has one column, made of a trait."""

columns = {
    "locale": {
        "name": "locale",
        "data_type": "varchar",
        "config": {"meta": {"trait": {"source": "shopify", "name": "locale"}}},
    }
}
