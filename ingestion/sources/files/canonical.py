"""Turns the rows of a file into canonical records, by SQL made from the dataset's mapping.

Names of columns and constants come from outside: every one is quoted, and the columns of a file
are addressed by position (`c0`, `c1`, …), never by name.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion import settings, storage
from ingestion.contracts import RawRecord
from ingestion.macros import project_macros
from ingestion.pipeline import SourceError
from ingestion.quarantine import Rejected
from ingestion.sources.files import mapping
from ingestion.sources.files.mapping import Dataset, OrdersDataset, Value
from ingestion.sources.files.readers import Block, Contents, Skipped
from ingestion.sources.files.schema import Customer, Order
from ingestion.sql import literal

ENTITIES: dict[str, type[RawRecord]] = {"customers": Customer, "orders": Order}
TIMES = ("created_at", "updated_at", "ordered_at")
NUMBERS = ("amount", "quantity")

# An ISO date, perhaps with a time; and what an offset from UTC may follow it as.
_ISO_TIME = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?"
_ISO_OFFSET = r" ?(Z|UTC|[+-]\d{2}(:?\d{2})?)"
# An offset after a time of day, in whatever format.
_OFFSET_WRITTEN = r":\d{2}(?:[.,]\d+)? ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)$"


WORKERS = min(4, os.cpu_count() or 1)


@dataclass
class Delivery:
    """What a file brings.

    Args:
        parts: Parquet files of canonical records, each with how many there are in it.
        rejected: the records that cannot be one.
        skipped: lines that are no records.
    """

    parts: list[tuple[Path, int]]
    rejected: list[Rejected]
    skipped: list[Skipped]


class Canonical:
    """The canonical records of one file.

    Args:
        dataset: the dataset the file belongs to.
        name: name of the file, shown in messages.
        version: version of the file, greater for a later one.
        read: reads the file.

    Raises:
        SourceError: the mapping names a column the file does not have.
    """

    def __init__(
        self, dataset: Dataset, name: str, version: str, read: Callable[[], Contents]
    ) -> None:
        self._dataset, self._name, self._version = dataset, name, version
        self._read, self._contents = read, read()
        self.remarks = self._contents.remarks
        self._columns = self._contents.columns
        self._position = {column: f"c{i}" for i, column in enumerate(self._columns)}
        for column in mapping.source_columns(dataset):
            if self._columns and column not in self._position:
                hint = mapping.suggestion(column, self._columns)
                known = ", ".join(self._columns)
                raise SourceError(
                    f'dataset {dataset.name}: file {name} has no column "{column}"{hint}; '
                    f"its columns: {known}"
                )

    def deliver(self, folder: Path) -> Delivery:
        """Reads the whole file: all of it is delivered, or nothing.

        Args:
            folder: an empty one for the parts.
        """
        delivery = Delivery([], [], [])
        if not self._columns:
            return delivery
        # Blocks are mapped side by side, each in one thread: they share less than parts of one.
        with (
            storage.in_memory({"threads": 1, "temp_directory": str(folder)}) as connection,
            ThreadPoolExecutor(WORKERS) as workers,
        ):
            if self._dataset.entity == "orders":
                aliases = connection.read_csv(str(settings.currency_aliases()), all_varchar=True)
                aliases.create("currency_aliases")
            jobs = (
                partial(self._map, connection, read_block, folder / f"{number}.parquet")
                for number, read_block in enumerate(self._contents.blocks)
            )
            for found in _in_order(workers, jobs):
                delivery.parts += found.parts
                delivery.rejected += found.rejected
                delivery.skipped += found.skipped
            if self._dataset.key and delivery.parts:
                self._reject_repeated(connection, delivery)
        delivery.rejected.sort(key=lambda record: record.line or 0)
        return delivery

    def _map(
        self, connection: duckdb.DuckDBPyConnection, read_block: Callable[[], Block], file: Path
    ) -> Delivery:
        """One block, its canonical records written to a file."""
        block = read_block()
        delivery = Delivery([], list(block.rejected), block.skipped)
        if not block.rows.num_rows:
            return delivery
        with connection.cursor() as cursor:
            cursor.execute("set TimeZone = 'UTC'")
            cursor.register("source_rows", block.rows)
            mapped = cursor.execute(self._select).to_arrow_table()
            is_good = pc.is_null(mapped["fault"])
            broken = mapped.filter(pc.invert(is_good)).select(["line", "fault"])
            if broken.num_rows:
                cursor.register("broken", broken)
                query = (
                    f"select line, fault, {self._record} from source_rows join broken using (line)"
                )
                for line, fault, record in cursor.execute(query).fetchall():
                    rule, detail = json.loads(fault)
                    delivery.rejected.append(self._rejected(record, rule, detail, line))
        accepted = mapped.filter(is_good) if broken.num_rows else mapped
        if accepted.num_rows:
            _write(accepted.drop_columns("fault"), file)
            delivery.parts.append((file, accepted.num_rows))
        return delivery

    @cached_property
    def _select(self) -> str:
        """SQL that gives a block its canonical columns, and each broken row its fault.

        In steps, so that nothing is worked out twice: blank cells become null, canonical columns
        are made of them, and faults are found by comparing the two.
        """
        dataset = self._dataset
        cells = [f"{_cell(position)} as {position}" for position in self._position.values()]
        columns = {"record_id": self._record_id()}
        faults = {"record_id is null": ("missing_key", self._missing_key())}
        for name, value in mapping.values(dataset).items():
            columns[name], fault = self._column(name, value)
            if fault is not None:
                faults[f"{name} is null and {self._text(value)} is not null"] = fault
        columns |= {
            "dataset": literal(dataset.name),
            "file": literal(self._name),
            "file_version": literal(self._version),
            "traits": self._object({name: self._position[name] for name in self._trait_columns()}),
        }
        if dataset.entity == "customers":
            named = mapping.identifiers(dataset)
            columns["identifiers"] = self._object({k: self._text(v) for k, v in named.items()})
            columns.setdefault("record_type", "'person'")
        if isinstance(dataset, OrdersDataset) and dataset.columns.amount is not None:
            # An amount that brings its currency along must not lose it.
            beside = project_macros()["currency_beside"](self._text(dataset.columns.amount))
            columns["currency"] = f"coalesce({columns.get('currency', 'null')}, {beside})"
        if isinstance(dataset, OrdersDataset):
            columns["time_zone"] = self._zone_of(dataset.columns.ordered_at)
        for name in set(ENTITIES[dataset.entity].model_fields) - {*columns, "line"}:
            columns[name] = f"cast(null as {_sql_type(name)})"
        made = [f"{sql} as {name}" for name, sql in columns.items()]
        cases = [f"when {test} then {literal(json.dumps(f))}" for test, f in faults.items()]
        return f"""
            with cells as (
                select line, {", ".join(cells)}
                from source_rows
            ),
            canonical as (
                select *, {", ".join(made)}
                from cells
                where coalesce({", ".join(self._position.values())}) is not null
            )
            select {", ".join(ENTITIES[dataset.entity].model_fields)},
                case {" ".join(cases)} end as fault
            from canonical
        """

    def _column(self, name: str, value: Value) -> tuple[str, tuple[str, str] | None]:
        """SQL of a canonical column, and the fault (rule, detail) of a value it cannot take."""
        text = self._text(value)
        source = " ".join(value.column) or "the constant"
        if name == "record_type":
            kind = f"lower(trim(coalesce({text}, 'person')))"
            return f"case when {kind} in ('person', 'organization') then {kind} end", (
                "invalid_record_type",
                f"{source}: neither person nor organization",
            )
        if value.date_format:
            is_day = name == "birth_date"
            moment = _moment(text, value.date_format, None if is_day else self._dataset.time_zone)
            return f"strftime({moment}, '%Y-%m-%d')" if is_day else moment, (
                "invalid_date",
                f"{source}: not a date written as {' or '.join(value.date_format)}",
            )
        if name in TIMES:
            return _iso_time(text, self._dataset.time_zone), (
                "invalid_date",
                f"{source}: not an ISO date or time; give its date_format in the mapping",
            )
        if name in NUMBERS:
            return project_macros()["parse_money"](text), (
                "invalid_number",
                f"{source}: not a number with one meaning",
            )
        if name == "customer_record_id" and value.column:
            owner = literal(f"{value.dataset or self._dataset.name}:")
            return f"{owner} || {self._joined(value.column, '|')}", None
        return text, None

    def _zone_of(self, value: Value | None) -> str:
        """SQL of the zone a time is told in: as written beside it, or as the mapping says."""
        given = literal(self._dataset.time_zone) if self._dataset.time_zone else "null"
        if value is None:
            return "cast(null as varchar)"
        written = f"regexp_extract(trim({self._text(value)}), {literal(_OFFSET_WRITTEN)}, 1)"
        return f"coalesce(nullif({written}, ''), {given})"

    def _record_id(self) -> str:
        if not self._dataset.key:
            return f"{literal(f'{self._dataset.name}:{self._name}:')} || line"
        parts = " || '|' || ".join(f"trim({self._position[part]})" for part in self._dataset.key)
        return f"{literal(f'{self._dataset.name}:')} || {parts}"

    def _missing_key(self) -> str:
        return f"{' or '.join(self._dataset.key)}: empty, and it is the key"

    def _text(self, value: Value) -> str:
        """SQL of a value as text, null when there is none."""
        if value.value is not None:
            return literal(value.value)
        if len(value.column) == 1:
            return self._position[value.column[0]]
        return self._joined(value.column, " ")

    def _joined(self, columns: tuple[str, ...], separator: str) -> str:
        parts = ", ".join(f"trim({self._position[column]})" for column in columns)
        return f"nullif(concat_ws({literal(separator)}, {parts}), '')"

    def _trait_columns(self) -> list[str]:
        if self._dataset.traits != "*":
            return list(self._dataset.traits)
        mapped = set(mapping.source_columns(self._dataset))
        return [column for column in self._columns if column not in mapped]

    @staticmethod
    def _object(fields: dict[str, str]) -> str:
        """SQL of a JSON object of those fields that are not null, null when none is."""
        if not fields:
            return "cast(null as varchar)"
        names = {name: literal(json.dumps(name, ensure_ascii=False) + ":") for name in fields}
        pairs = ", ".join(
            f"{names[name]} || cast(to_json({sql}) as varchar)" for name, sql in fields.items()
        )
        return f"'{{' || nullif(concat_ws(',', {pairs}), '') || '}}'"

    def _reject_repeated(self, connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
        """Takes out the rows whose key an earlier row has, and which differ from that.

        A row that is equal to the earlier one is the same delivery twice, and nothing wrong.
        """
        parts = [str(file) for file, _ in delivery.parts]
        connection.read_parquet(parts, filename=True).create_view("accepted")
        connection.execute(f"set threads = {WORKERS}")
        # By their hash first: few keys repeat, and hashes are small.
        connection.execute(
            "create table key_hashes as select hash(record_id) as key_hash from accepted "
            "group by key_hash having count(*) > 1"
        )
        content = ", ".join(set(ENTITIES[self._dataset.entity].model_fields) - {"line"})
        repeated = connection.execute(
            f"""
            with repeating as (
                select filename, record_id, line, row({content}) as content
                from accepted
                where hash(record_id) in (select key_hash from key_hashes)
            )
            select filename, line, first_value(line) over by_line as first_line
            from repeating
            window by_line as (partition by record_id order by line)
            qualify content is distinct from first_value(content) over by_line
            """
        ).fetchall()
        if not repeated:
            return
        first_lines = {line: first_line for _, line, first_line in repeated}
        for number, (file, _) in enumerate(delivery.parts):
            if any(part == str(file) for part, _, _ in repeated):
                table = pq.read_table(file)
                table = table.filter(pc.invert(pc.is_in(table["line"], pa.array(first_lines))))
                _write(table, file)
                delivery.parts[number] = file, table.num_rows
        for read_block in self._read().blocks:
            connection.register("source_rows", read_block().rows)
            connection.register("repeated", pa.table({"line": list(first_lines)}))
            query = f"select line, {self._record} from source_rows semi join repeated using (line)"
            for line, record in connection.execute(query).fetchall():
                detail = f"the key is that of line {first_lines[line]}, the rest differs"
                delivery.rejected.append(self._rejected(record, "duplicate_key", detail, line))

    @cached_property
    def _record(self) -> str:
        """SQL of a row as a JSON object of the file's own columns."""
        return self._object({column: _cell(at) for column, at in self._position.items()})

    def _rejected(self, record: str, rule: str, detail: str, line: int) -> Rejected:
        return Rejected(record, rule, f"dataset {self._dataset.name}: {detail}", self._name, line)


