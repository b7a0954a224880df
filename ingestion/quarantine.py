"""Records that break their contract: kept with the reason, never dropped, never in the way.

A resource may yield a `Rejected` among its records (a line that does not parse, say); records it
yields as dictionaries are checked against the contract here. Both kinds of failure land in
`raw_<source>.quarantine`, once, however often they are delivered.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import dlt
import pydantic
from dlt.sources import DltResource, DltSource

from ingestion.contracts import Pii, RawRecord, RawTable, resource_hints


@dataclass(frozen=True)
class Rejected:
    """A record that cannot land in its table.

    Args:
        record: the record as text, as it came.
        rule: short name of the rule it broke, such as `invalid_json` or `duplicate_key`.
        detail: what was wrong, without the value itself: this is shown in logs.
        file: where the record was read, if from a file.
        line: line in that file, from 1.
    """

    record: str
    rule: str
    detail: str
    file: str | None = None
    line: int | None = None


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


class QuarantinedRecord(RawRecord):
    """A record that broke its raw contract, with the reason."""

    raw = RawTable(name="quarantine", key=("quarantine_id",))

    quarantine_id: str = pydantic.Field(description="Hash of table, record, rule, file and line.")
    table_name: str = pydantic.Field(description="Raw table the record was meant for.")
    record: Annotated[str | None, Pii("special")] = pydantic.Field(
        default=None, description="The record as text, as it came."
    )
    rule: str | None = pydantic.Field(default=None, description="Rule the record broke.")
    detail: str | None = pydantic.Field(default=None, description="What was wrong.")
    file: str | None = pydantic.Field(default=None, description="File it came from, if any.")
    line: int | None = pydantic.Field(default=None, description="Line in that file, from 1.")


class Quarantine:
    """Watches the resources of one source during one load.

    Args:
        models: raw contracts of the source by table name.
    """

    def __init__(self, models: dict[str, type[RawRecord]]) -> None:
        self._models = models
        self._rows: list[dict[str, Any]] = []
        self.remarks: list[Remark] = []

    def watch(self, source: DltSource) -> DltSource:
        """Checks every contracted resource of `source` and adds the quarantine table to it."""
        for resource in source.resources.values():
            table = str(resource.table_name)  # several resources may feed one table
            if table in self._models:
                # First step after extraction: an incremental cursor must never meet a bad record.
                resource.add_filter(self._checker(table), insert_at=1)
        source.resources.add(self._resource())
        return source

    def summary(self) -> Counter[tuple[str, str, str, str | None]]:
        """How many records were set aside, by table, rule, detail and file."""
        return Counter(
            (row["table_name"], row["rule"], row["detail"], row["file"]) for row in self._rows
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The records set aside in this load."""
        return self._rows

    def _checker(self, table: str) -> Any:
        model = self._models[table]

        def accepts(item: Any) -> bool:
            if isinstance(item, Rejected):
                self._set_aside(table, item)
                return False
            if isinstance(item, Remark):
                self.remarks.append(item)
                return False
            if not isinstance(item, dict):  # Arrow batches were checked where they were made
                return True
            try:
                model.model_validate(item)
            except pydantic.ValidationError as error:
                first = error.errors(include_input=False, include_url=False)[0]
                place = ".".join(str(part) for part in first["loc"])
                record = json.dumps(item, default=str, ensure_ascii=False)
                self._set_aside(table, Rejected(record, first["type"], f"{place}: {first['msg']}"))
                return False
            return True

        return accepts

    def _set_aside(self, table: str, rejected: Rejected) -> None:
        identity = json.dumps([table, rejected.record, rejected.rule, rejected.file, rejected.line])
        self._rows.append(
            {
                "quarantine_id": hashlib.sha256(identity.encode()).hexdigest(),
                "table_name": table,
                "record": rejected.record,
                "rule": rejected.rule,
                "detail": rejected.detail,
                "file": rejected.file,
                "line": rejected.line,
            }
        )

    def _resource(self) -> DltResource:
        def rejected_records() -> Iterator[list[dict[str, Any]]]:
            # Extraction goes resource by resource (`extract.next_item_mode = "fifo"`), and this
            # one is the last, so all rejects of the load are known by now.
            if self._rows:
                yield self._rows

        return dlt.resource(rejected_records, **resource_hints(QuarantinedRecord))
