"""Small warehouses of nothing but the tables that say who is who."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

PERSON = (
    "full_name", "given_name_key", "family_name_key", "nickname_groups", "birth_date", "email_key",
    "phone", "address_key", "company_key",
)  # fmt: skip
ORGANIZATION = ("company_key", "email_key", "phone", "address_key")


def write_warehouse(
    file: Path,
    customers: Mapping[str, str],
    accounts: Mapping[str, str] | None = None,
    described: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """Writes a warehouse.

    Args:
        file: written anew.
        customers: customer of each person record, by its key.
        accounts: account of each organization's record, by its key.
        described: what is known of a record, by its key; of the others nothing is.
    """
    file.unlink(missing_ok=True)
    described = described or {}
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts; create schema intermediate")
        for noun, cleaned, columns, assigned in (
            ("customer", "person_records", PERSON, customers),
            ("account", "organizations", ORGANIZATION, accounts or {}),
        ):
            connection.execute(
                f"create table marts.xref_{noun}_records (source varchar, record_id varchar, "
                f"{noun}_id varchar, record_key varchar, is_deleted boolean)"
            )
            typed = ", ".join(
                f"{column} {'date' if column == 'birth_date' else 'varchar'}" for column in columns
            )
            connection.execute(
                f"create table intermediate.int_{cleaned}__cleaned (record_key varchar, {typed})"
            )
            for key, golden_id in assigned.items():
                source, _, record_id = key.partition(":")
                connection.execute(
                    f"insert into marts.xref_{noun}_records values (?, ?, ?, ?, false)",
                    [source, record_id, golden_id, key],
                )
                connection.execute(
                    f"insert into intermediate.int_{cleaned}__cleaned values "
                    f"(?{', ?' * len(columns)})",
                    [key, *(described.get(key, {}).get(column) for column in columns)],
                )
    return file
