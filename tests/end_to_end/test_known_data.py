"""Orders whose numbers are known from elsewhere, loaded as a user would, up to the marts."""

from __future__ import annotations

import csv
import datetime
import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
import yaml

from scripts import lifetime
from tests.end_to_end.conftest import Company

MODELS = "--exclude-resource-type=unit_test"  # they are what other tests build with


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The CDNOW sample: 2,357 people who first bought music in early 1997, to June 1998."""
    try:
        lifetimes = distribution("lifetimes")
    except PackageNotFoundError:
        pytest.skip("the package lifetimes, which has the CDNOW data, is not installed")
    company = Company(tmp_path_factory.mktemp("cdnow"))
    form = {"type": "csv", "delimiter": " ", "header": False}
    path = str(lifetimes.locate_file("lifetimes/datasets/CDNOW_sample.txt"))
    customers = {
        "name": "cdnow",
        "path": path,
        "key": ["col_1"],
        "format": form,
        "columns": {"user_id": "col_1"},
        "traits": [],
    }
    orders = {
        "name": "cdnow_orders",
        "path": path,
        "entity": "orders",
        "format": form,
        "columns": {
            "customer_record_id": {"column": "col_1", "dataset": "cdnow"},
            "ordered_at": {"column": "col_2", "date_format": "%Y%m%d"},
            "quantity": "col_3",
            "amount": "col_4",
            "currency": {"value": "USD"},
        },
    }
    mapping = {"datasets": [customers, orders]}
    (company.folder / "files.yml").write_text(yaml.safe_dump(mapping))
    company.cdi("load", "files")
    # The published models are of the first 39 weeks, and look 39 weeks ahead.
    company.cdi("build", MODELS, "--vars", "{as_of: 1997-09-30, lifetime_weeks: 39}")
    return company


def test_cdnow_has_its_known_totals(cdnow: Company) -> None:
    orders = "select count(*), count(distinct customer_id), sum(amount) from marts.fct_orders"
    ((rows, customers, amount),) = cdnow.query(orders)
    assert (rows, customers, float(amount)) == (6919, 2357, 244091.94)
    # The calibration period, of which Fader and Hardie give the summary.
    assert cdnow.query(
        "select sum(purchase_day_count - 1), max(age_days), min(age_days) "
        "from intermediate.int_purchases__summarized"
    ) == [(2457, 272, 189)]
    assert cdnow.query("select sum(unaccounted_count) from governance.fact_reconciliation") == [
        (0,)
    ]
    in_period = "from marts.fct_orders where ordered_at < '1997-10-01'"
    for mart, count in (
        ("marts.customer_rfm", "sum(frequency)"),
        ("marts.cohort_retention", "sum(order_count)"),
        ("marts.customer_360", "sum(order_count)"),
    ):
        assert cdnow.query(f"select {count} from {mart}") == cdnow.query(
            f"select count(*) {in_period}"
        )
    assert cdnow.query(
        "select cohort_month, customer_count from marts.cohort_retention where months_since = 0"
        " order by 1"
    ) == cdnow.query(
        "select date_trunc('month', first_at)::date, count(*) from (select customer_id, "
        f"min(ordered_at) as first_at {in_period} group by 1) group by 1 order by 1"
    )


def test_cdnow_is_expected_to_buy_what_was_published(cdnow: Company) -> None:
    if not lifetime.is_installed():
        pytest.skip("the extra lifetime is not installed")
    # x = 2, t_x = 30.43, T = 38.86 weeks: 1.226 purchases in 39 weeks ("Counting Your Customers"
    # the Easy Way, and the note that implements it in Excel); with a mean of 22.35 dollars, 24.66
    # a purchase (The Gamma-Gamma Model of Monetary Value).
    of_customer = (
        "from marts.customer_lifetime_value inner join intermediate.int_purchases__summarized "
        "using (customer_id) where purchase_day_count = 3 and active_days = 213 and age_days = 272 "
        "and round(repeat_amount, 1) = 22.3"
    )
    ((purchases, spend),) = cdnow.query(
        f"select expected_purchases, expected_purchase_value {of_customer}"
    )
    assert purchases == pytest.approx(1.226, abs=0.0005)
    assert spend == pytest.approx(24.66, abs=0.01)
    ((expected, alive, rows),) = cdnow.query(
        "select sum(expected_purchases), max(probability_alive), count(expected_value) "
        "from marts.customer_lifetime_value"
    )
    assert rows == 2357
    assert alive <= 1
    # What the model sees for all of them, by its published parameters (0.243, 4.414, 0.793, 2.426).
    assert expected == pytest.approx(1653.4, abs=1)


SUPERSTORE = [
    "Row ID", "Order ID", "Order Date", "Ship Date", "Ship Mode", "Customer ID",
    "Customer Name", "Segment", "Country", "City", "State", "Postal Code", "Region",
    "Product ID", "Category", "Sub-Category", "Product Name", "Sales", "Quantity",
    "Discount", "Profit",
]  # fmt: skip
GIVEN = ("Claire", "Darrin", "Sean", "Brosina", "Andrew", "Irene", "Harold", "Pete", "Zuschuss")
FAMILY = ("Gute", "Van Huff", "O'Donnell", "Hoffman", "Allen", "Maddox", "Pawlan", "Kriz", "Moss")
RENTALS = """
create table customer (
    customer_id integer primary key, first_name text, last_name text, email text,
    create_date text, last_update text
);
create table payment (
    payment_id integer primary key, customer_id integer, amount numeric(5, 2), payment_date text
);
create view users as
select
    customer_id as id, email, first_name as given_name, last_name as family_name,
    create_date as created_at, last_update as updated_at
