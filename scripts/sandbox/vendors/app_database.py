"""The app's database: users, their logins and consents, as a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

FILE = "app.sqlite"

_TABLES = """
create table users (
    id text primary key,
    email text,
    given_name text,
    family_name text,
    birth_date date,
    phone text,
    country text,
    created_at timestamp not null,
    updated_at timestamp not null,
    deleted_at timestamp
);
create table logins (
    id integer primary key,
    user_id text not null references users (id),
    device_id text,
    device_type text,
    user_agent text,
    ip text,
    logged_in_at timestamp not null
);
create table consents (
    id integer primary key,
    user_id text not null references users (id),
    purpose text not null,
    channel text not null,
    status text not null,
    evidence text,
    recorded_at timestamp not null
);
"""

_ROWS = {
    "users": """
        select
            user_id, email, given_name, family_name, birth_date, phone, country,
            cast(created_at as varchar), cast(updated_at as varchar), cast(deleted_at as varchar)
        from world.person_records
        where source = 'app_database'
        order by user_id
    """,
    "logins": """
        select
            login_id, user_id, device_id, device_type, user_agent, ip,
            cast(logged_in_at as varchar)
        from world.logins
        order by login_id
    """,
    "consents": """
        select
            consent_id, user_id, purpose, channel, status, evidence, cast(recorded_at as varchar)
        from world.consents
        order by consent_id
    """,
}


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the database to `folder/app.sqlite`, from the tables of the schema `world`."""
    file = folder / FILE
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as database:
        # The file is made anew at each go: nothing of a go that broke off needs to be saved.
        database.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_TABLES}")
        for table, query in _ROWS.items():
            rows = connection.cursor().execute(query)
            marks = ", ".join("?" for _ in rows.description)
            while batch := rows.fetchmany(100_000):
                database.executemany(f"insert into {table} values ({marks})", batch)
        database.commit()


def settings(folder: Path) -> dict[str, str]:
    """Environment variables that point the connector at the database in `folder`."""
    return {"SOURCES__APP_DATABASE__CREDENTIALS": f"sqlite:///{(folder / FILE).resolve()}"}
