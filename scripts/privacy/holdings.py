"""Where a person is held: rows of raw tables, and of every table made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ingestion import lake, privacy, storage
from ingestion.contracts import contracts
from ingestion.erased import marks, mention_mark, past_mark
from ingestion.sources import SOURCES
from ingestion.sql import literal, quoted, text_table
from scripts.privacy.finder import Finder, Hit
from scripts.privacy.subjects import Subject

OWNERS = frozenset(
    {"customer_id", "golden_id", "alias_id", "household_id", "anonymous_id", "user_id"}
)
"""Columns by which a model says whose a row is, beside the keys of records and of facts."""
FOUNDERS = ("cluster_", "founding_", "evidence_")
"""How keys begin that name a record of a group, or of a proof: the row is not of that record."""
BATCH = 50_000
SILENT = ("BOOLEAN", "DATE", "TIME")
"""How types begin whose values nobody is known by. A number may be a telephone's."""


@dataclass(frozen=True)
class TableOf:
    """A table of the warehouse.

    Args:
        schema: its schema.
        name: its name.
        columns: types by column, in their order.
    """

    schema: str
    name: str
    columns: dict[str, str]

    @property
    def telling(self) -> list[str]:
        """The columns whose values can name somebody."""
        return [name for name, kind in self.columns.items() if not kind.startswith(SILENT)]

    @property
    def texts(self) -> str:
        """How SQL selects their values as text."""
        return ", ".join(
            f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in self.telling
        )

    @property
    def label(self) -> str:
        """How the table is called in plans and receipts."""
        return f"{self.schema}.{self.name}"

    @property
    def sql(self) -> str:
        """How SQL calls it."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def tables(connection: duckdb.DuckDBPyConnection) -> list[TableOf]:
    """Every table of the current database with its columns, but those that say where a row is."""
    return _relations(
        connection, "select database_name, schema_name, table_name from duckdb_tables()"
    )


def views(connection: duckdb.DuckDBPyConnection) -> list[TableOf]:
    """Every view of the current database with its columns."""
    return _relations(
        connection,
        "select database_name, schema_name, view_name as table_name from duckdb_views() "
        "where not internal",
    )


def _relations(connection: duckdb.DuckDBPyConnection, listed: str) -> list[TableOf]:
    rows = connection.execute(
        f"""
        select
            schema_name, table_name,
            list(column_name order by column_index), list(data_type order by column_index)
        from duckdb_columns()
        inner join ({listed}) as listed using (database_name, schema_name, table_name)
        where database_name = current_database() and not list_contains(?, column_name)
        group by all
        order by all
        """,
        [[lake.COMMIT, lake.FILE]],
    ).fetchall()
    return [
        TableOf(schema, name, dict(zip(names, types, strict=True)))
        for schema, name, names, types in rows
    ]


def mark_raw_rows(connection: duckdb.DuckDBPyConnection, subjects: Sequence[Subject]) -> None:
    """Fills `temp.held` with the raw rows of the subjects: relation, row, source and mark.

    `temp.marks` has what the tombstones of all that are the keyed hashes of. A row is somebody's by
    the id of their record, or of their device, or because it hangs on another row of theirs.
    """
    connection.execute(
        "create or replace temp table held "
        "(relation varchar, row_id bigint, source varchar, raw_table varchar, mark varchar)"
    )
    known = {
        (privacy.person_mark(source, record_id), "record")
        for subject in subjects
        for source, record_id in subject.records
    }
    known |= {
        (privacy.value_mark(value), "value")
        for subject in subjects
        for value in subject.identifiers
    }
    text_table(connection, "marks", ("mark", "kind"), sorted(known))
    raw = [(source, model.raw) for source in SOURCES for model in contracts(source).values()]
    for source, table in sorted(raw, key=lambda each: each[1].parent is not None):
        row, *others = marks(source, table)
        theirs = " or ".join(f"({mark}) in (select mark from temp.marks)" for mark in others)
        relation = f"raw_{source}.{table.name}"
        if not others:
            continue
        connection.execute(
            f"insert into temp.held select {literal(relation)}, rowid, {literal(source)}, "
            f"{literal(table.name)}, {row} from {relation} where {theirs}"
        )
        connection.execute(
            "insert into temp.marks select mark, 'row' from temp.held where relation = ?",
            [relation],
        )


def mark_quarantined(connection: duckdb.DuckDBPyConnection, finder: Finder) -> None:
    """Adds quarantined records that an identifier of the subjects is in to `temp.held`."""
    for source in SOURCES:
        relation = f"raw_{source}.quarantine"
        found = [
            (row_id, quarantine_id)
            for (row_id, quarantine_id, _), _ in _found(
                connection,
                f"select rowid, quarantine_id, record from {relation}",
                ["record"],
                finder,
            )
        ]
        for row_id, quarantine_id in dict.fromkeys(found):
            mark = privacy.row_mark(source, "quarantine", str(quarantine_id))
            connection.execute(
                "insert into temp.held values (?, ?, ?, 'quarantine', ?)",
                [relation, row_id, source, mark],
            )
            connection.execute("insert into temp.marks values (?, 'row')", [mark])


def mark_modelled_rows(
    connection: duckdb.DuckDBPyConnection,
    subjects: Sequence[Subject],
    besides: Collection[str] = (),
    raw: bool = True,
) -> None:
    """Adds the rows of every other table that are of the subjects to `temp.held`.

    They are found by their ids, and by the keys of their records and of all that is of these.

    Args:
        connection: whose current database is the warehouse.
        subjects: who.
        besides: tables that are left as they are.
        raw: whether what the project itself keeps in raw tables is of it.
    """
    known: set[str] = set()
    for subject in subjects:
        known |= subject.ids | subject.record_keys | subject.devices
    text_table(connection, "known", ("value",), [(value,) for value in sorted(known)])
    modelled = [table for table in tables(connection) if not is_raw(table)]
    # Households of which nobody is left.
    if any(table.label == "intermediate.int_households__identified" for table in modelled):
        connection.execute(
            "insert into temp.known select household_id "
            "from intermediate.int_households__identified group by household_id "
            "having bool_and(customer_id in (select value from temp.known))"
        )
    # What is of a record of theirs goes by a key of its own further on.
    for table in modelled:
        first = next(iter(table.columns))
        if "customer_record_key" in table.columns and first.endswith("_key"):
            connection.execute(
                f"insert into temp.known select {quoted(first)} from {table.sql} "
                "where customer_record_key in (select value from temp.known)"
            )
    connection.execute(
        "create or replace temp table numbers as select record_number as value "
        "from intermediate.int_records__compared "
        "where record_key in (select value from temp.known)"
    )
    for table in modelled:
        if table.label in besides or (table.schema.startswith("raw_") and not raw):
            continue
        theirs = [
            f"{quoted(name)} in (select value from temp.known)"
            for name, kind in table.columns.items()
            if kind == "VARCHAR" and tells_whose(name)
        ]
        theirs += [
            f"{quoted(name)} in (select value from temp.numbers)"
            for name in table.columns
            if name.endswith("record_number")
        ]
        if theirs:
            connection.execute(
                f"insert into temp.held select {literal(table.label)}, rowid, null, null, null "
                f"from {table.sql} where {' or '.join(theirs)}"
            )


def mark_mentions(connection: duckdb.DuckDBPyConnection, finder: Finder) -> None:
    """Fills `temp.mentions` with values of other people's rows that name a subject, mended.

    Lists of people's ids lose the element. Elsewhere a mark is in its place, the same for the same
    identifier; whatever is neither text nor document becomes empty.
    """
    connection.execute(
        "create or replace temp table mentions "
        "(relation varchar, row_id bigint, column_name varchar, value varchar)"
    )
    for source in SOURCES:
        for model in contracts(source).values():
            for column in model.raw.mentions:
                _unmention(connection, source, model.raw.name, column)

    def named(cursor: duckdb.DuckDBPyConnection, table: TableOf) -> list[list[str | None]]:
        rows = []
        listed = (
            f"select rowid, {table.texts} from {table.sql} where rowid not in "
            f"(select row_id from held_rows where relation = {literal(table.label)})"
        )
        for (row_id, value), (name, spans) in _found(cursor, listed, table.telling, finder):
            kind = table.columns[name]
            mended = finder.without(value, spans) if kind in ("VARCHAR", "JSON") else None
            rows.append([table.label, str(row_id), name, mended])
        return rows

    telling = [table for table in tables(connection) if table.telling]
    by_table = storage.side_by_side(connection, named, telling, held_rows=held_rows(connection))
    text_table(
        connection,
        "named",
        ("relation", "row_id", "column_name", "value"),
        [row for rows in by_table for row in rows],
    )
    connection.execute(
        """
        insert into temp.mentions
        select relation, cast(row_id as bigint), column_name, named.value
        from temp.named anti join temp.mentions using (relation, row_id, column_name)
        """
    )


def mark_past(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to `temp.marks` what the raw rows in `temp.mentions` were before they are mended.

    Delivered again as they were, they are kept out, so that they stay as they are.
    """
    for source in SOURCES:
        for model in contracts(source).values():
            # What is replaced whole has keys and nothing else; what names people by contract is
            # looked through at each load.
            if model.raw.write == "merge":
                relation = f"raw_{source}.{model.raw.name}"
                connection.execute(
                    f"insert into temp.marks select {past_mark(source, model)}, 'past' "
                    f"from {relation} where rowid in (select row_id from temp.mentions "
                    "where relation = ? and not list_contains(?, column_name))",
                    [relation, list(model.raw.mentions)],
                )


