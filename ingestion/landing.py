"""Lands what dlt extracted from a source: all of its tables in one transaction, or none of them.

dlt extracts, normalizes and keeps the schema; this is the last step, in place of dlt's own loader,
which commits table by table. A load that is killed, refused or out of disk at any moment leaves
the warehouse as it was, and every record that came is accounted for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dlt
import duckdb
import pyarrow as pa
from dlt.common.storages.load_package import create_load_id
from dlt.pipeline.state_sync import state_doc
from pydantic import Field

from ingestion import bookkeeping, lake, mirror, settings, storage
from ingestion.contracts import RawRecord, RawTable, naming
from ingestion.erased import Erased
from ingestion.lake import Commit
from ingestion.sql import literal, quoted, text_table

LOADS_SCHEMA = "raw_loads"
MEMORY = "1GiB"
"""What the engine may hold at most while it writes; the rest goes to the working folder."""

_STATE = "_dlt_pipeline_state"
_DLT_COLUMNS = ("_dlt_load_id", "_dlt_id")


class LoadCount(RawRecord):
    """What became of the records of one table in one load. A table nothing came for has a row."""

    raw = RawTable(name="load_counts", key=("source", "load_id", "table_name"))

    source: str = Field(description="Source that was loaded.")
    load_id: str = Field(description="Load; its number is the time it began, in seconds.")
    table_name: str = Field(description="Raw table the records were meant for.")
    is_replay: bool | None = Field(
        default=None, description="Whether the records came out of the quarantine."
    )
    records_received: int | None = Field(default=None, description="Records the source sent.")
    records_loaded: int | None = Field(
        default=None, description="Records taken in, those superseded at once included."
    )
    records_quarantined: int | None = Field(
        default=None, description="Records that broke their contract and were set aside."
    )
    identical_redeliveries: int | None = Field(
        default=None, description="Records that were there already, and are left as they were."
    )
    records_superseded: int | None = Field(
        default=None,
        description="Of those loaded, the ones a later version of the same record took over from.",
    )
    records_kept_out: int | None = Field(
        default=None, description="Records of people who were erased: they do not come back."
    )
    loaded_at: datetime.datetime | None = Field(default=None, description="When it was done (UTC).")


@dataclass
class Delivery:
    """What a load brought for one table, counted as it went by.

    Args:
        accepted: records that keep their contract.
        passed: those of them that went on to dlt; the others the cursor knew from before.
        rejected: records that broke their contract, as rows of the quarantine.
    """

    accepted: int = 0
    passed: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)

    @property
    def received(self) -> int:
        """Records the source sent."""
        return self.accepted + len(self.rejected)


@dataclass(frozen=True)
class Resolution:
    """Quarantined records that a load has settled.

    Args:
        table: raw table they were meant for.
        ids: their ids, where those are known; otherwise all of a file.
        file: the file that was read again.
        part: the part of the source the file belongs to.
    """

    table: str
    ids: tuple[str, ...] = ()
    file: str | None = None
    part: str | None = None


class LostRecordsError(Exception):
    """What arrived is not what was extracted, or has no table. Nothing was written."""


def declare_counts() -> None:
    """Creates the table of `LoadCount`, or the columns it lacks."""
    bookkeeping.declare(LOADS_SCHEMA, [LoadCount])


def land(
    source: str,
    pipeline: dlt.Pipeline,
    models: Mapping[str, type[RawRecord]],
    deliveries: Mapping[str, Delivery],
    resolved: Sequence[Resolution] = (),
    is_replay: bool = False,
) -> list[dict[str, Any]]:
    """Writes the normalized packages of a pipeline, the quarantine, and the count of both.

    Args:
        source: name of the source.
        pipeline: extracted and normalized, nothing loaded.
        models: raw contracts of the source by table.
        deliveries: what came, by table.
        resolved: which quarantined records no longer wait, unless they were rejected again.
        is_replay: whether the records came out of the quarantine.

    Returns:
        A row of `LoadCount` for each table, with `records_written` added: rows that changed.

    Raises:
        LostRecordsError: what arrived is not what was extracted.
        duckdb.Error: the warehouse cannot be written; it is as it was.
    """
    schema = str(pipeline.dataset_name)
    packages = [pipeline.get_load_package_info(i) for i in pipeline.list_normalized_load_packages()]
    load_id = packages[-1].load_id if packages else create_load_id()
    files: dict[str, list[str]] = {}
    for package in packages:
        for job in package.jobs["new_jobs"]:
            files.setdefault(job.job_file_info.table_name, []).append(job.file_path)
    if strangers := sorted(set(files) - set(models) - {_STATE}):
        tables = ", ".join(strangers)
        raise LostRecordsError(
            f"{schema}: there is no contract for the table {tables}; nothing was written"
        )
    if packages:
        sync_schema(pipeline, models)
    with storage.connect(settings.warehouse()) as connection:
        connection.execute("set TimeZone = 'UTC'")
        storage.limit_memory(connection, MEMORY)
        connection.execute(f"set temp_directory = {literal(pipeline.working_dir)}")
        # Rows of a raw table have no order, and to keep one takes time and memory.
        connection.execute("set preserve_insertion_order = false")
        counts = []
        quarantined: list[dict[str, Any]] = []
        with mirror.transaction(connection, f"cdi load {source}") as commit:
            erased = Erased(connection, source)
            for name, model in models.items():
                delivery = deliveries.get(name, Delivery())
                table = _Table(connection, schema, model, load_id, erased, commit)
                landed = table.land(sorted(files.get(name, ())), delivery.passed)
                rejected = [row for row in delivery.rejected if not erased.was_of(row)]
                rejected_kept_out = len(delivery.rejected) - len(rejected)
                quarantined.extend(rejected)
                counts.append(
                    {
                        "source": source,
                        "load_id": load_id,
                        "table_name": name,
                        "is_replay": is_replay,
                        "records_received": delivery.received,
                        "records_loaded": delivery.passed - landed.identical - landed.kept_out,
                        "records_quarantined": len(rejected),
                        "identical_redeliveries": landed.identical
                        + (delivery.accepted - delivery.passed),
                        "records_superseded": landed.superseded,
                        "records_kept_out": landed.kept_out + rejected_kept_out,
                        "loaded_at": datetime.datetime.now(datetime.UTC).replace(tzinfo=None),
                        "records_written": landed.written,
                    }
                )
            _quarantine(connection, schema, load_id, quarantined)
            _resolve(connection, schema, load_id, resolved)
            _append(connection, LOADS_SCHEMA, LoadCount.raw.name, load_id, counts)
            if packages:
                _remember(connection, schema, pipeline, load_id, has_state=_STATE in files)
    return counts


def sync_schema(pipeline: dlt.Pipeline, models: Mapping[str, type[RawRecord]]) -> None:
    """Gives the raw tables the columns that dlt has found, by contract or because they came.

    Tables of records in a lake are views, which dlt finds to have all columns already.
    """
    chosen = lake.chosen()
    if chosen is not None:
        tables = {}
        with pipeline.destination_client() as client:
            mapper = client.capabilities.get_type_mapper()
            for name in set(models) & set(pipeline.default_schema.tables):
                table = client.prepare_load_table(name)
                tables[models[name].raw] = {
                    column: mapper.to_destination_type(hint, table)
                    for column, hint in table["columns"].items()
                    if "data_type" in hint
                }
        with storage.connect(settings.warehouse()) as connection:
            mirror.declare(connection, chosen, "cdi load", str(pipeline.dataset_name), tables)
    pipeline.sync_schema()


@dataclass
class _Landed:
    written: int = 0
    identical: int = 0
    superseded: int = 0
    kept_out: int = 0


class _Table:
    """One raw table, and the records that arrived for it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        schema: str,
        model: type[RawRecord],
        load_id: str,
        erased: Erased,
        commit: Commit | None,
    ) -> None:
        self._connection = connection
        self._model = model
        self._erased = erased
        self._commit = commit
        self._name = f"{quoted(schema)}.{quoted(model.raw.name)}"
        self._place = f"{schema}.{model.raw.name}"
        self._load_id = load_id
        self._types = _columns(connection, schema, model.raw.name)
        self._columns = [name for name in self._types if name not in _DLT_COLUMNS]
        self._replaces = model.raw.write == "replace"
        self._key = [naming.normalize_identifier(name) for name in model.raw.key]
        self._version, self._precedence = (
            field and quoted(naming.normalize_identifier(field))
            for field in (model.raw.version, model.raw.precedence)
        )
        provenance = {naming.normalize_identifier(name) for name in model.raw.provenance}
        self._content = [name for name in self._columns if name not in {*self._key, *provenance}]

    def land(self, files: Sequence[str], expected: int) -> _Landed:
        """Takes in the records of Parquet files; `expected` is how many there should be."""
        if not files:
            self._check(0, expected)
            return _Landed()
        self._open(files)
        self._check(self._count("delivered"), expected)
        kept_out = self._erased.admit(self._model)
        landed = self._replace() if self._replaces else self._merge()
        landed.kept_out = kept_out
        return landed

    def _open(self, files: Sequence[str]) -> None:
        """Makes the view `delivered`: the table's columns in its types, and each row's place."""
        source = f"read_parquet([{', '.join(map(literal, files))}], union_by_name = true"
        given = {
            row[0]
            for row in self._connection.execute(f"describe select * from {source})").fetchall()
        }
        selected = [
            f"cast({quoted(name) if name in given else 'null'} as {kind}) as {quoted(name)}"
            for name, kind in self._types.items()
            if name not in _DLT_COLUMNS
        ]
        self._connection.execute(
            f"create or replace temp view delivered as select {', '.join(selected)}, "
            f"list_position([{', '.join(map(literal, files))}], filename) as _file, "
            f"file_row_number as _row "
            f"from {source}, filename = true, file_row_number = true)"
        )

    def _check(self, arrived: int, expected: int) -> None:
        if arrived != expected:
            raise LostRecordsError(
                f"{self._place}: {expected} records were extracted, {arrived} arrived; "
                "nothing was written"
            )

    def _replace(self) -> _Landed:
        """The whole table anew, unless it would come out as it is."""
        number, rows = self._count("arrived"), f"select {_list(self._columns)} from"
        # As many rows, and none that was not there: the same rows.
        if number == self._count(self._name) and not self._one(
            f"select exists ({rows} arrived except all {rows} {self._name})"
        ):
            return _Landed(identical=number)
        if self._commit is None:
            self._connection.execute(f"delete from {self._name}")
        return _Landed(written=self._insert("arrived"))

    def _merge(self) -> _Landed:
        """Each record once, as its latest version says; one that says nothing new is left alone."""
        landed = _Landed()
        latest = self._latest(landed)
        if not self._one(f"select exists (from {self._name})"):
            landed.written = self._insert(latest)
            return landed
        is_older = "false"
        if self._version:
            is_older = f"coalesce({latest}.{self._version} < held.{self._version}, false)"
        self._connection.execute(
            f"""
            create or replace temp table known as
            select
                {", ".join(f"{latest}.{quoted(name)}" for name in self._key)},
                {self._is_same(latest, "held")} as is_identical,
                {is_older} as is_older
            from {latest}
            inner join {self._name} as held on {self._matches(latest, "held")}
            """
        )
        landed.identical += self._count("known where is_identical")
        landed.superseded += self._count("known where is_older and not is_identical")
        has_later = self._count("known where not (is_identical or is_older)") > 0
        if has_later and self._commit is None:
            self._connection.execute(
                f"delete from {self._name} as held using known "
                f"where {self._matches('known', 'held')} and not (is_identical or is_older)"
            )
        landed.written = self._insert(
            f"{latest} anti join (from known where is_identical or is_older) as known "
            f"using ({_list(self._key)})",
            supersedes=has_later,
        )
        return landed

    def _latest(self, landed: _Landed) -> str:
        """Name of a relation with one arrived record a key, the others counted in `landed`."""
        # Keys are looked at by their hash first: few repeat, and hashes are small.
        key_hash = f"hash({_list(self._key)})"
        self._connection.execute(
            f"create or replace temp table repeated as select {key_hash} as key_hash from arrived "
            "group by key_hash having count(*) > 1"
        )
        if not self._count("repeated"):
            return "arrived"
        order = [f"{field} desc nulls last" for field in (self._precedence, self._version) if field]
        self._connection.execute(
            f"""
            create or replace temp table ranked as
            select
                *,
                row_number() over (
                    partition by {_list(self._key)}
                    order by {", ".join([*order, "_row desc", "_file desc"])}
                ) as delivery
            from arrived
            where {key_hash} in (select key_hash from repeated)
            """
        )
        identical = self._count(
            f"ranked as other inner join ranked as latest on {self._matches('other', 'latest')} "
            f"where other.delivery > 1 and latest.delivery = 1 "
            f"and {self._is_same('other', 'latest')}"
        )
        landed.identical += identical
        landed.superseded += self._count("ranked where delivery > 1") - identical
        self._connection.execute(
            f"""
            create or replace temp view latest as
            select * from arrived
            where {key_hash} not in (select key_hash from repeated)
            union all
            select * exclude (delivery) from ranked
            where delivery = 1
            """
        )
        return "latest"

    def _insert(self, relation: str, supersedes: bool = False) -> int:
        """Adds rows; to a lake as a file of their own, which has later versions or has not."""
        load_id = literal(self._load_id)
        columns = {name: quoted(name) for name in self._columns}
        # Unique in the table, which is all that dlt asks of it.
        columns |= {
            "_dlt_load_id": load_id,
            "_dlt_id": f"{load_id} || '.' || _file || '.' || _row",
        }
        selected = ", ".join(f"{sql} as {quoted(name)}" for name, sql in columns.items())
        if self._commit is not None:
            return self._commit.add(
                self._connection,
                self._place,
                f"select {selected} from {relation}",
                f"load_id={self._load_id}",
                columns=[*columns],
                supersedes=supersedes,
            )
        inserted = self._connection.execute(
            f"insert into {self._name} ({_list(columns)}) select {selected} from {relation}"
        ).fetchone()
        return int(inserted[0]) if inserted else 0

    def _matches(self, one: str, other: str) -> str:
        names = map(quoted, self._key)
        return " and ".join(f"{one}.{name} = {other}.{name}" for name in names)

    def _is_same(self, one: str, other: str) -> str:
        names = map(quoted, self._content)
        pairs = (f"{one}.{name} is not distinct from {other}.{name}" for name in names)
        return " and ".join(["true", *pairs])

    def _count(self, relation: str) -> int:
        return int(self._one(f"select count(*) from {relation}"))

    def _one(self, sql: str) -> Any:
        row = self._connection.execute(sql).fetchone()
        return row[0] if row else None


