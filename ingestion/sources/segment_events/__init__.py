"""Calls recorded by Segment, or a library that speaks its spec: files in any fsspec bucket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dlt
from dlt.common.storages.configuration import FilesystemConfiguration
from dlt.common.storages.fsspec_filesystem import FileItemDict
from dlt.extract import DltResource
from dlt.sources.filesystem import filesystem

from ingestion.contracts import resource_hints
from ingestion.pipeline import SourceError
from ingestion.quarantine import ReadWhole, Rejected
from ingestion.sources.segment_events import helpers
from ingestion.sources.segment_events.schema import Event

# The listing comes whole: what was read before is compared with all that is there now.
_ALL_FILES = 2**31


@dlt.source(name="segment_events", max_table_nesting=0)
def segment_events(bucket_url: str = dlt.config.value, file_glob: str = "**/*") -> DltResource:
    """Files of Segment calls, one JSON object a line, or Parquet.

    Args:
        bucket_url: folder or bucket, such as `data/events`, `s3://bucket/prefix`.
        file_glob: which files in it; of these, the ones called `.jsonl`, `.ndjson` or `.json`
            (also with `.gz`, `.zst` or `.bz2` after it) or `.parquet` are read.

    Raises:
        SourceError: `bucket_url` is a local folder that does not exist.
    """
    if FilesystemConfiguration.is_local_path(bucket_url) and not Path(bucket_url).is_dir():
        raise SourceError(
            f"there is no folder {bucket_url}; set SOURCES__SEGMENT_EVENTS__BUCKET_URL"
        )
    files = filesystem(bucket_url, file_glob=file_glob, files_per_page=_ALL_FILES)
    return files | dlt.transformer(_events, **resource_hints(Event))


def _events(files: list[FileItemDict]) -> Iterator[Any]:
    state = dlt.current.resource_state()
    fresh = helpers.unread(files, state)
    if fresh:
        yield from helpers.read(fresh)
        yield from [ReadWhole(file["relative_path"]) for file in fresh]
        helpers.remember(files, state)


def replay(table: str, records: Sequence[Rejected]) -> Iterator[Any]:
    """Lines out of the quarantine, read again by the contract as it is now."""
    yield from helpers.read_lines(records)
