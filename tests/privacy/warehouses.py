"""A small warehouse of a few people, for who was affected by what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

DESCRIBED = (
    "customer_id", "full_name", "email", "phone", "street_address", "unit", "postcode", "city",
    "region", "region_code", "country_code",
)  # fmt: skip
ANN = ("cus_ann", "Ann Lee", "Ann.Lee@GMail.com", "+442079460123", "1 High St", None, "N1",
       "London", None, None, "GB")  # fmt: skip
BEA = ("cus_bea", "=cmd|' /C calc'!A0", "bea@example.net", None, "2 Weg", None, "10115",
       "Berlin", None, None, "DE")  # fmt: skip
CAL = ("cus_cal", "Cal Ford", None, "+14155550100", "3 Main St", None, "94110",
       "San Francisco", "California", "US-CA", "US")  # fmt: skip
DEE = ("cus_dee", "Dee Ford", "dee@example.net", "+14155550100", "3 Main St", None, "94110",
       "San Francisco", "California", "US-CA", "US")  # fmt: skip
EVA = ("cus_eva", "Eva Nov", None, None, None, None, None, None, None, None, None)
PEOPLE: tuple[tuple[str | None, ...], ...] = (ANN, BEA, CAL, DEE, EVA)
RECORDS = {
    "hubspot:101000": "cus_ann", "shopify:670001": "cus_ann", "files:crm:C1": "cus_bea",
    "hubspot:101001": "cus_cal", "hubspot:101002": "cus_dee", "app_database:usr_5": "cus_eva",
}  # fmt: skip
IDENTIFIERS = (
    ("cus_ann", "email", "annlee@gmail.com"), ("cus_ann", "phone", "+442079460123"),
    ("cus_ann", "hubspot_contact_id", "101000"), ("cus_bea", "email", "bea@example.net"),
    ("cus_cal", "phone", "+14155550100"), ("cus_cal", "hubspot_contact_id", "101001"),
    ("cus_dee", "email", "dee@example.net"), ("cus_dee", "phone", "+14155550100"),
    ("cus_dee", "hubspot_contact_id", "101002"), ("cus_eva", "user_id", "usr_5"),
    ("cus_eva", "loyalty", "LC777888"),
)  # fmt: skip
# What is to be in nothing that is told, in small letters.
PERSONAL = (
    "ann.lee", "annlee", "ford", "dee@", "example.net", "example.org", "gmail", "5550100",
    "9460123", "0123", "901820", "94110", "stranger", "cus_", "101000", "670001", "lc777888", "777",
)  # fmt: skip


def write_warehouse(file: Path, people: Sequence[tuple[str | None, ...]] = PEOPLE) -> Path:
    """Writes it anew: who is who, an orders mart by the second, and raw contacts as documents."""
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts; create schema raw_hubspot; create schema staging")
        columns = ", ".join(f"{name} varchar" for name in DESCRIBED)
        connection.execute(f"create table marts.dim_customers ({columns})")
        connection.executemany(
            f"insert into marts.dim_customers values ({', '.join('?' * len(DESCRIBED))})",
            [list(person) for person in people],
        )
        connection.execute(
            """
            create table marts.xref_customer_records
                (source varchar, record_id varchar, customer_id varchar, record_key varchar);
            create table marts.xref_customer_identifiers
                (customer_id varchar, identifier_type varchar, identifier_value varchar);
            create table marts.customer_id_aliases as
                select 'cus_old' as alias_id, 'cus_eva' as customer_id;
            create table marts.fct_orders
                (order_key varchar, customer_id varchar, amount decimal(18, 4), status varchar,
                 loaded_at timestamp);
            insert into marts.fct_orders values
                ('a:1', 'cus_bea', 1, 'paid', '2026-03-01 11:59:59'),
                ('a:2', 'cus_ann', 1, 'paid', '2026-03-01 12:00:00'),
                ('a:3', 'cus_ann', 1, 'paid', '2026-03-01 12:30:00'),
                ('a:4', 'cus_old', 1, 'paid', '2026-03-01 13:00:00'),
                ('a:5', 'cus_cal', 1, 'paid', '2026-03-01 13:00:01'),
                ('a:6', null, 1, 'paid', '2026-03-01 12:30:00');
            create table raw_hubspot.contacts (id varchar, properties json, _dlt_load_id varchar);
            create view staging.stg_hubspot__contacts as
                select id as contact_id, properties from raw_hubspot.contacts;
            """
        )
        connection.executemany(
            "insert into marts.xref_customer_records values (?, ?, ?, ?)",
            [[*key.split(":", 1), customer, key] for key, customer in RECORDS.items()],
        )
        connection.executemany(
            "insert into marts.xref_customer_identifiers values (?, ?, ?)",
            [list(row) for row in IDENTIFIERS],
        )
        contacts = [
            ("101000", {"email": "other@example.org"}, 1772366400),
            ("999999", {"email": "Dee@Example.net", "size": "101001"}, 1772366401),
            ("999998", {"mobilephone": "(415) 555-0100", "country": "United States"}, 1772366402),
            ("999997", {"email": "stranger@example.org"}, 1772366403),
        ]
        connection.executemany(
            "insert into raw_hubspot.contacts values (?, ?, ?)",
            [[key, json.dumps(known), f"{loaded}.0"] for key, known, loaded in contacts],
        )
    return file