def _quarantine(
    connection: duckdb.DuckDBPyConnection, schema: str, load_id: str, rows: list[dict[str, Any]]
) -> None:
    """Keeps rejected records once. One that was replayed and breaks again is waiting again.

    Their ids stay in the temporary table `rejected`.
    """
    place = f"{quoted(schema)}.quarantine"
    by_id = {row["quarantine_id"]: row | {"load_id": load_id} for row in rows}
    text_table(connection, "rejected", ("quarantine_id",), [(key,) for key in by_id])
    connection.execute(
        f"delete from {place} "
        "where status = 'replayed' and quarantine_id in (select quarantine_id from rejected)"
    )
    known = connection.execute(
        f"select quarantine_id from rejected semi join {place} using (quarantine_id)"
    ).fetchall()
    for (key,) in known:
        del by_id[key]
    _append(connection, schema, "quarantine", load_id, list(by_id.values()))


def _resolve(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    load_id: str,
    resolved: Sequence[Resolution],
) -> None:
    """Marks what was waiting as replayed, but for what is in the relation `rejected` again."""
    if not resolved:
        return
    settled = [
        (item.table, item.file, item.part, key) for item in resolved for key in item.ids or (None,)
    ]
    text_table(connection, "settled", ("table_name", "file", "part", "quarantine_id"), settled)
    connection.execute(
        f"""
        update {quoted(schema)}.quarantine
        set
            status = 'replayed',
            resolved_at = now() at time zone 'UTC',
            resolution = 'load ' || ?
        where
            status = 'waiting'
            and quarantine_id not in (select quarantine_id from rejected)
            and (
                quarantine_id in (select quarantine_id from settled where file is null)
                or (table_name, file, coalesce(part, '')) in (
                    select (table_name, file, coalesce(part, '')) from settled
                    where file is not null
                )
            )
        """,
        [load_id],
    )


