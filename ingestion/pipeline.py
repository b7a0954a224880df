"""Loads a source into its raw schema: one dlt pipeline and one dataset a source."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import dlt
import duckdb
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.common.runtime.collector import NULL_COLLECTOR
from dlt.common.runtime.collector_base import Collector
from dlt.extract.exceptions import ResourceExtractionError
from dlt.sources import DltResource, DltSource
from requests import HTTPError, RequestException

from ingestion import settings
from ingestion.contracts import RawRecord, contracts, resource_hints
from ingestion.quarantine import Quarantine, QuarantinedRecord


class SourceError(Exception):
    """A source could not be loaded. The message says what, where, and how to mend it."""


class NotConfiguredError(Exception):
    """A source has no credentials. The message says what to set."""


@dataclass
class LoadResult:
    """What one load of one source did.

    Args:
        source: name of the source.
        rows: rows written by table; empty when nothing had changed.
        rejected: records set aside by (table, rule, detail, file).
        skipped: what to set, when the source is not configured.
        notes: what a user should know of a load that went well, one line each.
        error: what went wrong, when it failed, or when a part of it did.
    """

    source: str
    rows: dict[str, int] = field(default_factory=dict)
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
    models = contracts(source)
    quarantine = Quarantine(models)
    result = LoadResult(source)
    try:
        declare_tables(source)
        data = quarantine.watch(configured(source))
        with _pipeline(source, progress) as pipeline:
            pipeline.run(data, loader_file_format="parquet")
            result.rows = _rows_written(pipeline, models)
        result.rejected = quarantine.summary()
        result.notes = [remark.text for remark in quarantine.remarks if not remark.is_error]
        failures = [remark.text for remark in quarantine.remarks if remark.is_error]
        result.error = "; ".join(failures) or None
    except NotConfiguredError as reason:
        result.skipped = str(reason)
    except Exception as error:
        if os.environ.get("CDI_DEBUG"):
            raise
        result.error = _explain(source, error)
    return result


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


def declare_tables(source: str) -> None:
    """Creates every declared raw table that does not exist yet: models can always read it.

    Raises:
        duckdb.IOException: another process has the warehouse open.
    """
    models: list[type[RawRecord]] = [*contracts(source).values(), QuarantinedRecord]
    if _existing_tables(source) >= {model.raw.name for model in models}:
        return

    @dlt.source(name=source, max_table_nesting=0)
    def declared() -> Iterator[DltResource]:
        for model in models:
            yield dlt.resource(_no_rows, **resource_hints(model))

    with _pipeline(source) as pipeline:
        pipeline.run(declared(), loader_file_format="parquet")


@contextmanager
def _pipeline(source: str, progress: Collector = NULL_COLLECTOR) -> Iterator[dlt.Pipeline]:
    """The pipeline of a source, in a working folder that lasts only as long.

    The warehouse is the one keeper of load state: dlt restores it from there. So a load that was
    killed leaves no half-done package behind to be mistaken for the truth, and no raw record
    stays readable in a working folder.
    """
    os.environ.setdefault("DLT_PROJECT_DIR", str(settings.PROJECT))
    settings.warehouse().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cdi-load-") as working_folder:
        yield dlt.pipeline(
            pipeline_name=f"cdi_{source}",
            destination=dlt.destinations.duckdb(str(settings.warehouse())),
            dataset_name=f"raw_{source}",
            pipelines_dir=working_folder,
            progress=progress,
        )


def _rows_written(pipeline: dlt.Pipeline, models: Iterable[str]) -> dict[str, int]:
    trace = pipeline.last_trace
    if trace is None or trace.last_normalize_info is None:
        return {}
    counted = trace.last_normalize_info.row_counts
    return {table: counted[table] for table in models if counted.get(table)}


def _no_rows() -> Iterator[Any]:
    yield dlt.mark.materialize_table_schema()


def _existing_tables(source: str) -> set[str]:
    if not settings.warehouse().exists():
        return set()
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        rows = connection.execute(
            "select table_name from information_schema.tables where table_schema = ?",
            [f"raw_{source}"],
        ).fetchall()
    return {name for (name,) in rows}


def _explain(source: str, error: BaseException) -> str:
    """One line: source, table, and the cause, without the personal data a URL can carry."""
    where = source
    for cause in _chain(error):
        if isinstance(cause, ResourceExtractionError):
            where = f"{source}.{cause.pipe_name}"
        if isinstance(cause, SourceError):
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
    lines = str(error).splitlines() or [""]
    return f"{where}: {type(error).__name__}: {lines[0]}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, then what caused it, down to the first cause."""
    following: BaseException | None = error
    while following is not None:
        yield following
        context = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or context
