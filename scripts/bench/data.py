"""Made-up data for the benchmarks, written by DuckDB straight to files."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb

from ingestion import storage
from ingestion.sql import literal
from scripts.sandbox.world import SQL as WORLD_SQL
from scripts.sandbox.world import reference

SQL = Path(__file__).parent / "sql"
EVENTS_PER_FILE = 500_000
EVENTS_EACH, ORDERS_EACH = 10, 2
"""Of each person in `fill_activity`."""

# As CSV of one column, with no character to quote, escape or part fields with.
_LINES = "format csv, header false, quote '', escape '', delimiter '\x1f', compression gzip"

_CUSTOMERS = """
select
    -- One row in a thousand has no key.
    case when not chance(0.001, 'keyless', number) then number end as customer_no,
    people_as_typed.* exclude (number) replace (people.birth_date as birth_date),
    below(5000, 'points', number) as loyalty_points,
    chance(0.4, 'newsletter', number) as newsletter
from people_as_typed
inner join people using (number)
order by number
"""

_USERS = """
select
    'usr_' || number as id, email, given_name, family_name, birth_date,
    '+' || calling_code || phone as phone, country, created_at, updated_at,
    case when chance(0.02, 'deleted', number) then updated_at end as deleted_at
from people
order by number
"""

# Of a relation of people that has the columns of the raw table, and others to leave out.
_RECORDS = """
insert into warehouse.raw_files.customers by name
select
    'crm:' || number as record_id,
    'crm' as dataset,
    'person' as record_type,
    columns(* exclude ({left_out})),
    'crm.csv' as file,
    number as line,
    '1767225600' as _dlt_load_id,
    cast(number as varchar) as _dlt_id