def _remember(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    pipeline: dlt.Pipeline,
    load_id: str,
    has_state: bool,
) -> None:
    """What dlt's own loader notes of a load, so that dlt finds its state and schema again."""
    load = {
        "load_id": load_id,
        "schema_name": pipeline.default_schema.name,
        "status": 0,
        "inserted_at": datetime.datetime.now(datetime.UTC),
        "schema_version_hash": pipeline.default_schema.version_hash,
    }
    _append(connection, schema, "_dlt_loads", load_id, [load])
    if has_state:
        # Only the last state is ever read, and it can be long.
        connection.execute(f"delete from {quoted(schema)}.{_STATE}")
        document = dict(state_doc(pipeline.state, load_id))
        _append(connection, schema, _STATE, load_id, [document])


def _append(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    load_id: str,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Adds rows given as dictionaries; what the table has no column for is left out."""
    if not rows:
        return
    types = _columns(connection, schema, table)
    arrays = {name: pa.array([row.get(name) for row in rows]) for name in types if name in rows[0]}
    if "_dlt_load_id" in types:
        arrays["_dlt_load_id"] = pa.array([load_id] * len(rows))
        arrays["_dlt_id"] = pa.array([f"{load_id}.{number}" for number in range(len(rows))])
    connection.register("appended", pa.table(arrays))
    connection.execute(
        f"insert into {quoted(schema)}.{quoted(table)} by name select * from appended"
    )
    connection.unregister("appended")


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    """Types of a table's columns, in their order."""
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ? "
        "order by column_index",
        [schema, table],
    ).fetchall()
    return dict(rows)


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names))
