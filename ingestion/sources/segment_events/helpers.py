"""Reads files of Segment calls into Arrow tables.

Files are split into lines by NumPy, and lines are parsed, typed and checked by DuckDB: no row is
ever a Python object, except those set aside.
"""

from __future__ import annotations

import bisect
import functools
import json
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from dlt.common.storages.fsspec_filesystem import FileItemDict

from ingestion import tracking_plan
from ingestion.batches import ahead, in_pieces
from ingestion.contracts import columns
from ingestion.lines import bounded, cut
from ingestion.pipeline import SourceError
from ingestion.quarantine import Rejected
from ingestion.sources.segment_events.schema import CallType, Event
from ingestion.sql import literal, quoted

BLOCK_BYTES = 16 * 2**20
"""Bytes of text parsed at a time: enough to keep all cores busy, little enough for any memory."""

LATE_SECONDS = 30 * 86_400
"""How long the files read are remembered; one that turns up with an older date is taken as read."""

MANY = 100
"""Members that calls of a block have beyond the fields; with more, they are taken to be hostile."""

CODECS = {"gz": "gzip", "bz2": "bz2", "zst": "zstd"}
TEXT_FORMATS = ("jsonl", "ndjson", "json")

_FIELDS = {name: hint["data_type"] for name, hint in columns(Event).items() if name != "extra"}
_CAMEL_CASE = {field.lower(): field for field in _FIELDS}


class Lines(NamedTuple):
    """Whole lines of one file.

    Args:
        file: path of the file inside the bucket.
        first: number of the first line, from 1.
        texts: the lines, not yet known to be valid UTF-8.
        lengths: bytes of each line that was too long to be read whole, by its number.
    """

    file: str
    first: int
    texts: pa.LargeBinaryArray
    lengths: Mapping[int, int] = MappingProxyType({})


def unread(files: list[FileItemDict], state: dict[str, Any]) -> list[FileItemDict]:
    """Files of calls that were not read yet, or were rewritten since, oldest first.

    A file counts as read by its path, size and modification time together. So neither files
    modified at the same moment nor ones copied into the bucket late with an older date are lost.

    Args:
        files: everything listed in the bucket.
        state: what `remember` left there after the last load.
    """
    read, horizon = state.get("read", {}), state.get("horizon", float("-inf"))
    fresh = [
        file
        for file in files
        if _format(file) and _modified(file) >= horizon and read.get(_path(file)) != _version(file)
    ]
    return sorted(fresh, key=lambda file: (_modified(file), _path(file)))


def remember(files: list[FileItemDict], state: dict[str, Any]) -> None:
    """Notes in `state` that all of `files` are read."""
    horizon = max(_modified(file) for file in files) - LATE_SECONDS
    state["horizon"] = horizon
    state["read"] = {_path(file): _version(file) for file in files if _modified(file) >= horizon}


def read(files: list[FileItemDict]) -> Iterator[pa.Table | list[Rejected]]:
    """Calls of `files`, typed by their contract, and the lines that break it.

    Yields:
        Arrow tables with the columns of `Event`, and lists of the malformed lines.

    Raises:
        SourceError: naming a file that is torn, unreadable or gone, or what is wrong with the
            tracking plan.
    """
    planned = tracking_plan.violation_sql(tracking_plan.read())
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        # While one batch is written, the next is parsed and the one after that is read.
        batches = ahead(_batches(files, connection.cursor()))
        yield from ahead(part for batch in batches for part in _parse(batch, connection, planned))


def read_lines(records: Sequence[Rejected]) -> Iterator[pa.Table | list[Rejected]]:
    """Calls of lines that were set aside before, as `read` gives those of files."""
    planned = tracking_plan.violation_sql(tracking_plan.read())
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        batch = [
            Lines(
                record.file or "",
                record.line or 0,
                pa.array([record.record.encode()], pa.large_binary()),
            )
            for record in records
        ]
        yield from _parse(batch, connection, planned)