def _write(table: pa.Table, file: Path) -> None:
    """Writes records so that dlt takes the file as it is: what identifies one is never null."""
    fields = [field.with_nullable(field.name != "record_id") for field in table.schema]
    pq.write_table(
        pa.Table.from_arrays(table.columns, schema=pa.schema(fields)),
        file,
        # Read once and whole: what helps to find or leave out values is not worth the making.
        use_dictionary=False,
        write_statistics=False,
        compression="lz4",
    )


def _in_order(
    workers: ThreadPoolExecutor, jobs: Iterable[Callable[[], Delivery]]
) -> Iterator[Delivery]:
    """What jobs return, in their order; no more of them are begun than there are threads."""
    begun: deque[Future[Delivery]] = deque()
    for job in jobs:
        begun.append(workers.submit(job))
        if len(begun) > WORKERS:
            yield begun.popleft().result()
    for future in begun:
        yield future.result()


def _cell(position: str) -> str:
    """SQL of a cell as written, or null when it is blank."""
    # Nearly all cells are empty or start with what is no space, which is cheaper to see.
    is_visible = f"{position} >= '!' and ({position} < '\u00a0' or {position} >= '\u00a1')"
    return (
        f"case when {position} = '' then null when {is_visible} then {position} "
        f"when trim({position}, ' \t\r\n\u00a0') <> '' then {position} end"
    )