def held_rows(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The rows in `temp.held`, for cursors: relation and row."""
    return connection.execute("select relation, row_id from temp.held").to_arrow_table()


def tells_whose(column: str) -> bool:
    """Whether a column of a model says whose a row is."""
    return column in OWNERS or (column.endswith("_key") and not column.startswith(FOUNDERS))


def has_owner(table: TableOf) -> bool:
    """Whether a model says whose its rows are; otherwise it is a list of values of anybody."""
    key = next(iter(table.columns))
    return key.endswith("_key") or any(
        name in OWNERS or name.endswith(("record_key", "record_number")) for name in table.columns
    )


def is_raw(table: TableOf) -> bool:
    """Whether a table is of what a source sent, rather than made here."""
    return table.schema in {f"raw_{source}" for source in SOURCES}


def _unmention(connection: duckdb.DuckDBPyConnection, source: str, name: str, column: str) -> None:
    relation = f"raw_{source}.{name}"
    connection.execute(
        f"""
        insert into temp.mentions
        with elements as (
            select rowid as row_id, unnest(from_json({quoted(column)}, '["json"]')) as element
            from {relation}
            where
                {quoted(column)} is not null
                and rowid not in (select row_id from temp.held where relation = {literal(relation)})
        ),
        judged as (
            select
                *,
                {mention_mark(source, "element")} in (select mark from temp.marks) as is_theirs
            from elements
        )
        select
            {literal(relation)}, row_id, {literal(column)},
            coalesce(to_json(list(element) filter (where not is_theirs)), '[]')
        from judged
        group by row_id
        having bool_or(is_theirs)
        """
    )


def _found(
    connection: duckdb.DuckDBPyConnection, sql: str, names: Sequence[str], finder: Finder
) -> Iterator[tuple[tuple, tuple[str, list[tuple[int, int]]]]]:
    """Rows of a query in which an identifier stands for itself.

    Yields:
        The row's first columns and the value, and the value's column with the places in its bytes.
    """
    for batch, found in looked_through(connection, sql, names, finder):
        kept = [column for column in batch.schema.names if column not in names]
        for name, hits in found.items():
            spans: dict[int, list[tuple[int, int]]] = {}
            for _, hit in hits:
                if hit.is_whole:
                    spans.setdefault(hit.row, []).append((hit.start, hit.end))
            for row, places in spans.items():
                values = (batch.column(each)[row].as_py() for each in (*kept, name))
                yield tuple(values), (name, places)


def looked_through(
    connection: duckdb.DuckDBPyConnection, sql: str, names: Sequence[str], finder: Finder
) -> Iterator[tuple[pa.RecordBatch, dict[str, list[tuple[int, Hit]]]]]:
    """Batches of the rows of a query, each with what is in its columns of text of these names."""
    for batch in connection.execute(sql).to_arrow_reader(BATCH):
        yield batch, {name: list(finder.in_values(batch.column(name))) for name in names}
