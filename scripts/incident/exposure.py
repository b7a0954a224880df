"""What was exposed: a relation of the warehouse, or a file that left it; which rows and columns."""

from __future__ import annotations

import csv
import datetime
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion import settings, storage
from ingestion.macros import project_macros
from ingestion.pipeline import SourceError
from ingestion.sql import literal, quoted
from scripts.audit import files, profile
from scripts.incident import people
from scripts.incident.people import Column
from scripts.pii.command import seed as column_classes
from scripts.terminal import count, shown

# Columns that say when a row came, the surest first.
TIME_COLUMNS = ("loaded_at", "_dlt_load_id")
# What a search needs of the warehouse.
NEEDED = (
    "marts.dim_customers", "marts.xref_customer_records", "marts.xref_customer_identifiers",
    "marts.customer_id_aliases",
)  # fmt: skip
# Classes of what was found in a column that nothing else tells of.
_FOUND_CLASSES = {"email": "contact", "phone": "contact"}


class IncidentError(Exception):
    """Nothing can be done, and why, without a word about a person."""


@dataclass(frozen=True)
class Limits:
    """Which part of something was exposed.

    Args:
        since: rows of this time and later, UTC.
        until: rows of this time and earlier, UTC.
        time_column: column the rows' time is read from; else one that says when they were loaded.
        columns: columns; none stands for all.
    """

    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    time_column: str | None = None
    columns: Sequence[str] = ()

    @property
    def has_times(self) -> bool:
        """Whether they limit the rows."""
        return self.since is not None or self.until is not None


@dataclass
class Exposure:
    """What was exposed, and of whom. The customers are in the table `affected`.

    Args:
        subject: what it was, as it can be shown.
        classes: columns of each class of personal data.
        row_count: rows exposed.
        unknown_count: people among them who are no known customer.
        time_column: column the rows were limited by.
        remarks: what somebody has to know, or look at.
    """

    subject: str
    classes: dict[str, int] = field(default_factory=dict)
    row_count: int = 0
    unknown_count: int = 0
    time_column: str | None = None
    remarks: list[str] = field(default_factory=list)


Searched = tuple[duckdb.DuckDBPyConnection, Exposure]


@contextmanager
def of_relation(
    relation: str, limits: Limits
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Exposure]]:
    """Searches a table or a view of the warehouse.

    The connection it gives is to the warehouse, for writing.

    Raises:
        IncidentError: there is no such relation or column, or nothing is built.
    """
    with _warehouse() as connection:
        schema, table, kinds = _resolved(connection, relation, limits)
        exposure = Exposure(f"{schema}.{table}")
        people.prepare(connection)
        _search_table(connection, schema, table, kinds, limits, exposure)
        _conclude(connection, exposure)
        yield connection, exposure


@contextmanager
def of_file(file: Path, limits: Limits) -> Iterator[Searched]:
    """Searches a file: CSV, JSON, Parquet, Excel, or a DuckDB database.

    The connection it gives is to the warehouse, for writing.

    Raises:
        IncidentError: it cannot be read, has no such column, or nothing is built.
    """
    if not file.is_file():
        what = "a folder: name its files" if file.is_dir() else "not there"
        raise IncidentError(f"{_named(file)} is {what}")
    exposure = Exposure(_named(file))
    if _is_database(file):
        with _warehouse() as connection:
            people.prepare(connection)
            _search_database(connection, file, limits, exposure)
            _conclude(connection, exposure)
            yield connection, exposure
        return
    try:
        with files.opened(str(file)) as raw:
            measured = profile.profiled(
                raw, datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
            )
            storage.attach(raw.connection, built(), "warehouse", read_only=False)
            raw.connection.execute("use warehouse")
            _check_built(raw.connection)
            people.prepare(raw.connection)
            _search_file(raw, measured, limits, exposure)
            _conclude(raw.connection, exposure)
            yield raw.connection, exposure
    except SourceError:
        raise IncidentError(
            f"{_named(file)} cannot be read: is it what its name says, and whole? "
            "`cdi audit FILE` tells more"
        ) from None


@contextmanager
def _warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with storage.connect(built()) as connection:
        _check_built(connection)
        yield connection


def built() -> Path:
    """The warehouse.

    Raises:
        IncidentError: there is none.
    """
    if not settings.warehouse().exists():
        raise IncidentError(
            f"there is no warehouse at {shown(settings.warehouse())}: `cdi load` makes it"
        )
    return settings.warehouse()


def _check_built(connection: duckdb.DuckDBPyConnection) -> None:
    there = set(_relations(connection, "current_database()"))
    lacking = [name for name in NEEDED if name not in there]
    if lacking:
        raise IncidentError(f"{lacking[0]} is not built, so nobody can be found: `cdi build`")


def _relations(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """Types of the columns of each table and view of a database, by `schema.table`."""
    found: dict[str, dict[str, str]] = {}
    for name, column, kind in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = {database} and not internal "
        "order by schema_name, table_name, column_index"
    ).fetchall():
        found.setdefault(name, {})[column] = kind
    return found


