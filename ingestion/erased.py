"""Keeps out what was erased: rows of a person who asked for it do not come back by a load.

A load is held against the tombstones of `raw_privacy`, which are keyed hashes: nobody can read from
them who it was, but what comes in can be hashed and compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from ingestion import keys, privacy
from ingestion.contracts import RawRecord, RawTable, column_names, naming
from ingestion.sql import literal, quoted

TOMBSTONES = f"{privacy.SCHEMA}.{privacy.Tombstone.raw.name}"


class Erased:
    """What was erased, for one load of one source.

    Args:
        connection: of the warehouse, in the load's transaction.
        source: name of the source.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._tombstones = _tombstones(connection)
        self._has_past = "past" in self._tombstones.values()
        if self._tombstones:
            keys.install(connection, is_new=False)

    def admit(self, model: type[RawRecord]) -> int:
        """Makes the view `arrived` of the view `delivered`, without what was erased.

        People that a row merely mentions are taken out of its lists; the row stays.

        Returns:
            Rows that are kept out.
        """
        if not self._tombstones:
            self._connection.execute(
                "create or replace temp view arrived as select * from delivered"
            )
            return 0
        told = [*marks(self._source, model.raw)]
        if self._has_past and model.raw.write == "merge":
            told.append(past_mark(self._source, model))
        is_erased = " or ".join(
            f"keyed_hash({mark}) in (select tombstone from {TOMBSTONES})" for mark in told
        )
        self._connection.execute(
            f"create or replace temp table kept_out as "
            f"select _file, _row from delivered where {is_erased}"
        )
        replaced = [self._without_mentions(column) for column in model.raw.mentions]
        replacing = f" replace ({', '.join(replaced)})" if replaced else ""
        joined = "".join(
            f" left join {_rewritten(column)} using (_file, _row)" for column in model.raw.mentions
        )
        self._connection.execute(
            f"create or replace temp view arrived as select delivered.*{replacing} "
            f"from delivered anti join kept_out using (_file, _row){joined}"
        )
        row = self._connection.execute("select count(*) from kept_out").fetchone()
        return int(row[0]) if row else 0

    def was_of(self, rejected: Mapping[str, Any]) -> bool:
        """Whether a record that broke its contract is of somebody who was erased."""
        if not self._tombstones:
            return False
        key = str(rejected["quarantine_id"])
        told = [privacy.row_mark(self._source, "quarantine", key)]
        told += map(privacy.value_mark, values_in(str(rejected["record"])))
        return any(keys.keyed_hash(mark) in self._tombstones for mark in told)

    def _without_mentions(self, column: str) -> str:
        """Makes a table of the rows whose list names an erased person, with the list without."""
        name, table = quoted(column), _rewritten(column)
        self._connection.execute(
            f"""
            create or replace temp table {table} as
            with elements as (
                select _file, _row, unnest(from_json({name}, '["json"]')) as element
                from delivered
                where {name} is not null
            ),
            judged as (
                select
                    *,
                    keyed_hash({mention_mark(self._source, "element")})
                        in (select tombstone from {TOMBSTONES}) as is_erased
                from elements
            )
            select
                _file,
                _row,
                coalesce(to_json(list(element) filter (where not is_erased)), '[]') as elements
            from judged
            group by _file, _row
            having bool_or(is_erased)
            """
        )
        return f"coalesce({table}.elements, delivered.{name}) as {name}"


def marks(source: str, table: RawTable) -> Iterator[str]:
    """SQL over a raw row for whatever a tombstone of it can be the keyed hash of."""
    key = [quoted(naming.normalize_identifier(name)) for name in table.key]
    of_row = literal(f"row:{source}:{table.name}:")
    yield f"{of_row} || concat_ws('|', {', '.join(f'cast({name} as varchar)' for name in key)})"
    for expression in table.person:
        yield f"{literal(f'record:{source}:')} || ({expression})"
    if table.device:
        yield f"'value:' || lower(trim(cast({table.device} as varchar)))"
    if table.parent:
        column, parent = table.parent
        yield f"{literal(f'row:{source}:{parent}:')} || cast({quoted(column)} as varchar)"


def past_mark(source: str, model: type[RawRecord]) -> str:
    """SQL over a raw row for what it was before something past its time was taken out of it.

    All that its contract names is in it, but where the row was read: what is delivered again is
    kept out, so that the row stays as it is; what says something new is let in.
    """
    names = column_names(model) - set(map(naming.normalize_identifier, model.raw.provenance))
    told = [f"{literal(name + '=')} || cast({quoted(name)} as varchar)" for name in sorted(names)]
    of_row = literal(f"past:{source}:{model.raw.name}:")
    return f"{of_row} || concat_ws(chr(31), {', '.join(told)})"


def mention_mark(source: str, element: str) -> str:
    """SQL for what the tombstone of a person would be the hash of, that a list's element names."""
    return (
        f"{literal(f'record:{source}:')} || coalesce({element} ->> 'toObjectId', {element} ->> '$')"
    )


def values_in(record: str) -> Iterator[str]:
    """Every single value in a record given as text: those of a JSON object, or else its words."""
    try:
        waiting = [json.loads(record)]
    except ValueError:
        yield from record.replace(",", " ").replace('"', " ").replace(";", " ").split()
        return
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif item is not None:
            yield str(item)


def _rewritten(column: str) -> str:
    return quoted(f"rewritten_{column}")


def _tombstones(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """The keyed hashes of all that was erased, with their kinds; none where nothing ever was."""
    try:
        return dict(connection.execute(f"select tombstone, kind from {TOMBSTONES}").fetchall())
    except duckdb.CatalogException:
        return {}
