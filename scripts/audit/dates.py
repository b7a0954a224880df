"""Finds out which formats the dates of a column are written in."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

DAYS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d",
    "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%d-%b-%y",
)  # fmt: skip
TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M %p", "T%H:%M:%S")
FORMATS = tuple(day + time for time in TIMES for day in DAYS)
# Fewer of a column's dates than this make no format of their own.
RARE = 0.005
# Different values that are looked at.
SAMPLE = 2000


@dataclass(frozen=True)
class Dates:
    """How the dates of a column are written.

    Args:
        formats: strptime formats, the commonest first; none where the files source understands all
            that it does without being told one.
        coverage: share of the filled cells that is read.
    """

    formats: tuple[str, ...]
    coverage: float

    def as_times(self, column: str) -> str:
        """SQL of a column's cells as timestamps, null where none is read."""
        read = [f"try_strptime(trim({column}), '{written}')" for written in self.formats]
        read = [f"case when {time} >= '1000-01-01' then {time} end" for time in read]
        iso = f"case when {_is_iso(column)} then try_cast({column} as timestamptz) end"
        return f"coalesce(cast({iso} as timestamp), {', '.join(read) or 'null'})"


def dates_of(connection: duckdb.DuckDBPyConnection, column: str) -> Dates:
    """Formats of a column's dates, each chosen for reading the most of what is still unread.

    Args:
        connection: has `column_values`, as the macro of that name gives them.
        column: name of the column.
    """
    reads = [f"try_strptime(trim(value), '{written}') >= '1000-01-01'" for written in FORMATS]
    signs = " || ".join(
        f"case when {read} then '1' else '0' end" for read in [_is_iso("value"), *reads]
    )
    groups: list[tuple[str, int]] = connection.execute(
        f"""
        with sampled as (
            select value, cell_count
            from column_values
            where column_name = ? and value is not null
            qualify row_number() over (order by digest) <= {SAMPLE}
        )
        select {signs} as readable, cast(sum(cell_count) as bigint) from sampled group by readable
        """,
        [column],
    ).fetchall()
    total = sum(count for _, count in groups) or 1
    iso = sum(count for readable, count in groups if readable[0] == "1")
    chosen: list[int] = []
    unread = groups
    while unread:
        gains = [sum(count for readable, count in unread if readable[1 + at] == "1")
                 for at in range(len(FORMATS))]  # fmt: skip
        best = max(gains)
        if best < max(1, RARE * total):
            break
        at = gains.index(best)
        chosen.append(at)
        unread = [group for group in unread if group[0][1 + at] == "0"]
    read = total - sum(count for _, count in unread)
    is_iso = iso >= (1 - RARE) * total
    return Dates(
        () if is_iso else tuple(FORMATS[at] for at in chosen),
        (iso if is_iso else read) / total,
    )


def _is_iso(column: str) -> str:
    """SQL of whether a cell is a time as the files source reads it by itself."""
    pattern = (
        r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?"
    )
    return (
        f"coalesce(regexp_full_match(trim({column}), '{pattern}') "
        f"and try_cast({column} as timestamptz) is not null, false)"
    )