from customer;
create view sales as
select
    payment_id as id, customer_id as user_id, 'paid' as status, 'USD' as currency, amount,
    payment_date as ordered_at, payment_date as updated_at
from payment;
create table logins (id integer primary key, user_id integer, logged_in_at text);
create table consents (id integer primary key, user_id integer, recorded_at text);
"""


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Order lines in a file as Superstore has them, and payments in a database as dvdrental has."""
    company = Company(tmp_path_factory.mktemp("shops"))
    rng = random.Random(7)
    _write_superstore(company.folder / "superstore.csv", rng)
    _write_rentals(company.folder / "rentals.sqlite", rng)
    path = str(company.folder / "superstore.csv")
    customers = {
        "name": "superstore",
        "path": path,
        "key": ["Customer ID"],
        "columns": {"full_name": "Customer Name", "user_id": "Customer ID"},
        "traits": ["Segment"],
    }
    orders = {
        "name": "superstore_orders",
        "path": path,
        "entity": "orders",
        "key": ["Row ID"],
        "columns": {
            "order_id": "Order ID",
            "customer_record_id": {"column": "Customer ID", "dataset": "superstore"},
            "ordered_at": "Order Date",
            "amount": "Sales",
            "quantity": "Quantity",
            "product_id": "Product ID",
            "product_name": "Product Name",
            "currency": {"value": "USD"},
        },
    }
    mapping = {"datasets": [customers, orders]}
    (company.folder / "files.yml").write_text(yaml.safe_dump(mapping))
    settings = {
        "SOURCES__APP_DATABASE__CREDENTIALS": f"sqlite:///{company.folder / 'rentals.sqlite'}",
        "SOURCES__APP_DATABASE__ORDERS_TABLE": "sales",
    }
    company.cdi("load", "files", "app_database", settings=settings)
    company.cdi("build", MODELS)
    return company


def _write_superstore(file: Path, rng: random.Random) -> None:
    people = [(f"CG-{10000 + i}", f"{a} {b}") for i, (a, b) in enumerate(_names())]
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, SUPERSTORE)
        writer.writeheader()
        row = 0
        for order in range(150):
            code, name = people[min(rng.randrange(60), rng.randrange(60))]
            day = datetime.date(2014, 1, 3) + datetime.timedelta(rng.randrange(1400))
            for line in range(rng.randint(1, 4)):
                row += 1
                writer.writerow(
                    {
                        "Row ID": row,
                        "Order ID": f"CA-{day.year}-{100000 + order}",
                        "Order Date": day.isoformat(),
                        "Customer ID": code,
                        "Customer Name": name,
                        "Segment": "Consumer",
                        "Country": "United States",
                        "Product ID": f"FUR-{line}",
                        "Product Name": 'Bookcase, 36" wide',
                        "Sales": f"{rng.uniform(0.5, 900):.4f}",
                        "Quantity": rng.randint(1, 9),
                    }
                )


