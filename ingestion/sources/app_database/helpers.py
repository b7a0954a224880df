"""Reads database tables into Arrow tables of the contract's types."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from tempfile import TemporaryFile
from typing import Any

import dlt
import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import sqlalchemy as sa
from dlt.extract import DltResource
from dlt.sources.sql_database.helpers import BaseTableLoader
from sqlalchemy.dialects.postgresql import BYTEA, INET

from ingestion.batches import ahead, in_pieces
from ingestion.contracts import SQL_TYPES, RawRecord, columns, resource_hints
from ingestion.pipeline import SourceError
from ingestion.quarantine import MAX_RECORD_BYTES, Rejected
from ingestion.sql import quoted

_CAST_TYPES = {kind: SQL_TYPES[kind] for kind in ("bigint", "double", "bool", "text", "decimal")}


def connect(credentials: str) -> sa.Engine:
    """An engine for the database; nothing is asked of it yet.

    Raises:
        SourceError: `credentials` is not the URL of a database there is a driver for.
    """
    try:
        url = sa.make_url(credentials)
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg2")
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        raise SourceError(
            "the credentials are not a database URL such as postgresql://user:password@host/name "
            f"({type(error).__name__}); set SOURCES__APP_DATABASE__CREDENTIALS"
        ) from None
    if engine.dialect.name == "postgresql":
        sa.event.listen(engine, "connect", _speak_utc)
    return engine


def _speak_utc(connection: Any, _record: Any) -> None:
    """All is read as text, so it must be written one way only."""
    connection.set_client_encoding("UTF8")
    with connection.cursor() as cursor:
        cursor.execute("set time zone 'UTC'; set datestyle to 'ISO'")
    connection.commit()


def forget_types(table: sa.Table) -> None:
    """Reduces the types of a reflected table to those raw tables have: text for all the others.

    Columns may be null whatever the database says: one added later to a filled raw table must be.
    """
    for column in table.columns:
        column.nullable = None  # type: ignore[assignment]
        kind = column.type
        is_exact = isinstance(kind, sa.Numeric) and 0 < (kind.precision or 0) <= 38
        kept = (sa.Integer, sa.Float, sa.Boolean, sa.LargeBinary, sa.JSON, sa.ARRAY, INET)
        if not isinstance(kind, kept) and not is_exact:
            column.type = sa.Text()


def loader(model: type[RawRecord], cursor: str) -> type[BaseTableLoader]:
    """A loader for dlt's `sql_table` that yields the types of `model`, whatever the database has.

    Databases disagree on times, dates and decimals: SQLite has none of them, PostgreSQL has some
    that Python cannot hold. So columns are read as text and cast in bulk, where a value that does
    not fit can be told from one that is missing; its record is rejected.

    Args:
        model: contract of the table. Columns it does not know are kept: numbers, flags and JSON
            as such, the others as the text the database makes of them.
        cursor: column that tells which rows are new.
    """

    class ContractLoader(BaseTableLoader):
        def __init__(self, engine: sa.Engine, backend: Any, table: sa.Table, *args: Any, **kw: Any):
            missing = [name for name in (*model.raw.key, cursor) if name not in table.columns]
            if missing:
                raise SourceError(f"the table {table.name} has no column {', '.join(missing)}")
            super().__init__(engine, backend, table, *args, **kw)

        def _make_query(self) -> Any:
            query = sa.select(*(_as_text(column) for column in self.table.columns))
            if self.last_value is not None:
                query = query.where(_not_before(self.cursor_column, self.last_value, self.engine))
            return query

        def load_rows(self, backend_kwargs: Any = None) -> Iterator[Any]:
            query = _contract_query(model, self.table)
            with duckdb.connect() as connection:
                connection.execute("set TimeZone = 'UTC'")
                # While some rows are written, the next are cast and those after them are read.
                read = ahead(_read(self.engine, self._make_query(), _working_folder()))
                yield from ahead(part for rows in read for part in _typed(rows, connection, query))

    return ContractLoader


def _working_folder() -> str:
    return str(dlt.current.pipeline().working_dir)


def _read(engine: sa.Engine, query: sa.Select[Any], folder: str) -> Iterator[pa.Table]:
    """Rows of a query whose columns are all text, some at a time; `folder` may be filled."""
    names = query.selected_columns.keys()
    if engine.dialect.driver == "psycopg2":
        yield from _copied(engine, query, names, folder)
        return
    with engine.connect().execution_options(yield_per=100_000) as connection:
        for rows in connection.execute(query).partitions():
            columns = zip(*rows, strict=True)
            yield pa.table([pa.array(values, pa.string()) for values in columns], names=names)


def _copied(
    engine: sa.Engine, query: sa.Select[Any], names: list[str], folder: str
) -> Iterator[pa.Table]:
    """Rows as PostgreSQL copies them out, none of which becomes a Python object.

    Raises:
        SourceError: a row is too long, or is not in the encoding of the database.
    """
    compiled = query.compile(engine)
    # It goes through a file, so that the database has done its part however long ours takes.
    with TemporaryFile(dir=folder) as file:
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            select = cursor.mogrify(str(compiled), compiled.params).decode()
            cursor.copy_expert(f"copy ({select}) to stdout (format csv)", file)
        if not file.tell():
            return
        file.seek(0)
        read = pacsv.ReadOptions(block_size=MAX_RECORD_BYTES, column_names=names)
        parse = pacsv.ParseOptions(newlines_in_values=True)
        convert = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            # Nothing between two commas is null; an empty text has quotes.
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )
        try:
            for batch in pacsv.open_csv(file, read, parse, convert):
                yield pa.Table.from_batches([batch])
        except pa.ArrowInvalid:
            # Its message may show the row.
            raise SourceError(
                f"a row is longer than {MAX_RECORD_BYTES >> 20} MiB, or holds text that is not "
                "in the encoding of the database"
            ) from None


def _as_text(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, BYTEA):
        return sa.func.encode(column, "hex").label(column.name)
    if isinstance(column.type, sa.LargeBinary):
        return sa.func.hex(column).label(column.name)
    if isinstance(column.type, sa.ARRAY):
        return sa.cast(sa.func.to_json(column), sa.Text).label(column.name)
    if isinstance(column.type, INET):
        return sa.func.abbrev(column).label(column.name)  # a cast would add /32
    return sa.cast(column, sa.Text).label(column.name)


def _not_before(column: sa.Column[Any], moment: Any, engine: sa.Engine) -> sa.ColumnElement[bool]:
    """Rows not older than `moment` (UTC), and those without a time that can be read."""
    if engine.dialect.name == "sqlite":
        # Text in any of the spellings of ISO 8601, compared to the second.
        time = sa.func.datetime(column)
        return sa.or_(time >= moment.strftime("%Y-%m-%d %H:%M:%S"), time.is_(None))
    return sa.or_(column >= sa.literal(moment, sa.DateTime), column.is_(None))


def _contract_query(model: type[RawRecord], table: sa.Table) -> str:
    """SQL from `read`, all text, to typed columns and the rule a row breaks, if any."""
    declared = columns(model)
    values, broken = [], []
    for column in table.columns:
        name = quoted(column.name)
        if isinstance(column.type, sa.LargeBinary):
            values.append(f"unhex({name}) as {name}")
            continue
        known = declared.get(column.name)
        value, kind = _cast(name, str(known["data_type"]) if known else _raw_type(column))
        values.append(f"{value} as {name}")
        words = column.name.replace("'", "''")
        if column.name in model.raw.key:
            broken.append(f"when {name} is null then 'missing_key: {words} is null'")
        if value != name:
            broken.append(
                f"when {name} is not null and {value} is null "
                f"then 'invalid_{kind}: {words} is not a {kind}'"
            )
    return f"""
        select
            {", ".join(values)},
            case {" ".join(broken)} end as "_broken",
            case when "_broken" is not null then cast(to_json(read) as varchar) end as "_record"
        from read
    """


def _cast(text: str, kind: str) -> tuple[str, str]:
    """SQL that casts text to a raw type, null where it does not fit, and the name of the type."""
    if kind == "timestamp":
        # The test keeps out words that are taken for times, such as 'infinity' and 'now'. UTC is
        # what PostgreSQL was told to write; whatever other offset there is takes longer.
        return (
            f"case when substr({text}, 5, 1) <> '-' then null "
            f"when ends_with({text}, '+00') then try_cast(left({text}, -3) as timestamp) "
            f"else try_cast({text} as timestamptz) at time zone 'UTC' end"
        ), "timestamp"
    if kind == "date":
        return f"cast(try_cast({text} as timestamp) as date)", "date"
    if kind == "text":
        return text, "text"
    return f"try_cast({text} as {_CAST_TYPES.get(kind, kind)})", kind.split("(")[0]


def _raw_type(column: sa.Column[Any]) -> str:
    """Raw type of a column the contract does not know, after `forget_types`."""
    kind = column.type
    if isinstance(kind, sa.JSON | sa.ARRAY):
        return "json"
    if isinstance(kind, sa.Boolean):
        return "bool"
    if isinstance(kind, sa.Integer):
        return "bigint"
    if isinstance(kind, sa.Float):
        return "double"
    if isinstance(kind, sa.Numeric):
        return f"decimal({kind.precision}, {kind.scale or 0})"
    return "text"


def _typed(
    rows: pa.Table, connection: duckdb.DuckDBPyConnection, query: str
) -> Iterator[pa.Table | list[Rejected]]:
    """Rows of text as `query` types them, and those it finds broken."""
    connection.register("read", in_pieces(rows))
    typed = connection.sql(query).to_arrow_table()
    accepted = pc.is_null(typed["_broken"])
    broken = typed.filter(pc.invert(accepted)).select(["_broken", "_record"])
    if len(broken):
        yield [
            Rejected(row["_record"], *row["_broken"].split(": ", 1)) for row in broken.to_pylist()
        ]
    rows = typed.filter(accepted).drop_columns(["_broken", "_record"])
    if len(rows):
        yield rows


def keys(engine: sa.Engine, model: type[RawRecord], table: str, schema: str | None) -> DltResource:
    """A resource of all keys a table has now."""
    (key,) = model.raw.key
    column = sa.cast(sa.column(key), sa.Text).label(key)
    query = sa.select(column).select_from(sa.table(table, schema=schema))

    def current() -> Iterator[pa.Table]:
        for found in _read(engine, query, _working_folder()):
            yield found.drop_null()

    return dlt.resource(current, **resource_hints(model))