def _batches(
    files: list[FileItemDict], connection: duckdb.DuckDBPyConnection
) -> Iterator[list[Lines]]:
    """Lines worth parsing at a time, be they a part of a file or many small files."""
    batch: list[Lines] = []
    for lines in _lines(files, connection):
        batch.append(lines)
        if sum(part.texts.nbytes for part in batch) >= BLOCK_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _lines(files: list[FileItemDict], connection: duckdb.DuckDBPyConnection) -> Iterator[Lines]:
    for file in files:
        first, lengths = 1, dict[int, int]()
        with _explained(file), file.open(compression="disable") as opened:
            if _format(file) == "parquet":
                arrays = _parquet_lines(opened, connection)
            else:
                codec = CODECS.get(_path(file).rsplit(".", 1)[-1].lower())
                arrays = _text_lines(bounded(_blocks(opened, codec), 1, lengths))
            for texts in arrays:
                yield Lines(_path(file), first, texts, lengths)
                first += len(texts)


def _blocks(opened: typing.IO[bytes], codec: str | None) -> Iterator[bytes]:
    """The text of a file."""
    stream: pa.NativeFile = pa.PythonFile(opened, mode="r")
    if codec:
        stream = pa.CompressedInputStream(stream, codec)
    block = stream.read(BLOCK_BYTES).removeprefix(b"\xef\xbb\xbf")
    while block:
        yield block
        block = stream.read(BLOCK_BYTES)


def _text_lines(blocks: Iterable[bytes]) -> Iterator[pa.LargeBinaryArray]:
    """Lines of a text, by the block, with the newline."""
    rest: list[bytes] = []
    for block in blocks:
        last = block.rfind(b"\n") + 1
        if not last:
            rest.append(block)
            continue
        text = b"".join([*rest, block[:last]])
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n")) + 1
        offsets = np.concatenate(([0], ends))
        yield pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(text)]
        )
        rest = [block[last:]] if last < len(block) else []
    if rest:
        yield pa.array([b"".join(rest)], pa.large_binary())


def _parquet_lines(
    opened: typing.IO[bytes], connection: duckdb.DuckDBPyConnection
) -> Iterator[pa.LargeBinaryArray]:
    """Rows of a Parquet file as the lines they would have been, columns in either spelling."""
    for rows in pq.ParquetFile(opened).iter_batches():
        members = []
        for column in rows.schema:
            value = quoted(column.name)
            field = _CAMEL_CASE.get(column.name.replace("_", "").lower(), column.name)
            if _FIELDS.get(field) == "json" and pa.types.is_string(column.type):
                value = f"if(json_valid({value}), {value}::json, to_json({value}))"
            members.append(f"{literal(field)}: {value}")
        texts = connection.from_arrow(pa.Table.from_batches([rows])).project(
            f"cast(to_json({{{', '.join(members)}}}) as varchar) as text"
        )
        yield texts.to_arrow_table()["text"].combine_chunks().cast(pa.large_binary())


def _parse(
    batch: list[Lines], connection: duckdb.DuckDBPyConnection, planned: str
) -> Iterator[pa.Table | list[Rejected]]:
    texts = pa.chunked_array([lines.texts for lines in batch])
    # The text is not checked for UTF-8 here: the check for valid JSON includes it.
    views = pa.chunked_array([lines.texts.view(pa.large_string()) for lines in batch])
    lines = pa.table({"position": np.arange(len(texts)), "text": views})
    connection.register("lines", in_pieces(lines))
    members = connection.execute(_MEMBERS).fetchall()
    query = _calls_query(_extra(name for (name,) in members), planned)
    calls = connection.sql(query).to_arrow_table()
    if calls["rule"].null_count < len(calls):
        accepted = pc.is_null(calls["rule"])
        starts = np.cumsum([0] + [len(part.texts) for part in batch])
        broken = calls.filter(pc.invert(accepted)).select(["position", "rule", "detail"])
        rejected = []
        for call in broken.to_pylist():
            record = texts[call["position"]].as_py().rstrip(b"\r\n").decode(errors="replace")
            if record.strip():
                part = bisect.bisect_right(starts, call["position"]) - 1
                line = int(batch[part].first + call["position"] - starts[part])
                rule, detail = call["rule"], call["detail"]
                if line in batch[part].lengths:
                    rule, detail = cut(batch[part].lengths[line])
                rejected.append(Rejected(record, rule, detail, batch[part].file, line))
        yield rejected
        calls = calls.filter(accepted)
    if len(calls):
        yield calls.drop_columns(["position", "rule", "detail"])


def _extra(members: Iterable[str]) -> tuple[str, ...] | None:
    """Those members of calls that no field is for; None where they are not to be told apart.

    DuckDB has no two fields whose names differ by case, and calls made to harm have no end of them.
    """
    extra = tuple(sorted(set(members) - _FIELDS.keys()))
    names = {name.lower() for name in (*extra, *_FIELDS)}
    is_clear = len(extra) <= MANY and len(names) == len(extra) + len(_FIELDS)
    return extra if is_clear else None


