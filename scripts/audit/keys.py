"""Finds the columns that tell the rows of a file apart."""

from __future__ import annotations

from scripts.audit.files import RawFile
from scripts.audit.findings import ColumnAudit

# A key may repeat a little: the rows that repeat it are kept in quarantine.
UNIQUE = 0.95
# What a key may be, the likeliest first; None is any column of codes or numbers.
LIKELY = ("record_id", "order_id", "user_id", "email", "identifiers", None)
CODES = {"number", "code", "e-mail"}
# Columns that are tried beside the number of an order.
TRIED = 40


def key_of(raw: RawFile, columns: list[ColumnAudit]) -> list[str]:
    """Names of the key's columns; none where nothing tells the rows apart."""
    rows = columns[0].row_count if columns else 0
    if not rows:
        return []
    for attribute in LIKELY:
        for column in columns:
            is_like = column.canonical_attribute == attribute and (
                attribute is not None or set(column.formats) <= CODES
            )
            if is_like and min(column.distinct_count, column.filled_count) >= UNIQUE * rows:
                return [column.column_name]
    # Lines of an order: its number, and whatever tells its lines apart.
    order = next((c.column_name for c in columns if c.canonical_attribute == "order_id"), None)
    if order is None:
        return []
    position = {name: f"c{index}" for index, name in enumerate(raw.columns)}
    complete = [column for column in columns if column.filled_count == rows]
    for other in sorted(complete, key=lambda column: not set(column.formats) <= CODES)[:TRIED]:
        pair = f"({position[order]}, {position[other.column_name]})"
        found = raw.connection.execute(f"select count(distinct {pair}) from file_rows").fetchone()
        if found and found[0] >= UNIQUE * rows:
            return [order, other.column_name]
    return []