from {relation}
"""


def write_events(folder: Path, rows: int, seed: int) -> None:
    """Writes `folder/NNN.jsonl.gz`: Segment calls, one in a thousand malformed."""
    folder.mkdir()

    def write(number: int) -> None:
        first = number * EVENTS_PER_FILE
        file = folder / f"{number:03}.jsonl.gz"
        with closing(_world(seed)) as connection:
            connection.execute("set threads = 1")
            connection.execute((SQL / "events.sql").read_text())
            beyond = min(first + EVENTS_PER_FILE, rows)
            connection.execute(
                f"copy (from event_lines({first}, {beyond})) to {literal(file)} ({_LINES})"
            )

    with ThreadPoolExecutor(os.cpu_count()) as writers:
        list(writers.map(write, range(-(-rows // EVENTS_PER_FILE))))


def write_customers(file: Path, rows: int, seed: int) -> None:
    """Writes a CSV of customers as people typed them, one in a thousand without its key."""
    with closing(_people(rows, seed)) as connection:
        connection.execute(f"copy ({_CUSTOMERS}) to {literal(file)} (format csv, header)")


def write_users(file: Path, rows: int, seed: int) -> None:
    """Writes a CSV of the users of an app, without a header."""
    with closing(_people(rows, seed)) as connection:
        connection.execute(f"copy ({_USERS}) to {literal(file)} (format csv, header false)")


def fill_records(warehouse: Path, rows: int, seed: int) -> None:
    """Fills `raw_files.customers` of a warehouse with people as they typed themselves."""
    with closing(_people(rows, seed)) as connection:
        storage.attach(connection, warehouse, "warehouse", read_only=False)
        connection.execute(_RECORDS.format(relation="people_as_typed", left_out="number"))


def fill_activity(warehouse: Path, folder: Path, people: int, seed: int) -> None:
    """Fills raw tables with people and what they do, by way of Parquet files; see `activity.sql`.

    Args:
        warehouse: has the raw tables of every source.
        folder: gets the files.
        people: how many.
        seed: another one makes other data.
    """
    with closing(_people(people, seed)) as connection:
        connection.execute((SQL / "activity.sql").read_text())
        storage.attach(connection, warehouse, "warehouse", read_only=False)
        users = "(select *, 'usr_' || number as user_id from people_as_typed)"
        connection.execute(_RECORDS.format(relation=users, left_out="number"))
        tenth = people // 10
        made = {
            "raw_segment_events.events": f"raw_events(0, {EVENTS_EACH * people:d})",
            "raw_files.orders": f"raw_orders(0, {ORDERS_EACH * people:d})",
            "raw_stripe.customers": f"raw_payers(1, {tenth:d})",
            "raw_stripe.subscriptions": f"raw_subscriptions(1, {tenth:d})",
            "raw_stripe.invoices": f"raw_invoices(1, {tenth:d})",
            "raw_zendesk.users": f"raw_requesters(1, {tenth:d})",
            "raw_zendesk.tickets": f"raw_tickets(1, {tenth:d})",
        }
        for table, rows in made.items():
            file = literal(folder / f"{table}.parquet")
            connection.execute(f"copy (from {rows}) to {file} (format parquet)")
            connection.execute(f"insert into warehouse.{table} by name from {file}")


def deliver(folder: Path, people: int, first: int, last: int, round_: int, seed: int) -> None:
    """Writes what tools deliver of people `first` to `last` to `folder/inbox` and `folder/bucket`.

    That is a CSV of customers, a CSV of their orders, and gzipped JSON lines of their events.

    Args:
        folder: gets the files.
        people: how many there are in all.
        first: number of the first of these, from 1.
        last: number of the last of these.
        round_: 0 for what was before; a later one has other orders and events of the same people.
        seed: another one makes other data.
    """
    inbox, bucket = folder / "inbox", folder / "bucket"
    for place in (inbox, bucket):
        place.mkdir(exist_ok=True)
    each = EVENTS_PER_FILE // EVENTS_EACH

    def delivering(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        for script in (WORLD_SQL / "slips.sql", SQL / "activity.sql", SQL / "deliveries.sql"):
            connection.execute(script.read_text())
        return connection

    def write(begin: int) -> None:
        end = min(begin + each - 1, last)
        file = literal(bucket / f"{round_}_{begin:09}.jsonl.gz")
        rows = f"delivered_events({begin:d}, {end:d}, {round_:d})"
        # What is done on a site takes nobody's name.
        with closing(delivering(_people(1, seed))) as connection:
            connection.execute("set threads = 1")
            connection.execute(f"copy (from {rows}) to {file} ({_LINES})")

    with closing(delivering(_people(people, seed))) as connection:
        for kind in ("customers", "orders"):
            rows = f"delivered_{kind}({first:d}, {last:d}, {round_:d})"
            file = literal(inbox / f"{kind}_{round_}.csv")
            connection.execute(f"copy (from {rows}) to {file} (format csv, header)")
    with ThreadPoolExecutor(os.cpu_count()) as writers:
        list(writers.map(write, range(first, last + 1, each)))


def person_records(people: int, seed: int) -> duckdb.DuckDBPyConnection:
    """A connection with `people_records`: what is known of people, some recorded twice."""
    connection = _world(seed)
    connection.execute("attach ':memory:' as world")
    connection.execute(f"set variable customers = {people:d}")
    for step in ("companies", "people", "slips"):
        connection.execute((WORLD_SQL / f"{step}.sql").read_text(encoding="utf-8"))
    connection.execute((SQL / "records.sql").read_text(encoding="utf-8"))
    return connection


def add_records(warehouse: Path, file: Path) -> None:
    """Adds records of people, as `person_records` makes them, to `raw_files.customers`."""
    with closing(connect()) as connection:
        storage.attach(connection, warehouse, "warehouse", read_only=False)
        left_out = "number, person_id, is_later"
        connection.execute(_RECORDS.format(relation=literal(file), left_out=left_out))


def connect(file: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a database file, or to memory, that draws no progress bar."""
    connection = storage.connect(file) if file else storage.in_memory()
    connection.execute("set enable_progress_bar = false")
    return connection


def _people(rows: int, seed: int) -> duckdb.DuckDBPyConnection:
    connection = _world(seed)
    connection.execute(f"set variable people = {rows:d}")
    connection.execute((SQL / "people.sql").read_text())
    return connection


def _world(seed: int) -> duckdb.DuckDBPyConnection:
    """A connection with the lists and macros the sandbox's world is made with."""
    connection = connect()
    connection.execute(f"set variable seed = {seed:d}")
    reference.create(connection)
    connection.execute((WORLD_SQL / "macros.sql").read_text(encoding="utf-8"))
    return connection
