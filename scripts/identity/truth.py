"""Reads a truth: a CSV file that says which records are of one person or organization."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb

from ingestion.sql import literal, quoted
from scripts.identity.builds import visible
from scripts.identity.evidence import IdentityError
from scripts.terminal import count, shown

DELIMITERS = ",;\t|"
# What a record is named by, and what tells a person's from an organization's of the same name.
PAIR = ("source", "record_id")
KEY = "record_key"
ENTITY = "entity"
ENTITIES = ("person", "organization")


def read_truth(
    connection: duckdb.DuckDBPyConnection, file: Path, column: str | None, records: str
) -> None:
    """Reads a truth into the temporary table `truth`, and finds its records in the build.

    The table has a row a record of the truth: `record` (that of the build, or a negative number
    where the build has no such record), `source` and `true_id`.

    Args:
        connection: has the records of the build.
        file: has the columns `source` and `record_id`, or `record_key`; the true cluster; and,
            where a source has a person and an organization of one id, `entity`.
        column: the one that holds the true cluster; needed where it is not the only one left.
        records: table of the build's records, as `read_records` makes it.

    Raises:
        IdentityError: the file is missing, unreadable, or contradicts itself.
    """
    name = shown(file.absolute())
    delimiter, header = _header(file, name)
    keys = (KEY,) if KEY in header else PAIR
    if not set(keys) <= set(header):
        raise IdentityError(
            f"{name} does not say which record a row is of: it needs the columns `source` and "
            f"`record_id`, or `record_key`; it has {_listed(header)}"
        )
    needed = [*keys, _cluster(header, column, name)]
    if ENTITY in header:
        needed.append(ENTITY)
    _load(connection, file, name, delimiter, header, needed)
    _check(connection, name, needed)
    _resolve(connection, name, keys, needed[len(keys)], ENTITY in header, records)


def _header(file: Path, name: str) -> tuple[str, list[str]]:
    """Delimiter and names of the columns, in lower case."""
    if not file.is_file():
        raise IdentityError(f"{name} is {'a folder' if file.is_dir() else 'not there'}")
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            line = next(lines, "")
    except UnicodeDecodeError:
        raise IdentityError(f"{name} is no text in UTF-8: save it as CSV in UTF-8") from None
    except OSError as error:
        raise IdentityError(f"{name} cannot be read: {error.strerror}") from None
    if not line.strip():
        what = "its first line is empty" if line else "it is empty"
        raise IdentityError(f"{name} has no names of columns: {what}")
    delimiter = max(DELIMITERS, key=line.count)
    header = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter))]
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        raise IdentityError(f"{name} has two columns {_listed(repeated)}")
    return delimiter, header


def _cluster(header: list[str], column: str | None, name: str) -> str:
    """The column that holds the true cluster."""
    left = [each for each in header if each and each not in (*PAIR, KEY, ENTITY)]
    if column is not None:
        if column.strip().lower() not in left:
            raise IdentityError(
                f"{name} has no column {_listed([column])} to be the true cluster: "
                f"it has {_listed(header)}"
            )
        return column.strip().lower()
    if len(left) != 1:
        problem = "has several columns" if left else "has no column"
        raise IdentityError(
            f"{name} {problem} that could be the true cluster: it has {_listed(header)}; "
            + ("name one by --cluster" if left else "add one")
        )
    return left[0]


def _load(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    name: str,
    delimiter: str,
    header: list[str],
    needed: list[str],
) -> None:
    """The needed columns as the temporary table `truth_rows`: `row`, from 1, and `c0`, `c1`, …."""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(header)))
    chosen = ", ".join(
        f"c{header.index(column)} as c{position}" for position, column in enumerate(needed)
    )
    try:
        connection.execute(
            f"""
            create temp table truth_rows as
            select
                row_number() over () as row,
                {chosen}
            from read_csv(
                {literal(file)}, auto_detect = false, header = true, columns = {{{columns}}},
                delim = {literal(delimiter)}, quote = '"', escape = '"'
            )
            """
        )
    except duckdb.Error as error:
        line = re.search(r"Line: (\d+)", str(error))
        where = f"line {line[1]}" if line else "a line"
        raise IdentityError(
            f"{name}: {where} cannot be read: it has not the {len(header)} columns of the first "
            "line, has a quote that does not close, or is not in UTF-8"
        ) from None


def _check(connection: duckdb.DuckDBPyConnection, name: str, needed: list[str]) -> None:
    """Raises an error where a cell that is needed is empty or says nothing known."""
    ((rows,),) = connection.execute("select count(*) from truth_rows").fetchall()
    if not rows:
        raise IdentityError(f"{name} has names of columns and no rows")
    for position, column in enumerate(needed):
        condition = f"trim(coalesce(c{position}, '')) = ''"
        fault = f"no `{visible(column)}`: leave out records whose truth is not known"
        if column == ENTITY:
            condition = f"coalesce(c{position}, '') not in {ENTITIES}"
            fault = f"an `{ENTITY}` that is none of {', '.join(ENTITIES)}"
        ((rows, first),) = connection.execute(
            f"select count(*), min(row) from truth_rows where {condition}"
        ).fetchall()
        if rows:
            raise IdentityError(
                f"{name}: {count(rows)} rows (the first: row {first} below the names) have {fault}"
            )


def _resolve(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    keys: tuple[str, ...],
    cluster: str,
    has_entity: bool,
    records: str,
) -> None:
    """Makes the table `truth` of `truth_rows`."""
    connection.execute(
        f"""
        create temp table named as
        select
            {" || ':' || ".join(f"c{position}" for position in range(len(keys)))} as record_key,
            {f"c{len(keys) + 1}" if has_entity else "cast(null as varchar)"} as entity,
            min(c{len(keys)}) as true_id,
            min(row) as row,
            min_by(row, (c{len(keys)}, row)) as one_row,
            max_by(row, (c{len(keys)}, row)) as other_row,
            min(c{len(keys)}) <> max(c{len(keys)}) as is_contradiction
        from truth_rows
        group by 1, 2
        """
    )
    contradiction = connection.execute(
        "select count(*) over (), one_row, other_row from named "
        "where is_contradiction order by row limit 1"
    ).fetchone()
    if contradiction:
        number, *rows = contradiction
        one, other = sorted(rows)
        raise IdentityError(
            f"{name}: {count(number)} records have two different `{visible(cluster)}`, such as "
            f"the one of rows {one} and {other} below the names: a record is of one"
        )
    connection.execute(
        f"""
        create temp table truth as
        with
        found as (
            select
                build.record,
                named.*
            from named
            inner join {quoted(records)} as build using (record_key)
            where build.entity = coalesce(named.entity, build.entity)
        ),
        resolved as (
            select * from found
            union all
            select
                -row as record,
                *
            from named
            anti join found using (row)
        )
        select
            record,
            split_part(record_key, ':', 1) as source,
            true_id,
            row
        from resolved
        """
    )
    ((ambiguous, first),) = connection.execute(
        "select count(*), min(row) from (select row from truth group by row having count(*) > 1)"
    ).fetchall()
    if ambiguous:
        raise IdentityError(
            f"{name}: {count(ambiguous)} records could be of a person or of an organization (the "
            f"first: row {first} below the names): add a column `{ENTITY}` that says which"
        )


def _listed(columns: list[str]) -> str:
    """Names of columns, as many as help."""
    named = [f"`{visible(column)[:40]}`" for column in columns[:12]]
    return ", ".join(named) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
