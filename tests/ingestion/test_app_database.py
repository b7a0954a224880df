"""The connector of the app's database, on a real PostgreSQL and on SQLite."""

from __future__ import annotations

import datetime
import decimal
import re
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pgserver
import pytest
import sqlalchemy as sa

from ingestion.pipeline import load
from ingestion.quarantine import MAX_RECORD_BYTES
from scripts.sandbox.vendors import app_database as vendor
from scripts.sandbox.world import build_world

TABLES = """
create table users (
    id {key}, email text, given_name text, family_name text, birth_date date, phone text,
    country text, created_at {time}, updated_at {time} not null, deleted_at {time}
);
create table logins (
    id {serial}, user_id text, device_id text, device_type text, user_agent text, ip text,
    logged_in_at {time}
);
create table consents (
    id {serial}, user_id text, purpose text, channel text, status text, evidence text,
    recorded_at {time}
);
"""
ROWS = """
insert into users (id, email, birth_date, created_at, updated_at) values
    ('usr_1', 'a@example.com', '1990-02-01', '2025-01-01 09:00:00', '2025-03-01 09:00:00.25'),
    ('usr_2', 'b@example.com', null, '2025-01-01 09:00:00', '2025-03-01 09:00:00');
insert into logins (id, user_id, device_type, logged_in_at) values
    (1, 'usr_1', 'mobile', '2025-03-01 09:00:00');
insert into consents (id, user_id, purpose, channel, status, recorded_at) values
    (1, 'usr_1', 'marketing', 'email', 'granted', '2025-03-01 09:00:00');
"""
ALL = {"users": 2, "logins": 1, "consents": 1, "users_keys": 2, "consents_keys": 1}


@dataclass
class Database:
    """A database the connector is pointed at.

    Args:
        dialect: `sqlite` or `postgresql`.
        url: what the connector is given.
    """

    dialect: str
    url: str

    @property
    def engine(self) -> sa.Engine:
        url = self.url.replace("postgresql:", "postgresql+psycopg2:")
        return sa.create_engine(url, poolclass=sa.NullPool)

    def run(self, script: str) -> None:
        with self.engine.begin() as connection:
            for statement in filter(str.strip, script.split(";")):
                connection.exec_driver_sql(statement)

    def create(self, script: str = TABLES, **types: str) -> None:
        kinds = {"key": "text primary key", "serial": "bigint primary key", "time": "timestamp"}
        self.run(script.format(**kinds | types))