def _sql_type(column: str) -> str:
    if column in TIMES:
        return "timestamp"
    return "decimal(18, 4)" if column in NUMBERS else "varchar"


def _to_utc(zone: str | None) -> str:
    """SQL after a time without a zone that makes it one in UTC."""
    return f" at time zone {literal(zone)} at time zone 'UTC'" if zone else ""


def _moment(text: str, date_formats: Sequence[str], zone: str | None) -> str:
    """A time read by the first format it fits; null when that is none.

    Args:
        text: SQL of it as written.
        date_formats: how it may be written.
        zone: the zone it is in, where a format has none; UTC if None.
    """
    formats = [literal(date_format) for date_format in date_formats]
    zones = [
        " at time zone 'UTC'" if "%z" in given.lower() else _to_utc(zone) for given in date_formats
    ]
    each = ", ".join(
        f"try_strptime(trim({text}), {given}){zone}"
        for given, zone in zip(formats, zones, strict=True)
    )
    # %Y takes a two-digit year for one of the first century.
    earliest = "timestamp '1000-01-01'"
    careful = f"list_filter([{each}], lambda moment: moment >= {earliest})[1]"
    if any(zones):
        return careful
    first = f"try_strptime(trim({text}), [{', '.join(formats)}])"
    return f"case when {first} < {earliest} then {careful} else {first} end"


def _iso_time(text: str, zone: str | None) -> str:
    """A time in UTC; one without an offset is taken to be in the zone, or in UTC if None."""
    plain = f"replace(trim({text}), ',', '.')"
    return (
        f"case when regexp_full_match(trim({text}), {literal(_ISO_TIME)}) "
        f"then try_cast({plain} as timestamp){_to_utc(zone)} "
        f"when regexp_full_match(trim({text}), {literal(_ISO_TIME + _ISO_OFFSET)}) "
        f"then try_cast({plain} as timestamptz) at time zone 'UTC' end"
    )
