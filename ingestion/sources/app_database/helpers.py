"""Reads database tables into Arrow tables of the contract's types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import dlt
import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from dlt.extract import DltResource
from dlt.sources.sql_database import TableLoader
from sqlalchemy.dialects.postgresql import INET

from ingestion.contracts import RawRecord, columns, resource_hints
from ingestion.pipeline import SourceError
from ingestion.quarantine import Rejected

_SQL_TYPES = {"bigint": "bigint", "double": "double", "bool": "boolean", "text": "varchar"}


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
    """Times are read as text, so they must be written one way only."""
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


def loader(model: type[RawRecord], cursor: str) -> type[TableLoader]:
    """A loader for dlt's `sql_table` that yields the types of `model`, whatever the database has.

    Databases disagree on times, dates and decimals: SQLite has none of them, PostgreSQL has some
    that Python cannot hold. So columns are read as text and cast in bulk, where a value that does
    not fit can be told from one that is missing; its record is rejected.

    Args:
        model: contract of the table. Columns it does not know are kept: numbers, flags and JSON
            as such, the others as the text the database makes of them.
        cursor: column that tells which rows are new.
    """

    class ContractLoader(TableLoader):
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

        def _convert_result(self, result: Any, backend_kwargs: dict[str, Any]) -> Iterator[Any]:
            schema = pa.schema(
                (column.name, pa.binary() if _is_binary(column) else pa.string())
                for column in self.table.columns
            )
            with duckdb.connect() as connection:
                connection.execute("set TimeZone = 'UTC'")
                query = _contract_query(model, self.table)
                for rows in result.partitions(size=self.chunk_size):
                    values = zip(*rows, strict=True)
                    arrays = [pa.array(v, f.type) for v, f in zip(values, schema, strict=True)]
                    read = connection.from_arrow(pa.table(arrays, schema=schema))
                    typed = read.query("read", query).to_arrow_table()
                    yield from _accepted(typed)

    return ContractLoader


def _as_text(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if _is_binary(column):
        return column
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
        name = '"' + column.name.replace('"', '""') + '"'
        if _is_binary(column):
            values.append(name)
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
        # The test keeps out words that are taken for times, such as 'infinity' and 'now'.
        value = f"try_cast({text} as timestamptz) at time zone 'UTC'"
        return f"case when substr({text}, 5, 1) = '-' then {value} end", "timestamp"
    if kind == "date":
        return f"cast(try_cast({text} as timestamp) as date)", "date"
    if kind == "text":
        return text, "text"
    return f"try_cast({text} as {_SQL_TYPES.get(kind, kind)})", kind.split("(")[0]


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


def _is_binary(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.LargeBinary)


def _accepted(typed: pa.Table) -> Iterator[pa.Table | list[Rejected]]:
    accepted = pc.is_null(typed["_broken"])
    broken = typed.filter(pc.invert(accepted)).select(["_broken", "_record"])
    if len(broken):
        yield [
            Rejected(row["_record"], *row["_broken"].split(": ", 1)) for row in broken.to_pylist()
        ]
    rows = typed.filter(accepted).drop_columns(["_broken", "_record"])
    if len(rows):
        yield rows


def only_changed(table: str, cursor: str, lag: float) -> Callable[[pa.Table], pa.Table]:
    """A step that lets through the rows that are new or not as they were at the last load.

    Rows of the last `lag` seconds are read again at each load (see `app_database`). What they
    were is remembered as one hash a row.
    """
    hashed = f"""
        select left(md5(cast(to_json(rows) as varchar)), 16) as hash, "{cursor}" as at from rows
    """
    before: pa.Array | None = None
    recent = pa.table({"hash": pa.array([], pa.string()), "at": pa.array([], pa.timestamp("us"))})

    def changed(rows: pa.Table) -> pa.Table:
        nonlocal before, recent
        state = dlt.current.resource_state(table)
        if before is None:
            before = pa.array(state.get("recent", []), pa.string())
        with duckdb.connect() as connection:
            hashes = connection.from_arrow(rows).query("rows", hashed).to_arrow_table()
        recent = pa.concat_tables([recent, hashes])
        newest = pc.max(recent["at"])
        if newest.is_valid:
            horizon = pc.subtract(newest, pa.scalar(timedelta(seconds=lag), pa.duration("us")))
            recent = recent.filter(pc.fill_null(pc.greater_equal(recent["at"], horizon), True))
        state["recent"] = sorted(set(recent["hash"].to_pylist()))
        return rows.filter(pc.invert(pc.is_in(hashes["hash"], before)))

    return changed


def keys(engine: sa.Engine, model: type[RawRecord], table: str, schema: str | None) -> DltResource:
    """A resource of all keys a table has now; it yields nothing while they stay the same."""
    (key,) = model.raw.key
    query = sa.select(sa.cast(sa.column(key), sa.Text)).select_from(sa.table(table, schema=schema))
    digest = f"select count(*) || ' ' || coalesce(sum(hash({key})), 0) from found"

    def current() -> Iterator[Any]:
        with engine.connect().execution_options(yield_per=100_000) as connection:
            batches = [
                pa.array([row[0] for row in rows], pa.string())
                for rows in connection.execute(query).partitions()
            ]
        found = pa.table({key: pa.chunked_array(batches, pa.string())}).drop_null()
        with duckdb.connect() as connection:
            (now,) = connection.from_arrow(found).query("found", digest).fetchall()[0]
        state = dlt.current.resource_state()
        if state.get("digest") != now:
            state["digest"] = now
            yield dlt.mark.with_hints(found, dlt.mark.make_hints(write_disposition="replace"))

    # dlt empties a table, and forgets its state, before a resource that replaces it runs, even if
    # that yields nothing. So this one says that it replaces only when it does.
    return dlt.resource(current, **resource_hints(model) | {"write_disposition": "append"})