@pytest.fixture(scope="session")
def server() -> Iterator[pgserver.PostgresServer]:
    """A PostgreSQL for the whole session; its role `limited` needs the password `right`."""
    # Not below pytest's own folder, which the server's user (as root, another) may not enter.
    with tempfile.TemporaryDirectory(prefix="cdi-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        access = Path(folder, "pg_hba.conf")
        access.write_text(f"local all limited scram-sha-256\n{access.read_text()}")
        server.psql("create role limited login password 'right'; select pg_reload_conf();")
        yield server
        server.cleanup()


@pytest.fixture
def postgresql(server: pgserver.PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A new PostgreSQL database whose clock is not in UTC."""
    name = f"app_{uuid.uuid4().hex}"
    server.psql(f"create database {name};")
    server.psql(f"alter database {name} set timezone to 'America/New_York';")
    url = server.get_uri(database=name)
    monkeypatch.setenv("SOURCES__APP_DATABASE__CREDENTIALS", url)
    return Database("postgresql", url)


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A new SQLite file."""
    url = f"sqlite:///{tmp_path / 'app.sqlite'}"
    monkeypatch.setenv("SOURCES__APP_DATABASE__CREDENTIALS", url)
    return Database("sqlite", url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A database of either kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def users(query: Callable[..., list[tuple]]) -> Callable[[], list[tuple]]:
    """Raw users by id, with their e-mail, and whether the database still has them."""
    return lambda: query(
        "select id, email, id in (select id from raw_app_database.users_keys) "
        "from raw_app_database.users order by 1"
    )


def test_rows_land_in_the_contracts_types_and_only_changes_move(database, loaded, query, users):
    database.create()
    database.run(ROWS)
    assert loaded("app_database").rows == ALL
    (row,) = query(
        "select birth_date, updated_at, deleted_at from raw_app_database.users where id = 'usr_1'"
    )
    moment = datetime.datetime(2025, 3, 1, 9, 0, 0, 250_000)
    assert row == (datetime.date(1990, 2, 1), moment, None)
    assert query("select id, logged_in_at from raw_app_database.logins") == [
        ("1", datetime.datetime(2025, 3, 1, 9))
    ]
    assert loaded("app_database").rows == {}

    # Changed at the same moment as the newest row that was read, and a moment before it.
    database.run("""
        update users set email = 'new@example.com' where id = 'usr_1';
        insert into users (id, updated_at) values ('usr_3', '2025-03-01 08:59:00')
    """)
    assert loaded("app_database").rows == {"users": 2, "users_keys": 3}
    assert users() == [
        ("usr_1", "new@example.com", True),
        ("usr_2", "b@example.com", True),
        ("usr_3", None, True),
    ]
    assert loaded("app_database").rows == {}


def test_deleted_and_created_again(database, loaded, query, users):
    database.create()
    database.run(ROWS)
    loaded("app_database")
    database.run("delete from users where id = 'usr_1'; delete from consents")
    assert loaded("app_database").rows == {"users_keys": 1}
    assert users() == [("usr_1", "a@example.com", False), ("usr_2", "b@example.com", True)]
    assert query("select count(*) from raw_app_database.consents_keys") == [(0,)]
    assert loaded("app_database").rows == {}

    database.run("insert into users (id, email, updated_at) values ('usr_1', 'c', '2025-04-01')")
    assert loaded("app_database").rows == {"users": 1, "users_keys": 2}
    assert users() == [("usr_1", "c", True), ("usr_2", "b@example.com", True)]


def test_the_last_rows_are_deleted(database, loaded, query, users):
    database.create()
    database.run(ROWS)
    loaded("app_database")
    database.run("delete from users")
    loaded("app_database")
    assert users() == [("usr_1", "a@example.com", False), ("usr_2", "b@example.com", False)]


def test_rows_older_than_the_lag_are_not_read_again(database, loaded, monkeypatch):
    database.create()
    database.run(ROWS)
    loaded("app_database")
    database.run("insert into users (id, updated_at) values ('usr_3', '2025-03-01 08:00:00')")
    assert loaded("app_database").rows == {"users_keys": 3}
    monkeypatch.setenv("SOURCES__APP_DATABASE__LAG_SECONDS", "7200")
    assert loaded("app_database").rows == {"users": 1}


def test_empty_tables(database, loaded, query):
    database.create()
    assert loaded("app_database").rows == {}
    assert loaded("app_database").rows == {}
    assert query("select count(*) from raw_app_database.users") == [(0,)]


def test_unknown_columns_are_kept_and_may_come_later(database, loaded, query):
    database.create()
    database.run(ROWS)
    loaded("app_database")
    database.run("""
        alter table users add column plan text not null default 'free';
        alter table users add column score integer;
        alter table users add column balance decimal(12, 2);
        alter table users add column seen_on date;
        update users set plan = 'pro', score = 7, balance = 1.25, seen_on = '2025-03-02',
            updated_at = '2025-03-02 09:00:00' where id = 'usr_1'
    """)
    loaded("app_database")
    columns = "plan, score, balance, seen_on"
    (row,) = query(f"select {columns} from raw_app_database.users where id = 'usr_1'")
    assert [str(value) for value in row] == ["pro", "7", "1.25", "2025-03-02"]
    assert type(row[1]) is int


def test_texts_are_kept_to_the_letter(database, loaded, query):
    texts = [
        None,
        "",
        " ",
        "NULL",
        "\\N",
        "\\.",
        '"',
        '""',
        "a,b",
        "a\tb",
        "a\nb",
        "\r\n",
        "😀",
        "%s",
    ]
    database.create()
    database.run("drop table users")
    hostile = '100% "sure", %(x)s:y'
    columns = [sa.Column(name, sa.Text) for name in ("id", "email", hostile)]
    table = sa.Table("users", sa.MetaData(), *columns, sa.Column("updated_at", sa.DateTime))
    with database.engine.begin() as connection:
        table.create(connection)
        for number, text in enumerate(texts):
            row = [f"{number:02}", text, text, datetime.datetime(2025, 3, 1)]
            connection.execute(table.insert().values(row))
    loaded("app_database")
    landed = query("select email, _100_sure_x_s_y from raw_app_database.users order by id")
    assert landed == [(text, text) for text in texts]


def test_a_row_too_long_to_be_read_is_told_without_it(postgresql):
    postgresql.create()
    postgresql.run(
        "insert into users (id, email, updated_at) "
        f"values ('usr_1', repeat('secret', {MAX_RECORD_BYTES // 2}), now())"
    )
    error = str(load("app_database").error)
    assert error.startswith("app_database.users: a row is longer than 16 MiB")
    assert "secret" not in error


def test_values_that_do_not_fit_are_set_aside(sqlite, loaded, query, users):
    sqlite.create()
    sqlite.run(ROWS)
    sqlite.run("""
        insert into users (id, birth_date, updated_at) values
            ('usr_3', '30/02/1990', '2025-03-01'), ('usr_4', null, 'yesterday'),
            (null, null, '2025-03-01'), ('usr_5', null, '2025-03-01T11:00:00+02:00')
    """)
    result = loaded("app_database")
    assert result.rows["users"] == 3
    assert {rule for _, rule, _, _ in result.rejected} == {
        "invalid_date",
        "invalid_timestamp",
        "missing_key",
    }
    assert [row[0] for row in users()] == ["usr_1", "usr_2", "usr_5"]
    records = query("select record->>'$.birth_date' from raw_app_database.quarantine order by 1")
    assert records == [("30/02/1990",), (None,), (None,)]
    assert query("select updated_at from raw_app_database.users where id = 'usr_5'") == [
        (datetime.datetime(2025, 3, 1, 9),)
    ]
    assert loaded("app_database").rows == {}

    # At the moment of the newest row, in another spelling: as text it would come before it.
    sqlite.run("insert into users (id, updated_at) values ('usr_6', '2025-03-01 04:00:00-05:00')")
    assert loaded("app_database").rows == {"users": 1, "users_keys": 6}


def test_everything_postgresql_can_hold(postgresql, loaded, query):
    postgresql.create(time="timestamptz", key="uuid primary key")
    postgresql.run("""
        create type tier as enum ('gold', 'silver');
        alter table users
            add column tier tier, add column tags text[], add column settings jsonb,
            add column amount numeric, add column valid_until timestamptz,
            add column span int4range, add column address inet, add column pause interval,
            add column picture bytea, add column ratio double precision,
            add column is_staff boolean;
        insert into users values (
            '7f0c1c8e-0000-4000-8000-000000000001', 'a@example.com', null, null, '1990-02-01', null,
            null, '2025-03-01 09:00:00+02', '2025-03-01 12:00:00+02', null, 'gold',
            array['a', null, 'b"c'], '{"x": [1, null]}', 'NaN', 'infinity', '[1,5)', '192.0.2.1',
            '1 day', '\\x00ff', 'Infinity', true
        )
    """)
    assert loaded("app_database").rows["users"] == 1
    assert loaded("app_database").rows == {}
    columns = "updated_at, tier, tags, settings, amount, valid_until, span, address, pause"
    (row,) = query(f"select {columns}, picture, ratio, is_staff from raw_app_database.users")
    assert row == (
        datetime.datetime(2025, 3, 1, 10),
        "gold",
        '["a",null,"b\\"c"]',
        '{"x": [1, null]}',
        "NaN",
        "infinity",
        "[1,5)",
        "192.0.2.1",
        "1 day",
        b"\x00\xff",
        float("inf"),
        True,
    )

    # The time it had before: the newest read is in UTC, the clock of the database is not.
    postgresql.run("update users set email = 'new@example.com'")
    assert loaded("app_database").rows == {"users": 1}


def test_tables_by_other_names_in_another_schema(postgresql, loaded, monkeypatch):
    postgresql.run("create schema shop")
    postgresql.create(re.sub(r"create table (\w+)", r'create table shop."\1 of it"', TABLES))
    postgresql.run(re.sub(r"insert into (\w+)", r'insert into shop."\1 of it"', ROWS))
    monkeypatch.setenv("SOURCES__APP_DATABASE__DATABASE_SCHEMA", "shop")
    for table in ("users", "logins", "consents"):
        monkeypatch.setenv(f"SOURCES__APP_DATABASE__{table.upper()}_TABLE", f"{table} of it")
    assert loaded("app_database").rows == ALL
    assert loaded("app_database").rows == {}


def test_a_missing_table_or_column_is_named(database):
    assert "the database has no table users" in str(load("app_database").error)
    database.create()
    database.run("drop table users; create table users (id text, email text)")
    assert "the table users has no column updated_at" in str(load("app_database").error)


def test_a_wrong_password_is_told_without_it(postgresql, monkeypatch):
    url = postgresql.url.replace("postgres:@", "limited:wrong-secret@")
    monkeypatch.setenv("SOURCES__APP_DATABASE__CREDENTIALS", url)
    error = str(load("app_database").error)
    assert "app_database" in error and "password authentication failed" in error
    assert "wrong-secret" not in error


def test_a_server_that_is_down_is_told_without_the_password(monkeypatch):
    url = "postgresql://app:top-secret@127.0.0.1:1/app"
    monkeypatch.setenv("SOURCES__APP_DATABASE__CREDENTIALS", url)
    error = str(load("app_database").error)
    assert "127.0.0.1" in error and "refused" in error
    assert "top-secret" not in error


@pytest.mark.parametrize("url", ["top-secret", "oracle://app:top-secret@host/x", "no:/top-secret"])
def test_a_url_of_no_database_is_told_without_it(url, monkeypatch):
    monkeypatch.setenv("SOURCES__APP_DATABASE__CREDENTIALS", url)
    error = str(load("app_database").error)
    assert "SOURCES__APP_DATABASE__CREDENTIALS" in error
    assert "top-secret" not in error


def test_without_credentials_it_says_what_to_set():
    assert "SOURCES__APP_DATABASE__CREDENTIALS" in str(load("app_database").skipped)


def test_the_sandbox_company_lands_whole(tmp_path, monkeypatch, loaded, query):
    connection = duckdb.connect()
    build_world(connection, customers=60, seed=3)
    vendor.render(connection, tmp_path)
    for variable, value in vendor.settings(tmp_path).items():
        monkeypatch.setenv(variable, value)
    result = loaded("app_database")
    assert not result.rejected
    with closing(sqlite3.connect(tmp_path / vendor.FILE)) as database:
        for table in ("users", "logins", "consents"):
            (count,) = database.execute(f"select count(*) from {table}").fetchone()
            assert query(f"select count(*) from raw_app_database.{table}") == [(count,)]
            assert count
    columns: Any = "user_id, email, birth_date, updated_at"
    expected = connection.execute(
        f"select {columns} from world.person_records where source = 'app_database'"
    ).fetchall()
    landed = query(f"select {columns.replace('user_id', 'id')} from raw_app_database.users")
    assert sorted(map(str, landed)) == sorted(
        str((id, email, datetime.date.fromisoformat(born) if born else None, at))
        for id, email, born, at in expected
    )


def test_orders_are_read_where_their_table_is_named(database, loaded, query, monkeypatch) -> None:
    database.create()
    database.run(ROWS)
    database.run(
        "create table rentals (id bigint primary key, user_id text, amount numeric(9, 2), "
        "ordered_at timestamp, updated_at timestamp); "
        "insert into rentals values (1, 'usr_1', 12.50, '2025-03-01 09:00:00', "
        "'2025-03-01 09:00:00'); create view sales as select *, 'EUR' as currency from rentals"
    )
    assert loaded("app_database").rows == ALL
    monkeypatch.setenv("SOURCES__APP_DATABASE__ORDERS_TABLE", "sales")
    assert loaded("app_database").rows == {"orders": 1}
    assert query("select id, user_id, amount, currency, status from raw_app_database.orders") == [
        ("1", "usr_1", decimal.Decimal("12.5000"), "EUR", None)
    ]
    monkeypatch.setenv("SOURCES__APP_DATABASE__ORDERS_TABLE", "sold")
    assert "the database has no table sold" in str(load("app_database").error)