@functools.lru_cache
def _calls_query(extra: tuple[str, ...] | None, planned: str) -> str:
    """SQL from `lines` (position, text) to calls, with the rule each malformed one breaks.

    Args:
        extra: all members that no field is for. They are read together with the fields, which
            takes half the time that finding them call by call takes; None has that done.
        planned: SQL that tells how a call is not as the tracking plan has it.
    """
    structure = json.dumps(
        {field: "JSON" if kind == "json" else "VARCHAR" for field, kind in _FIELDS.items()}
        | dict.fromkeys(extra or (), "JSON")
    )
    if extra is None:
        without_known = json.dumps(dict.fromkeys(_FIELDS))
        rest = f"json_merge_patch(json, {literal(without_known)})"
    else:
        members = [f"{literal(json.dumps(name) + ':')} || call.{quoted(name)}" for name in extra]
        rest = f"'{{' || concat_ws(',', {', '.join(members) or 'null'}) || '}}'"
    values, unparsable = [], []
    for field, kind in _FIELDS.items():
        value = f'call."{field}"'
        if kind == "json":
            value = f"nullif({value}, 'null')"
        if kind == "timestamp":
            # The test keeps out words DuckDB takes for times, such as 'infinity' and 'epoch'.
            # UTC is what nearly all are in; whatever other offset there is takes longer.
            value = (
                f"case when substr({value}, 5, 1) <> '-' then null "
                f"when ends_with({value}, 'Z') then try_cast({value} as timestamp) "
                f"else try_cast({value} as timestamptz) at time zone 'UTC' end"
            )
            unparsable.append(f"""when call."{field}" is not null and "{field}" is null
                then 'invalid_timestamp: {field} is not an ISO 8601 time'""")
        values.append(f'{value} as "{field}"')
    kinds = ", ".join(f"'{kind}'" for kind in typing.get_args(CallType))
    return f"""
        with valid as (
            -- Only JSON is looked at further: text functions may hang on bytes that are no UTF-8.
            select position, case when json_valid(text) then text end as json
            from lines
            where text not in ('\n', '\r\n')
        ),
        parsed as (
            select position, json, from_json(json, {literal(structure)}) as call from valid
        ),
        typed as (
            select
                position, json, call, {", ".join(values)}, nullif({rest}, '{{}}') as extra
            from parsed
        ),
        checked as (
            select
                *,
                case
                    when json is null then 'invalid_json: not a JSON text in UTF-8'
                    when coalesce("messageId", '') = '' then
                        case
                            when starts_with(ltrim(json, ' \t\r'), '{{')
                                then 'missing_message_id: no messageId'
                            else 'not_an_object: the line is not a JSON object'
                        end
                    when coalesce("type", '') = '' then 'missing_type: no type'
                    -- A list, not `in`: that would be a join, after which lines are in any order.
                    when not list_contains([{kinds}], "type")
                        then 'unknown_type: the type is none of {kinds.replace("'", "")}'
                    {" ".join(unparsable)}
                    else {planned}
                end as broken
            from typed
        )
        select
            * exclude (json, call, broken),
            split_part(broken, ': ', 1) as rule,
            split_part(broken, ': ', 2) as detail
        from checked
    """


@contextmanager
def _explained(file: FileItemDict) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SourceError(f"{_path(file)}: the file is gone since it was listed") from None
    except (OSError, EOFError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"{_path(file)}: cannot be read, is it complete? ({reason})") from error


def _format(file: FileItemDict) -> str | None:
    """`jsonl`, `ndjson`, `json` or `parquet` by the file's name; None for any other file."""
    parts = _path(file).lower().rsplit("/", 1)[-1].split(".")
    if parts[-1] in CODECS:
        parts.pop()
        return parts[-1] if parts[-1] in TEXT_FORMATS else None
    return parts[-1] if parts[-1] in (*TEXT_FORMATS, "parquet") else None


def _path(file: FileItemDict) -> str:
    return typing.cast(str, file["relative_path"])


def _modified(file: FileItemDict) -> float:
    return typing.cast(float, file["modification_date"].timestamp())


def _version(file: FileItemDict) -> list[float | None]:
    return [_modified(file), file.get("size_in_bytes")]


_MEMBERS = "select distinct unnest(json_keys(text)) from lines where json_valid(text)"
