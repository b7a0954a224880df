"""The entry that is proposed for a file loads the file, as the files source reads it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.settings import PROJECT
from ingestion.sources.files.mapping import CustomerColumns, OrderColumns, read_mapping

Write = Callable[..., Path]

CUSTOMERS = [
    ["CustNo", "FIRST_NM", "LAST_NM", "DOB", "EMAIL", "EMAIL_2", "TEL", "STREET", "ZIP", "CITY",
     "CTRY", "PASSPORT_NO", "SINCE", "TITLE"],
    ["C1", "Ana", "Silva", "31/12/1985", "ana@example.com", "a@example.org", "+49 30 1234567",
     "Hauptstr. 1", "10115", "Berlin", "Germany", "P123", "01/02/2020", "Dr"],
    ["C2", "Bob", "Stone", "13.06.1990", "bob@example.com", "", "+49 30 7654321",
     "Ring 2", "89073", "Ulm", "DE", "", "15/11/2021", "Mr"],
]  # fmt: skip
ORDERS = [
    ["receipt_no", "line_no", "sold_at", "customer_no", "email", "state", "currency", "item", "qty",
     "paid"],
    ["R1", "1", "2024-01-02 10:00:00", "C1", "ana@example.com", "paid", "EUR", "Tea", "1", "3.50"],
    ["R1", "2", "2024-01-02 10:00:00", "C1", "ana@example.com", "paid", "EUR", "Cup", "2", "9.00"],
    ["R2", "1", "2024-01-03 11:00:00", "C2", "bob@example.com", "refunded", "EUR", "Tea", "1",
     "3.50"],
]  # fmt: skip


def proposed(audited: dict[str, Any]) -> dict[str, Any]:
    (entry,) = yaml.safe_load(audited["proposal"])
    return entry


def test_a_file_of_customers(audit: Callable[..., dict[str, Any]], write: Write) -> None:
    entry = proposed(audit(write(CUSTOMERS, delimiter=";")))
    assert entry["name"] == "people"
    assert entry["entity"] == "customers"
    assert entry["key"] == ["CustNo"]
    assert entry["format"] == {"encoding": "utf-8", "delimiter": ";"}
    assert entry["columns"] == {
        "given_name": "FIRST_NM",
        "family_name": "LAST_NM",
        "birth_date": {"column": "DOB", "date_format": ["%d/%m/%Y", "%d.%m.%Y"]},
        "email": "EMAIL",
        "phone": "TEL",
        "street_address": "STREET",
        "postcode": "ZIP",
        "city": "CITY",
        "country": "CTRY",
        "created_at": {"column": "SINCE", "date_format": ["%d/%m/%Y"]},
        "identifiers": {"email": "EMAIL_2", "passport": "PASSPORT_NO"},
    }


def test_a_file_of_orders(audit: Callable[..., dict[str, Any]], write: Write) -> None:
    entry = proposed(audit(write(ORDERS)))
    assert entry["entity"] == "orders"
    assert entry["key"] == ["receipt_no", "line_no"]
    assert entry["columns"] == {
        "order_id": "receipt_no",
        "ordered_at": "sold_at",
        "customer_record_id": "customer_no",
        "email": "email",
        "status": "state",
        "currency": "currency",
        "product_name": "item",
        "quantity": "qty",
        "amount": "paid",
    }


def test_proposed_entries_load(
    cdi: Callable[..., Any],
    write: Write,
    tmp_path: Path,
    loaded: Callable[[str], Any],
    query: Callable[..., list[tuple]],
) -> None:
    customers = write(CUSTOMERS, "customers.csv", delimiter=";")
    orders = write(ORDERS, "orders.tsv", delimiter="\t")
    assert not (tmp_path / "files.yml").exists()
    assert cdi(customers, orders, "--write").exit_code == 0
    assert [d.name for d in read_mapping(tmp_path / "files.yml").datasets] == [
        "customers",
        "orders",
    ]
    result = loaded("files")
    assert result.rows == {"customers": 2, "orders": 3}
    assert not result.rejected
    assert query(
        "select record_id, given_name, birth_date, email, country, created_at::date::varchar "
        "from raw_files.customers order by 1"
    ) == [
        ("customers:C1", "Ana", "1985-12-31", "ana@example.com", "Germany", "2020-02-01"),
        ("customers:C2", "Bob", "1990-06-13", "bob@example.com", "DE", "2021-11-15"),
    ]
    assert query("select order_id, amount::double, status from raw_files.orders order by 2") == [
        ("R1", 3.5, "paid"),
        ("R2", 3.5, "refunded"),
        ("R1", 9.0, "paid"),
    ]


def test_without_being_asked_nothing_is_written(
    cdi: Callable[..., Any], write: Write, tmp_path: Path
) -> None:
    assert cdi(write(CUSTOMERS)).exit_code == 0
    assert not (tmp_path / "files.yml").exists()


def test_an_entry_is_added_beside_what_is_there(
    cdi: Callable[..., Any], write: Write, tmp_path: Path
) -> None:
    mapping = tmp_path / "files.yml"
    mapping.write_text("# mine\ndatasets:\n  - name: people  # kept\n    path: old/*.csv\n")
    file = write(CUSTOMERS)
    result = cdi(file, "--write")
    assert result.exit_code == 0
    assert "people_2" in result.output
    assert mapping.read_text().startswith("# mine\ndatasets:\n  - name: people  # kept\n")
    kept, added = read_mapping(mapping).datasets
    assert (kept.path, added.name, added.path) == ("old/*.csv", "people_2", str(file))


@pytest.mark.parametrize("text", ["datasets: []\n", "datasets:\n  - name: x\n    path: y\nz: 1\n"])
def test_a_mapping_that_cannot_be_added_to_is_left_as_it_is(
    cdi: Callable[..., Any], write: Write, tmp_path: Path, text: str
) -> None:
    mapping = tmp_path / "files.yml"
    mapping.write_text(text)
    result = cdi(write(CUSTOMERS), "--write")
    assert result.exit_code == 1
    assert "files.yml" in result.output
    assert mapping.read_text() == text
    assert not list(tmp_path.glob("*.new"))


def test_what_the_source_could_not_read_stays_a_trait(
    audit: Callable[..., dict[str, Any]], write: Write
) -> None:
    rows = [["id", "email", "created", "record_type"]]
    rows += [[str(n), f"p{n}@example.com", "soon" if n % 2 else "2024-01-01", "vip"]
             for n in range(10)]  # fmt: skip
    assert proposed(audit(write(rows)))["columns"] == {"email": "email"}


def test_organizations_are_told_from_people(
    audit: Callable[..., dict[str, Any]], write: Write
) -> None:
    rows = [["id", "company", "city"], ["1", "Acme Ltd", "Ulm"], ["2", "Globex", "Bonn"]]
    columns = proposed(audit(write(rows)))["columns"]
    assert columns["record_type"] == {"value": "organization"}


def test_the_seed_names_the_columns_of_the_mapping() -> None:
    rows = [(row["entity"], row["attribute"]) for row in seed("canonical_attributes")]
    expected = [("customers", name) for name in CustomerColumns.model_fields]
    expected += [("orders", name) for name in OrderColumns.model_fields]
    assert sorted(rows) == sorted([*expected, ("customers", "record_id"), ("orders", "record_id")])


def test_an_attribute_is_known_by_its_own_name() -> None:
    names = {(row["alias"], row["attribute"]) for row in seed("attribute_aliases")}
    attributes = {row["attribute"] for row in seed("canonical_attributes")} - {"identifiers"}
    assert {name for name in attributes if (name, name) not in names} == set()


def seed(name: str) -> list[dict[str, str]]:
    file = PROJECT / "dbt_project" / "seeds" / "governance" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
