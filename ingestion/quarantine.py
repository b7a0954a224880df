"""Records that break their contract: kept with the reason, never dropped, never in the way.

A resource may yield a `Rejected` among its records (a line that does not parse, say); records it
yields as dictionaries are checked against the contract here. Both kinds of failure land in
`raw_<source>.quarantine`, once, however often they are delivered, and wait there to be replayed
or discarded.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

import orjson
import pydantic
from dlt.common.data_writers.writers import count_rows_in_items
from dlt.extract.extractors import ImportFileMeta
from dlt.extract.items_transform import MetricsItem
from dlt.sources import DltSource

from ingestion.contracts import Pii, RawRecord, RawTable, contract_version, naming
from ingestion.landing import Delivery

MAX_RECORD_BYTES = 16 * 2**20

Status = Literal["waiting", "replayed", "discarded"]


@dataclass(frozen=True)
class Rejected:
    """A record that cannot land in its table.

    Args:
        record: the record as text, as it came.
        rule: short name of the rule it broke, such as `invalid_json` or `duplicate_key`.
        detail: what was wrong, without the value itself: this is shown in logs.
        file: where the record was read, if from a file.
        line: line in that file, from 1.
        part: the part of the source it belongs to, such as a dataset of files.
    """

    record: str
    rule: str
    detail: str
    file: str | None = None
    line: int | None = None
    part: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Rejected:
        """The record a row of the quarantine keeps."""
        return cls(*(row[name] for name in ("record", "rule", "detail", "file", "line", "part")))


@dataclass(frozen=True)
class Remark:
    """What a resource, yielding this among its records, has to say about the load.

    Args:
        text: one line, without personal data.
        is_error: whether a part of the source failed. The rest is loaded all the same, and then
            the load counts as failed.
    """

    text: str
    is_error: bool = False


@dataclass(frozen=True)
class ReadWhole:
    """Yielded by a resource that has read all of a file: what is waiting from before is settled.

    Args:
        file: the file, as its `Rejected` records name it.
        part: the part of the source it belongs to.
    """

    file: str
    part: str | None = None


class QuarantinedRecord(RawRecord):
    """A record that broke its raw contract, with the reason."""

    raw = RawTable(name="quarantine", key=("quarantine_id",))

    quarantine_id: str = pydantic.Field(description="Hash of table, record, file and line.")
    table_name: str = pydantic.Field(description="Raw table the record was meant for.")
    record: Annotated[str | None, Pii("special")] = pydantic.Field(
        default=None, description="The record as text, as it came."
    )
    rule: str | None = pydantic.Field(default=None, description="Rule the record broke.")
    detail: str | None = pydantic.Field(default=None, description="What was wrong.")
    part: str | None = pydantic.Field(
        default=None, description="Part of the source, such as a dataset of files."
    )
    file: str | None = pydantic.Field(default=None, description="File it came from, if any.")
    line: int | None = pydantic.Field(default=None, description="Line in that file, from 1.")
    contract_version: str | None = pydantic.Field(
        default=None, description="Version of the contract it broke: a hash of what that asks for."
    )
    load_id: str | None = pydantic.Field(default=None, description="Load that set it aside first.")
    status: Status | None = pydantic.Field(
        default=None, description="waiting, replayed (loaded since) or discarded (by a person)."
    )
    resolved_at: datetime.datetime | None = pydantic.Field(
        default=None, description="When it stopped waiting (UTC)."
    )
    resolution: str | None = pydantic.Field(
        default=None, description="The load that took it in, or why it was discarded."
    )


class _LastStep(MetricsItem):
    """Sees what goes on to be written, after an incremental cursor has left out what it knows."""

    placement_affinity = 1.5  # dlt gives the cursor 1


class Quarantine:
    """Watches the resources of one source during one load, and counts what goes by.

    Args:
        models: raw contracts of the source by table name.
    """

    def __init__(self, models: Mapping[str, type[RawRecord]]) -> None:
        self._models = models
        self.deliveries = {table: Delivery() for table in models}
        self.remarks: list[Remark] = []
        self.read_whole: list[tuple[str, ReadWhole]] = []

    def watch(self, source: DltSource) -> DltSource:
        """Checks and counts the records of every contracted resource of `source`."""
        for resource in source.resources.values():
            table = str(resource.table_name)  # several resources may feed one table
            if table not in self._models:
                continue
            # First steps after extraction: an incremental cursor must never meet a bad record.
            resource.add_filter(self._record_filter(table), insert_at=1)
            resource.add_filter(self._checker(table), insert_at=2)
            # A resource that is not selected hands its records to others, which are counted.
            if resource.selected:
                resource.add_metrics(self._counter(table, "accepted"), insert_at=3)
                resource.add_step(_LastStep(self._counter(table, "passed")))
        return source

    def summary(self) -> Counter[tuple[str, str, str, str | None]]:
        """How many records were set aside, by table, rule, detail and file."""
        return Counter(
            (row["table_name"], row["rule"], row["detail"], row["file"])
            for delivery in self.deliveries.values()
            for row in delivery.rejected
        )

    def _record_filter(self, table: str) -> Callable[[Any], bool]:
        def is_record(item: Any) -> bool:
            if isinstance(item, Remark):
                self.remarks.append(item)
            elif isinstance(item, ReadWhole):
                self.read_whole.append((table, item))
            else:
                return True
            return False

        return is_record

    def _counter(self, table: str, moment: str) -> Callable[[Any, Any, Any], None]:
        delivery = self.deliveries[table]

        def count(items: Any, meta: Any, metrics: Any) -> None:
            if isinstance(meta, ImportFileMeta):
                number = meta.metrics.items_count
            else:
                number = count_rows_in_items(items)
            setattr(delivery, moment, getattr(delivery, moment) + number)

        return count

    def _checker(self, table: str) -> Callable[[Any], bool]:
        model = self._models[table]
        version = contract_version(model)

        def accepts(item: Any) -> bool:
            # Arrow tables were checked where they were made.
            rejected = item if isinstance(item, Rejected) else None
            if isinstance(item, dict):
                rejected = broken(item, model)
            if rejected is not None:
                self.deliveries[table].rejected.append(_row(table, rejected, version))
            return rejected is None

        return accepts


def broken(item: dict[str, Any], model: type[RawRecord]) -> Rejected | None:
    """The record with the reason why it cannot land in its table, or None when it can.

    Beyond the contract it must be something a table can hold: what is too large, no JSON, or would
    lose a field on its way is set aside too.
    """
    rule = detail = None
    try:
        size = len(orjson.dumps(item, default=str))
    except (orjson.JSONEncodeError, TypeError) as error:
        rule, detail = "unstorable_value", f"a value no JSON can hold: {error}"
    else:
        if size > MAX_RECORD_BYTES:
            rule, detail = "oversize_record", f"longer than {MAX_RECORD_BYTES >> 20} MiB"
        elif any(map(_is_no_number, item.values())):
            rule, detail = "unstorable_value", "a number that is not finite, or beyond 64 bits"
        elif len({_column_name(name) for name in item}) < len(item):
            rule, detail = "colliding_fields", "two fields whose names differ in their writing only"
    if rule is None:
        try:
            model.model_validate(item)
        except pydantic.ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            rule = first["type"]
            detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    if rule is None or detail is None:
        return None
    # Escaped where the text itself may be what cannot be stored.
    record = json.dumps(item, default=str, ensure_ascii=rule == "unstorable_value")
    return Rejected(record, rule, detail)


def _is_no_number(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and not -(2**63) <= value < 2**63


@lru_cache(maxsize=65_536)
def _column_name(field: str) -> str:
    return naming.normalize_identifier(field)


def _row(table: str, rejected: Rejected, version: str) -> dict[str, Any]:
    identity = json.dumps([table, rejected.record, rejected.file, rejected.line])
    return {
        "quarantine_id": hashlib.sha256(identity.encode()).hexdigest(),
        "table_name": table,
        "record": rejected.record,
        "rule": rejected.rule,
        "detail": rejected.detail,
        "part": rejected.part,
        "file": rejected.file,
        "line": rejected.line,
        "contract_version": version,
        "status": "waiting",
    }
