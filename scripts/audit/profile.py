"""Measures the table of a raw file, by the macros that measure loaded tables in dbt."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from dataclasses import fields as fields_of
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from ingestion.macros import project_macros
from ingestion.sources.files.mapping import DATES
from ingestion.sql import rows_of
from scripts.audit.dates import Dates, dates_of
from scripts.audit.files import RawFile
from scripts.audit.findings import ColumnAudit, TableAudit
from scripts.audit.keys import key_of

AGES = {
    "30 days": "touched_30_days_count",
    "90 days": "touched_90_days_count",
    "1 year": "touched_1_year_count",
    "2 years": "touched_2_years_count",
    "5 years": "touched_5_years_count",
    "earlier": "touched_earlier_count",
}
# Columns of these attributes say when a record was touched. Of others nobody knows what their
# dates are of: the latest might be someone's birthday.
TOUCHED = ("created_at", "updated_at", "ordered_at")


@dataclass(frozen=True)
class Profile:
    """What was measured of a file.

    Args:
        table: the audit of its table, columns in their order.
        dates: how the dates of its date columns are written.
        key: the columns that tell its rows apart.
    """

    table: TableAudit
    dates: dict[str, Dates]
    key: list[str]


def profiled(raw: RawFile, as_of: datetime.datetime) -> Profile:
    """Profiles a file's table; leaves `column_values` and `column_names` in its database.

    Args:
        raw: the file.
        as_of: the moment the ages of its rows are counted to, UTC.
    """
    columns = _columns(raw)
    dates = {
        column.column_name: dates_of(raw.connection, column.column_name)
        for column in columns
        if _holds_dates(column)
    }
    attributes = {column.column_name: column.canonical_attribute for column in columns}
    touched = [name for name in dates if attributes[name] in TOUCHED]
    position = {name: f"c{index}" for index, name in enumerate(raw.columns)}
    key = key_of(raw, columns)
    profiled = project_macros()["row_profile"](
        "file_rows",
        [position[name] for name in raw.columns if name not in key],
        [dates[name].as_times(position[name]) for name in touched],
        f"cast('{as_of.isoformat(' ')}' as timestamp)",
    )
    (rows,) = rows_of(raw.connection, f"from {profiled}")
    return Profile(table_audit(PurePosixPath(raw.name).name, rows, columns), dates, key)


def _columns(raw: RawFile) -> list[ColumnAudit]:
    macros, connection = project_macros(), raw.connection
    positions = [f"c{index}" for index in range(len(raw.columns))]
    names = {
        "position": pa.array(positions, "string"),
        "column_name": pa.array(raw.columns, "string"),
    }
    connection.register("column_names", pa.table(names))
    if not positions:
        return []
    connection.execute(
        f"""
        create table column_values as
        select
            '' as source,
            '' as table_name,
            column_names.column_name,
            counted.* exclude (column_name)
        from {macros["column_values"]("file_rows", positions)} as counted
        inner join column_names on counted.column_name = column_names.position
        """
    )
    connection.execute(f"create table sampled as from {macros['sampled_values']('column_values')}")
    connection.execute(f"create table profiles as from {macros['profile_values']('sampled')}")
    audited = {
        row["column_name"]: column_audit(row)
        for row in rows_of(connection, f"from {macros['column_audit']('profiles')}")
    }
    return [audited.get(name) or _empty(name) for name in raw.columns]


def _empty(name: str) -> ColumnAudit:
    """The audit of a column without a cell."""
    return ColumnAudit(
        name, None, None, {}, {}, 0, 0, 0, 0, 0, 0, 0, None, None, None, None, is_sampled=False
    )


def _holds_dates(column: ColumnAudit) -> bool:
    written = sum(n for name, n in column.formats.items() if name.startswith(("date", "time")))
    return written > 0.5 * column.filled_count or (
        column.canonical_attribute in DATES and column.filled_count > 0
    )


def table_audit(name: str, rows: dict[str, Any], columns: list[ColumnAudit]) -> TableAudit:
    """The audit of a table from what the macro `row_profile` gives of it."""
    ages = {age: int(rows[count]) for age, count in AGES.items()}
    return TableAudit(
        table_name=name,
        row_count=rows["row_count"],
        duplicate_count=rows["duplicate_count"],
        as_of=rows["as_of"],
        last_touched_at=rows["last_touched_at"],
        dated_count=rows["dated_count"],
        ages=ages,
        untouched_count=sum(list(ages.values())[3:]),
        columns=columns,
    )


def column_audit(row: dict[str, Any]) -> ColumnAudit:
    """The audit of a column from what the macro `column_audit` gives of it."""
    fields: dict[str, Any] = {field.name: row.get(field.name) for field in fields_of(ColumnAudit)}
    for mix in ("formats", "shapes"):
        fields[mix] = json.loads(row[mix])
    return ColumnAudit(**fields)
