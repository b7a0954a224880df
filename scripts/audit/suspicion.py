"""Finds cells that look wrong in any table, with nothing told of it.

What the table itself says is the measure: columns that depend on others, words that are nearly
another word, values written unlike the rest. Each tells how sure it is, and together they make a
score; a cell is suspect where that is above a half, more likely wrong than right.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import duckdb

from ingestion.macros import project_macros
from scripts.audit.dates import Dates
from scripts.audit.files import RawFile
from scripts.audit.findings import ColumnAudit, Suspicions
from scripts.audit.profile import Profile

STEPS = ("cells", "dependencies", "spelling", "shapes", "scores")
# Bounds of the cost: rows that are searched, columns among which dependencies are looked for,
# rows times pairs of columns, rows times pairs as determinants, words of a column and, of those,
# the ones others are compared with.
ROWS = 100_000
RELATED_COLUMNS = 40
COMPARED = 20_000_000
PAIRED = 10_000_000
TERMS = 20_000
MODELS = 300
# Kinds of value that cannot be mistaken: not fitting one says something.
STRICT = ("email", "phone", "number", "boolean", "country", "currency", "postcode")
# A column has to fit as much as this for those that do not to stand out.
FITTING = 0.8
# A placeholder as frequent as this is how a column says nothing, not a slip.
USUAL = 0.05


def suspected(raw: RawFile, profile: Profile) -> Suspicions:
    """Searches a file; leaves its suspect cells in the table `suspects` of its database."""
    columns, connection = profile.table.columns, raw.connection
    if not columns or not profile.table.row_count:
        connection.execute(
            "create temp table suspects (line bigint, position bigint, score double, "
            "reasons varchar[])"
        )
        return Suspicions(0, 0, {}, {}, [])
    related = min(len(columns), RELATED_COLUMNS)
    rows = min(columns[0].row_count, ROWS, COMPARED // related**2)
    _search(connection, len(columns), rows)
    _weigh(connection, columns, profile.dates)
    _run(connection, "scores")
    by_column = _counts(
        connection,
        "select column_name, count(*) from suspects "
        "inner join column_names on 'c' || suspects.position = column_names.position "
        "group by column_name",
    )
    return Suspicions(
        searched_rows=rows,
        cell_count=sum(by_column.values()),
        columns=by_column,
        reasons=_counts(
            connection,
            "select reason, count(*) from (select unnest(reasons) as reason from suspects) "
            "group by reason",
        ),
        dependencies=_dependencies(raw),
        notes=_notes(columns[0].row_count, rows, len(columns)),
    )


def write_suspects(raw: RawFile, to: Path) -> None:
    """Writes the suspect cells of a searched file to a CSV: where they are and why, no values."""
    raw.connection.execute(
        """
        copy (
            select
                suspects.line,
                column_names.column_name as column,
                list_aggregate(suspects.reasons, 'string_agg', '; ') as reasons,
                round(suspects.score, 3) as score
            from suspects
            inner join column_names on 'c' || suspects.position = column_names.position
            order by suspects.score desc, suspects.line, suspects.position
        ) to $to (format csv, header)
        """,
        {"to": str(to)},
    )


def _search(connection: duckdb.DuckDBPyConnection, width: int, rows: int) -> None:
    positions = ", ".join(str(position) for position in range(width))
    cells = ", ".join(f"lower(trim(c{position}))" for position in range(width))
    connection.execute(
        f"""
        create temp table searched as
        with cells as (
            select line, unnest([{positions}]) as position, unnest([{cells}]) as value
            from (from file_rows order by line limit {rows})
        )
        from cells where value <> ''
        """
    )
    limits = {
        "related_columns": RELATED_COLUMNS,
        "pairs": PAIRED // rows,
        "terms": TERMS,
        "models": MODELS,
    }
    for name, limit in limits.items():
        connection.execute(f"set variable {name} = {limit}")
    for step in STEPS[:-1]:
        _run(connection, step)


def _weigh(
    connection: duckdb.DuckDBPyConnection, columns: list[ColumnAudit], dates: dict[str, Dates]
) -> None:
    """Evidence from what columns are taken for: values that do not fit it, and placeholders."""
    macros = project_macros()
    kinds = {
        (entity, attribute): kind
        for entity, attribute, kind in connection.execute(
            "select entity, attribute, value_kind from canonical_attributes"
        ).fetchall()
    }
    # By position: the condition of a value that fits its column, and how many of its cells do.
    fitting: dict[int, tuple[str, float]] = {}
    for position, column in enumerate(columns):
        kind = kinds.get((column.canonical_entity, column.canonical_attribute))
        if column.column_name in dates:
            written = dates[column.column_name]
            fitting[position] = f"{written.as_times('value')} is not null", written.coverage
        elif kind in STRICT:
            fits = macros["fits_kind"]("value", "shape", kind)
            fitting[position] = f"({fits})", column.validity or 0
    fitting = {at: fits for at, fits in fitting.items() if FITTING <= fits[1] < 1}
    unfit = [f"(position = {at} and not {condition})" for at, (condition, _) in fitting.items()]
    shares = [f"when {at} then {share}" for at, (_, share) in fitting.items()]
    connection.execute(
        f"""
        create temp table unfit as
        with shaped as (
            select *, {macros["value_shape"]("value")} as shape
            from found_values
            where position in ({", ".join(map(str, fitting)) or "null"})
        )
        select
            position,
            code,
            case position {" ".join(shares) or "when null then 0"} end as confidence
        from shaped
        where {" or ".join(unfit) or "false"}
        """
    )
    connection.execute(
        f"""
        create temp table placeholders as
        select found_values.position, found_values.code, 0.9 as confidence
        from found_values
        inner join found_columns using (position)
        where
            value in (select junk_value from junk_values where attribute = 'any')
            and cells <= {USUAL} * filled
        """
    )


def _run(connection: duckdb.DuckDBPyConnection, step: str) -> None:
    connection.execute((files("scripts.audit") / "sql" / f"{step}.sql").read_text("utf-8"))


def _dependencies(raw: RawFile) -> list[str]:
    """The dependencies that were heard, as `State, Product → Discount`, the strongest first."""
    found = raw.connection.execute(
        "select first, second, dependent from dependencies "
        "anti join outdone using (dependent, determinant) "
        "order by accuracy desc, dependent, first, second"
    ).fetchall()
    return [
        f"{', '.join(raw.columns[at] for at in dict.fromkeys((first, second)))} → "
        f"{raw.columns[dependent]}"
        for first, second, dependent in found
    ]


def _notes(rows: int, searched: int, width: int) -> list[str]:
    notes = []
    if searched < rows:
        notes.append(f"the first {searched:,} of {rows:,} rows were searched")
    if width > RELATED_COLUMNS:
        notes.append(f"dependencies were looked for among {RELATED_COLUMNS} of {width:,} columns")
    return notes


def _counts(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    return dict(connection.execute(f"{sql} order by count(*) desc, 1").fetchall())
