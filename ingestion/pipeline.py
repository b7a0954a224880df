"""Loads a source into its raw schema: one dlt pipeline and one dataset a source."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import dlt
import duckdb
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.common.runtime.collector import NULL_COLLECTOR
from dlt.common.runtime.collector_base import Collector
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.extract.exceptions import ResourceExtractionError
from dlt.pipeline.exceptions import PipelineStepFailed
from dlt.sources import DltResource, DltSource
from requests import HTTPError, RequestException

from ingestion import incidents, privacy, settings, storage
from ingestion.contracts import RawRecord, column_names, contracts, resource_hints
from ingestion.landing import (
    Delivery,
    LostRecordsError,
    Resolution,
    declare_counts,
    land,
    sync_schema,
)
from ingestion.lock import exclusive
from ingestion.quarantine import Quarantine, QuarantinedRecord, Rejected
from ingestion.sources import SOURCES
from ingestion.sql import literal, quoted


class SourceError(Exception):
    """A source could not be loaded. The message says what, where, and how to mend it."""


class RefusedError(SourceError):
    """Too much of a load broke its contract: nothing was written."""


class NotConfiguredError(Exception):
    """A source has no credentials. The message says what to set."""


@dataclass
class LoadResult:
    """What one load of one source did.

    Args:
        source: name of the source.
        rows: rows written by table; empty when nothing had changed.
        counts: what became of the records that came, a row of `LoadCount` for each table.
        rejected: records set aside by (table, rule, detail, file).
        skipped: what to set, when the source is not configured.
        notes: what a user should know of a load that went well, one line each.
        error: what went wrong, when it failed, or when a part of it did.
    """

    source: str
    rows: dict[str, int] = field(default_factory=dict)
    counts: list[dict[str, Any]] = field(default_factory=list)
    rejected: Counter[tuple[str, str, str, str | None]] = field(default_factory=Counter)
    skipped: str | None = None
    notes: list[str] = field(default_factory=list)
    error: str | None = None


def load(source: str, progress: Collector = NULL_COLLECTOR) -> LoadResult:
    """Brings everything new or changed of a source into `raw_<source>`.

    Args:
        source: name of a source, one of `ingestion.sources.SOURCES`.
        progress: dlt collector that is told of rows as they are extracted.

    Returns:
        Rows written by table. A source without credentials, or one that failed, is reported in
        the result and raises nothing, so that the others go on.
    """
    result = LoadResult(source)
    try:
        declare_tables(source)
        _run(source, configured(source), result, progress)
    except NotConfiguredError as reason:
        result.skipped = str(reason)
    except storage.StorageError:
        raise
    except Exception as error:
        if os.environ.get("CDI_DEBUG"):
            raise
        result.error = _explain(source, error)
    return result


def replay(source: str, rows: Sequence[Mapping[str, Any]]) -> LoadResult:
    """Loads records out of the quarantine; those that break their contract still stay there.

    Args:
        source: name of a source.
        rows: rows of its quarantine: `quarantine_id`, `table_name`, and the fields of `Rejected`.
    """
    package = import_module(f"ingestion.sources.{source}")
    read_again = getattr(package, "replay", _from_json)
    models = contracts(source)
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(row["table_name"], []).append(row)

    @dlt.source(name=source, max_table_nesting=0)
    def replayed() -> Iterator[DltResource]:
        for table, waiting in by_table.items():
            records = [Rejected.of(row) for row in waiting]
            yield dlt.resource(read_again(table, records), **resource_hints(models[table]))

    result = LoadResult(source)
    try:
        declare_tables(source)
        resolved = [
            Resolution(table, ids=tuple(row["quarantine_id"] for row in waiting))
            for table, waiting in by_table.items()
        ]
        _run(source, replayed(), result, replayed=resolved)
    except Exception as error:
        if os.environ.get("CDI_DEBUG"):
            raise
        result.error = _explain(source, error)
    return result


def _from_json(table: str, records: Sequence[Rejected]) -> Iterator[Any]:
    """Records that came as JSON objects, to be checked against the contract as it is now."""
    for record in records:
        try:
            yield json.loads(record.record)
        except ValueError:
            yield record


def _run(
    source: str,
    data: DltSource,
    result: LoadResult,
    progress: Collector = NULL_COLLECTOR,
    replayed: Sequence[Resolution] = (),
) -> None:
    """Extracts `data` and lands it whole, or raises and leaves the warehouse as it was."""
    models = contracts(source)
    quarantine = Quarantine(models)
    with _pipeline(source, progress) as pipeline:
        pipeline.sync_destination()
        pipeline.extract(quarantine.watch(data), loader_file_format="parquet")
        result.rejected = quarantine.summary()
        if not replayed:
            _refuse_where_too_much_is_broken(source, quarantine.deliveries)
        pipeline.normalize()
        settled = [
            Resolution(table, file=whole.file, part=whole.part)
            for table, whole in quarantine.read_whole
        ]
        result.counts = land(
            source,
            pipeline,
            models,
            quarantine.deliveries,
            resolved=[*settled, *replayed],
            is_replay=bool(replayed),
        )
    result.rows = {
        count["table_name"]: count["records_written"]
        for count in result.counts
        if count["records_written"]
    }
    result.notes = [remark.text for remark in quarantine.remarks if not remark.is_error]
    failures = [remark.text for remark in quarantine.remarks if remark.is_error]
    result.error = "; ".join(failures) or None


def _refuse_where_too_much_is_broken(source: str, deliveries: Mapping[str, Delivery]) -> None:
    """Holds each table of a load to the thresholds of `load_thresholds.csv`.

    Raises:
        RefusedError: with what was broken, and how much is allowed.
    """
    for table, delivery in deliveries.items():
        broken = len(delivery.rejected)
        if not broken:
            continue
        limit = _threshold(source, table)
        if broken < limit.minimum_records or broken <= limit.maximum_share * delivery.received:
            continue
        rules = Counter(row["rule"] for row in delivery.rejected).most_common(5)
        raise RefusedError(
            f"refused, nothing was written: {broken:,} of {delivery.received:,} records of {table} "
            f"({broken / delivery.received:.1%}) break their contract, {limit.maximum_share:.0%} "
            f"may ({settings.load_thresholds().name}); "
            + ", ".join(f"{rule} {number:,}" for rule, number in rules)
        )


@dataclass(frozen=True)
class Threshold:
    """How much of a load may break its contract.

    Args:
        maximum_share: of the records of a table, before the load is refused.
        minimum_records: broken ones below which a share says nothing.
    """

    maximum_share: float
    minimum_records: int


def _threshold(source: str, table: str) -> Threshold:
    """The most particular threshold there is for a table; `*` stands for all."""
    with settings.load_thresholds().open(newline="") as file:
        rows = {(row["source"], row["table_name"]): row for row in csv.DictReader(file)}
    for scope in ((source, table), (source, "*"), ("*", "*")):
        if scope in rows:
            row = rows[scope]
            return Threshold(float(row["maximum_share"]), int(row["minimum_records"]))
    raise SourceError(f"{settings.load_thresholds()} has no row *,*")


def configured(source: str) -> DltSource:
    """The dlt source, with its credentials and settings.

    Raises:
        NotConfiguredError: naming the environment variables that are not set.
    """
    factory = getattr(import_module(f"ingestion.sources.{source}"), source)
    try:
        return factory()
    except ConfigFieldMissingException as missing:
        prefix = f"SOURCES__{source.upper()}__"
        variables = ", ".join(prefix + name.upper() for name in missing.traces)
        raise NotConfiguredError(
            f"set {variables} (or the same in .dlt/secrets.toml) to load it"
        ) from None


def declare_everything() -> None:
    """Creates every raw table that a model reads and that does not exist yet.

    Raises:
        duckdb.IOException: another process has the warehouse open.
    """
    for source in SOURCES:
        declare_tables(source)
    declare_counts()
    privacy.declare()
    incidents.declare()


def declare_tables(source: str) -> None:
    """Creates every declared raw table that does not exist yet: models can always read it.

    Raises:
        duckdb.IOException: another process has the warehouse open.
    """
    existing = _existing_columns(source)
    if all(existing.get(model.raw.name, set()) >= column_names(model) for model in _models(source)):
        return

    with _pipeline(source) as pipeline:
        pipeline.sync_destination()
        pipeline.extract(declared(source), loader_file_format="parquet")
        pipeline.normalize()
        sync_schema(pipeline, contracts(source))
        declare_counts()


@contextmanager
def _pipeline(source: str, progress: Collector = NULL_COLLECTOR) -> Iterator[dlt.Pipeline]:
    """The pipeline of a source, in a working folder beside the warehouse that lasts only as long.

    The warehouse is the one keeper of load state: dlt restores it from there. So a load that was
    killed leaves no half-done package to be mistaken for the truth, and what raw records it left
    in its folder are gone when the next one starts.
    """
    os.environ.setdefault("DLT_PROJECT_DIR", str(settings.PROJECT))
    folder = working_folder()
    with exclusive("cdi load"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            with _credentials() as credentials:
                yield dlt.pipeline(
                    pipeline_name=f"cdi_{source}",
                    destination=dlt.destinations.duckdb(credentials),
                    dataset_name=f"raw_{source}",
                    pipelines_dir=str(folder),
                    progress=progress,
                )
        except PipelineStepFailed as failure:
            if any(isinstance(cause, KeyboardInterrupt) for cause in _chain(failure)):
                raise KeyboardInterrupt from None
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _credentials() -> Iterator[str | DuckDbCredentials]:
    """What dlt opens the warehouse with: its path, or where it is encrypted a connection of ours.

    To attach an encrypted file itself, dlt would need a statement with the key in it.
    """
    if storage.key_in_use() is None:
        yield str(settings.warehouse())
        return
    with storage.connect(settings.warehouse()) as connection:
        # What dlt duplicates starts at the in-memory database, where all would be lost.
        path = f"{quoted(storage.name_of(settings.warehouse()))}.main"
        yield DuckDbCredentials(connection, pragmas=[f"search_path = {literal(path)}"])


def working_folder() -> Path:
    """Where the load that is under way keeps raw records, until it ends."""
    return storage.scratch_folder("loading")


def declared(source: str) -> DltSource:
    """The raw tables of a source as dlt knows them, its quarantine included, without a record."""

    @dlt.source(name=source, max_table_nesting=0)
    def tables() -> Iterator[DltResource]:
        for model in _models(source):
            yield dlt.resource(_no_rows, **resource_hints(model))

    return tables()


def _models(source: str) -> list[type[RawRecord]]:
    return [*contracts(source).values(), QuarantinedRecord]


def _no_rows() -> Iterator[Any]:
    yield dlt.mark.materialize_table_schema()


def _existing_columns(source: str) -> dict[str, set[str]]:
    """Names of the columns of each raw table of a source."""
    if not settings.warehouse().exists():
        return {}
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where schema_name = ? group by table_name",
            [f"raw_{source}"],
        ).fetchall()
    return {table: set(columns) for table, columns in rows}


def _explain(source: str, error: BaseException) -> str:
    """One line: source, table, and the cause, without the personal data a URL can carry."""
    where = source
    for cause in _chain(error):
        if isinstance(cause, ResourceExtractionError):
            where = f"{source}.{cause.pipe_name}"
        if isinstance(cause, SourceError | LostRecordsError):
            return f"{where}: {cause}"
        if isinstance(cause, HTTPError) and cause.response is not None:
            parts = urlsplit(cause.response.url)
            url = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
            hint = ""
            if cause.response.status_code in (401, 403):
                hint = f"; check the SOURCES__{source.upper()}__ credentials and their scopes"
            return f"{where}: {url} answered {cause.response.status_code}{hint}"
        if isinstance(cause, RequestException):
            asked = cause.request.url if cause.request is not None else None
            host = f"{urlsplit(asked).netloc} " if asked else ""
            return f"{where}: {host}did not answer as it should ({type(cause).__name__}), try later"
    # What was merely being handled when the error came about explains nothing.
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{where}: {type(error).__name__}: {first_line(error)}"


def first_line(error: BaseException) -> str:
    """The first line of an error's message, without what may be a value of a record.

    That is anything in quotes, e-mail addresses, and long numbers. Errors of files and of the
    warehouse as a whole name places, not values.
    """
    line = (str(error).splitlines() or [""])[0]
    if isinstance(error, OSError | duckdb.IOException):
        return line
    return _VALUES.sub("…", line)


_VALUES = re.compile(r"""'[^']*'|"[^"]*"|\S+@\S+|\+?\d[\d ().-]{4,}\d""")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, then what caused it, down to the first cause."""
    following: BaseException | None = error
    while following is not None:
        yield following
        context = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or context
