"""The app's own database: its users, their logins and consents, and what they bought."""

from __future__ import annotations

from collections.abc import Iterator

import dlt
import sqlalchemy as sa
from dlt.extract import DltResource
from dlt.sources.sql_database import sql_table

from ingestion.contracts import RawRecord, resource_hints
from ingestion.pipeline import SourceError
from ingestion.sources.app_database import helpers
from ingestion.sources.app_database.schema import (
    Consent,
    ConsentKey,
    Login,
    Order,
    User,
    UserKey,
)


@dlt.source(name="app_database", max_table_nesting=0)
def app_database(
    credentials: str = dlt.secrets.value,
    database_schema: str | None = None,
    users_table: str = "users",
    logins_table: str = "logins",
    consents_table: str = "consents",
    orders_table: str | None = None,
    lag_seconds: float = 300,
) -> Iterator[DltResource]:
    """Tables of PostgreSQL, SQLite or another database SQLAlchemy knows.

    A row's time is set when its transaction starts, and the row is seen when it ends: a load in
    between moves past rows it never saw. So rows of the `lag_seconds` before the newest one seen
    are read again; those that are as they were change nothing.

    Args:
        credentials: URL of the database, such as `postgresql://user:password@host/name`.
        database_schema: schema of the tables, if not the user's own.
        users_table: table of users.
        logins_table: table of logins.
        consents_table: table of consents.
        orders_table: table of orders, if the app sells anything; else none are read.
        lag_seconds: how long a transaction of the app may take.

    Raises:
        SourceError: the database cannot be reached, or a table is missing.
    """
    engine = helpers.connect(credentials)
    changing = (
        (User, users_table),
        (Login, logins_table),
        (Consent, consents_table),
        (Order, orders_table),
    )
    for model, table in changing:
        if table:
            yield _rows(engine, model, table, database_schema, lag_seconds)
    # After the rows: a row that is added in between has its key, never the other way round.
    yield helpers.keys(engine, UserKey, users_table, database_schema)
    yield helpers.keys(engine, ConsentKey, consents_table, database_schema)


def _rows(
    engine: sa.Engine, model: type[RawRecord], table: str, schema: str | None, lag: float
) -> DltResource:
    name, cursor = model.raw.name, str(model.raw.version)
    try:
        resource = sql_table(
            engine,
            table,
            schema,
            incremental=dlt.sources.incremental(
                cursor, lag=lag, primary_key=(), on_cursor_value_missing="include"
            ),
            backend="pyarrow",
            table_adapter_callback=helpers.forget_types,
            table_loader_class=helpers.loader(model, cursor),
        )
    except sa.exc.NoSuchTableError:
        place = f"{schema}.{table}" if schema else table
        raise SourceError(
            f"the database has no table {place}; set SOURCES__APP_DATABASE__{name.upper()}_TABLE"
        ) from None
    except sa.exc.DBAPIError as error:
        raise SourceError(f"the database said: {str(error.orig).splitlines()[0]}") from None
    hints = resource_hints(model)
    resource = resource.with_name(name)
    resource.apply_hints(
        table_name=name,
        columns=hints["columns"],
        write_disposition=hints["write_disposition"],
        primary_key=hints["primary_key"],
    )
    return resource