def _write_rentals(file: Path, rng: random.Random) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(RENTALS)
        for number, (given, family) in enumerate(_names()[:40], start=1):
            email = f"{given}.{family}@sakilacustomer.org".lower().replace(" ", "").replace("'", "")
            # A login name of their own each: these are not the people of the other shop.
            connection.execute(
                "insert into customer values (?, ?, ?, ?, '2013-12-01', '2013-12-26 09:50:00')",
                (number, given[::-1].title(), f"{family[::-1].title()}son", email),
            )
        for number in range(1, 301):
            moment = datetime.datetime(2017, 2, 14) + datetime.timedelta(
                minutes=rng.randrange(90 * 1440)
            )
            connection.execute(
                "insert into payment values (?, ?, ?, ?)",
                (number, rng.randint(1, 40), rng.choice([0, 0.99, 2.99, 4.99]), str(moment)),
            )
        connection.commit()


def _names() -> list[tuple[str, str]]:
    return [(given, family) for given in GIVEN for family in FAMILY]


def _bought(company: Company) -> dict[str, list[tuple[datetime.date, float]]]:
    """Orders by what their sources call the buyer, read without the project."""
    orders: dict[tuple[str, datetime.date, str], float] = defaultdict(float)
    with (company.folder / "superstore.csv").open() as lines:
        for row in csv.DictReader(lines):
            day = datetime.date.fromisoformat(row["Order Date"])
            orders[f"superstore:{row['Customer ID']}", day, row["Order ID"]] += float(row["Sales"])
    with closing(sqlite3.connect(company.folder / "rentals.sqlite")) as connection:
        for number, customer, amount, moment in connection.execute("select * from payment"):
            day = datetime.datetime.fromisoformat(moment).date()
            orders[str(customer), day, str(number)] = amount
    found = defaultdict(list)
    for (customer, day, _), amount in orders.items():
        found[customer].append((day, amount))
    return found


def test_orders_of_a_file_and_of_a_database_reach_rfm_with_their_sums(shops: Company) -> None:
    bought = _bought(shops)
    last_day = max(day for orders in bought.values() for day, _ in orders)
    rows = shops.query(
        "select records.record_id, recency_days, frequency, monetary from marts.customer_rfm "
        "inner join marts.xref_customer_records as records using (customer_id)"
    )
    assert {record for record, *_ in rows} == set(bought)
    for record, recency, frequency, monetary in rows:
        orders = bought[record]
        assert recency == (last_day - max(day for day, _ in orders)).days
        assert frequency == len(orders)
        assert float(monetary) == pytest.approx(sum(amount for _, amount in orders), abs=0.0001)


def test_orders_of_a_file_and_of_a_database_reach_cohorts(shops: Company) -> None:
    expected: dict[tuple[datetime.date, datetime.date], set[str]] = defaultdict(set)
    for customer, orders in _bought(shops).items():
        first = min(day for day, _ in orders).replace(day=1)
        for day, _ in orders:
            expected[first, day.replace(day=1)].add(customer)
    rows = shops.query(
        "select cohort_month, month_start, active_customer_count from marts.cohort_retention "
        "where active_customer_count > 0"
    )
    assert {(cohort, month): count for cohort, month, count in rows} == {
        months: len(customers) for months, customers in expected.items()
    }
    assert shops.query(
        "select source, fact_count, unaccounted_count, unaccounted_amount from "
        "governance.fact_reconciliation where fact = 'fct_orders' and fact_count > 0 order by 1"
    ) == [("app_database", 300, 0, 0), ("files", 150, 0, 0)]