def _named(file: Path) -> str:
    """The name of a file as it can be shown and kept: nobody's address is in it."""
    return file.name if is_impersonal(file.name) else f"a {file.suffix or 'file'} file"


def is_impersonal(text: str) -> bool:
    """Whether a text holds neither an e-mail address nor a phone number.

    What has a date in it, or letters and a hyphen before it as in `CVE-2026-12345`, is no number.
    """
    numbers = re.findall(r"\+?\d[\d ()./-]{6,}\d", re.sub(r"\b[A-Za-z]+-[\w-]+", "", text))
    dated = re.compile(r"(19|20)\d\d-?[01]\d-?[0-3]\d")
    return not re.search(r"\S@\S", text) and all(dated.search(number) for number in numbers)


def _is_database(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(12)[8:] == b"DUCK"


def _resolved(
    connection: duckdb.DuckDBPyConnection, relation: str, limits: Limits
) -> tuple[str, str, dict[str, str]]:
    """Schema, table and types of the columns of a relation, as the warehouse calls them."""
    known = _relations(connection, "current_database()")
    if relation not in known:
        close = difflib.get_close_matches(relation, known, n=3, cutoff=0.5)
        meant = f"; did you mean {', '.join(close)}?" if close else ""
        raise IncidentError(f"no relation {relation} in the warehouse: name it SCHEMA.TABLE{meant}")
    _check_columns(relation, known[relation], limits)
    schema, _, table = relation.partition(".")
    return schema, table, known[relation]


def _check_columns(subject: str, there: Sequence[str] | Mapping[str, str], limits: Limits) -> None:
    asked = [*limits.columns, *([limits.time_column] if limits.time_column else [])]
    lacking = [column for column in asked if column not in there]
    if lacking:
        raise IncidentError(
            f"{subject} has no column {', '.join(lacking)}: there are {', '.join(there)}"
        )


def _search_table(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    kinds: Mapping[str, str],
    limits: Limits,
    exposure: Exposure,
    database: str | None = None,
) -> None:
    """Searches one table of the warehouse, or of an attached database; adds what is found."""
    classes = _declared_classes(schema, table)
    attributes = people.attributes_of(connection, list(kinds))
    # What nobody has looked at may be anything. Of a table that is none of ours, names tell.
    others = {} if classes else _canonical_classes()
    unclassed_pii = "special" if classes else "unknown"
    columns = [
        Column(
            name=name,
            pii=classes.get(name) or others.get(attributes[name] or "") or unclassed_pii,
            attribute=attributes[name],
            is_id=_is_id(classes.get(name), attributes[name]) if classes else None,
            is_exposed=not limits.columns or name in limits.columns,
        )
        for name in kinds
    ]
    texts = "".join(
        f", cast({quoted(name)} as varchar) as c{position}" for position, name in enumerate(kinds)
    )
    in_database = f"{database}." if database else ""
    from_table = f"{in_database}{quoted(schema)}.{quoted(table)}"
    condition = _times(f"{schema}.{table}", kinds, limits, exposure)
    connection.execute(
        f"create or replace temp table exposed_rows as "
        f"select row_number() over () as line{texts} from {from_table} where {condition}"
    )
    source = re.match(r"raw_(\w+)|stg_(\w+?)__", schema if schema != "staging" else table)
    _search(connection, columns, exposure, source and (source[1] or source[2]))
    unclassed = [name for name in kinds if name not in classes]
    if classes and unclassed:
        exposure.remarks.append(
            f"nobody has classed {', '.join(unclassed)}: taken for special; `cdi pii sync`"
        )


def _declared_classes(schema: str, table: str) -> dict[str, str]:
    with column_classes().open(encoding="utf-8", newline="") as file:
        return {
            row["column_name"]: row["pii"]
            for row in csv.DictReader(file)
            if (row["table_schema"], row["table_name"]) == (schema, table)
        }


def _canonical_classes() -> dict[str, str]:
    """Class of each attribute of the canonical model: that of files."""
    return _declared_classes("raw_files", "orders") | _declared_classes("raw_files", "customers")


def _is_id(pii: str | None, attribute: str | None) -> bool:
    """Whether a column may hold ids of people: documents and what nobody classed included."""
    return pii in (None, "direct_identifier", "special", "contact") and attribute not in (
        "full_name", "given_name", "family_name", "middle_name", "email", "phone",
    )  # fmt: skip


def _times(
    subject: str,
    kinds: Mapping[str, str],
    limits: Limits,
    exposure: Exposure,
    in_sql: Callable[[str], str] = quoted,
) -> str:
    """Condition on the rows of a table by their time; rows without one are not left out."""
    if not limits.has_times:
        return "true"
    column = limits.time_column or next((name for name in TIME_COLUMNS if name in kinds), None)
    if column is None:
        dated = [name for name, kind in kinds.items() if kind.startswith("TIMESTAMP")]
        column = dated[0] if len(dated) == 1 else None
    if column is None:
        exposure.remarks.append(
            f"{subject} does not say when its rows came: all of them count; --time-column names "
            "a column to go by"
        )
        return "true"
    exposure.time_column = column
    written = in_sql(column)
    if column == "_dlt_load_id":
        time = project_macros()["load_time"](f"try_cast({written} as double)")
    else:
        time = f"cast(try_cast({written} as timestamptz) as timestamp)"
        if kinds[column].startswith("TIMESTAMP"):
            time = f"cast({written} as timestamp)"
    bounds = [
        f"{time} {sign} {literal(bound.isoformat(' '))}::timestamp"
        for sign, bound in ((">=", limits.since), ("<=", limits.until))
        if bound is not None
    ]
    return f"({time} is null or ({' and '.join(bounds)}))"


def _search_database(
    connection: duckdb.DuckDBPyConnection, file: Path, limits: Limits, exposure: Exposure
) -> None:
    if file.samefile(settings.warehouse()):
        raise IncidentError(f"{_named(file)} is the warehouse itself: name its tables, --relation")
    if limits.columns:
        raise IncidentError("--column is for one table: a database has many")
    try:
        storage.attach(connection, file, "leak", may_be_plain=True)
    except duckdb.Error:
        raise IncidentError(
            f"{_named(file)} cannot be opened: it is in use, damaged, or of a later version"
        ) from None
    for name, kinds in _relations(connection, "'leak'").items():
        schema, _, table = name.partition(".")
        _search_table(connection, schema, table, kinds, limits, exposure, "leak")


def _search_file(
    raw: files.RawFile, measured: profile.Profile, limits: Limits, exposure: Exposure
) -> None:
    _check_columns(exposure.subject, raw.columns, limits)
    classes = _canonical_classes()
    columns = []
    for audit in measured.table.columns:
        pii = classes.get(audit.canonical_attribute or "")
        columns.append(
            Column(
                name=audit.column_name,
                # Not recognised: searched, and of no class until somebody is found in it.
                pii=pii or "unknown",
                attribute=audit.canonical_attribute,
                is_exposed=not limits.columns or audit.column_name in limits.columns,
            )
        )
    kinds = dict.fromkeys(raw.columns, "VARCHAR")
    places = {name: f"c{position}" for position, name in enumerate(raw.columns)}
    condition = _times(exposure.subject, kinds, limits, exposure, places.__getitem__)
    # Several rows may be on one line: each is a row of its own.
    raw.connection.execute(
        "create or replace temp table exposed_rows as "
        "select row_number() over () as line, * exclude (line) "
        f"from memory.main.file_rows where {condition}"
    )
    _search(raw.connection, columns, exposure, None)
    lost = sum(raw.unreadable.values())
    if lost:
        exposure.remarks.append(f"{count(lost)} lines cannot be read: look at them by hand")


def _search(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    exposure: Exposure,
    source: str | None,
) -> None:
    """Searches the exposed rows, and adds up what is found."""
    may_be = [column for column in columns if column.pii != "none" or column.is_id is None]
    exposed = [column for column in may_be if column.is_exposed]
    if not exposed:
        connection.execute("delete from exposed_rows")
    elif len(exposed) < len(may_be):
        # Who has nothing in the columns that were exposed is not affected.
        filled = " or ".join(f"trim(c{columns.index(one)}) <> ''" for one in exposed)
        connection.execute(f"delete from exposed_rows where not coalesce({filled}, false)")
    found = people.search(connection, columns, source)
    exposure.row_count += found.row_count
    unrecognised = []
    for column in exposed:
        kind = found.columns.get(column.name)
        pii = column.pii
        if pii in ("unknown", "none") and kind:
            pii = _FOUND_CLASSES.get(kind, "direct_identifier")
        if pii == "unknown":
            unrecognised.append(column.name)
        elif pii != "none":
            exposure.classes[pii] = exposure.classes.get(pii, 0) + 1
    if unrecognised:
        exposure.remarks.append(
            f"not recognised, look at what they hold: {', '.join(unrecognised)}"
        )
    if not exposed:
        exposure.remarks.append("no personal data is in what was exposed")
    if found.ambiguous_count:
        exposure.remarks.append(
            f"{count(found.ambiguous_count)} rows are of several customers, or share a value with "
            "them: all of these count"
        )
    if found.nobody_count:
        exposure.remarks.append(
            f"{count(found.nobody_count)} rows hold no id, address or number that tells whose they "
            "are: look at them by hand"
        )


def _conclude(connection: duckdb.DuckDBPyConnection, exposure: Exposure) -> None:
    connection.execute(
        "create or replace temp table affected as select distinct customer_id from affected"
    )
    ((exposure.unknown_count,),) = connection.execute(
        "select count(distinct value) from strangers"
    ).fetchall()
