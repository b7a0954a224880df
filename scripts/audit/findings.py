"""What an audit found. `cdi audit --json` writes these objects as they are; no value is in them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ColumnAudit:
    """How the cells of one column are.

    Args:
        column_name: its name.
        canonical_entity: `customers` or `orders`, where it is or could be an attribute of one.
        canonical_attribute: the attribute of the canonical model it is or could be.
        formats: the commonest formats and how many cells are written so.
        shapes: the commonest shapes, such as `Aaaa 99`, and how many cells have them.
        row_count: cells there are.
        filled_count: cells that hold something.
        distinct_count: different values.
        repeated_count: cells whose value another cell has, too.
        placeholder_count: cells such as `n/a`.
        padded_count: cells with spaces around the value.
        valid_count: cells that fit the attribute; in a column that is none, no placeholders.
        completeness: filled of all cells, 0 to 1.
        validity: valid of the filled cells.
        distinctness: different values of the filled cells.
        conformity: cells that fit the attribute of all cells; null for a column that is none.
        is_sampled: whether formats, shapes and valid cells are an estimate.
        value_type: what nearly all values are: boolean, date, number, json or text.
        data_type: how a source's column is stored; a file has text alone.
        pii: class of personal data; null where nobody has said.
    """

    column_name: str
    canonical_entity: str | None
    canonical_attribute: str | None
    formats: dict[str, int]
    shapes: dict[str, int]
    row_count: int
    filled_count: int
    distinct_count: int
    repeated_count: int
    placeholder_count: int
    padded_count: int
    valid_count: int
    completeness: float | None
    validity: float | None
    distinctness: float | None
    conformity: float | None
    is_sampled: bool
    value_type: str | None = None
    data_type: str | None = None
    pii: str | None = None


@dataclass(frozen=True)
class TableAudit:
    """How the rows of one table are.

    Args:
        table_name: its name; the file's for a file.
        row_count: rows there are.
        duplicate_count: rows that repeat another in all but their key.
        as_of: the moment ages are counted to: of the last load, or of the audit of a file (UTC).
        last_touched_at: when a row was last touched (UTC), by the times it carries.
        dated_count: rows that carry such a time.
        ages: rows by how long ago they were touched.
        untouched_count: rows not touched in a year.
        columns: its columns, in their order.
    """

    table_name: str
    row_count: int
    duplicate_count: int
    as_of: datetime.datetime | None
    last_touched_at: datetime.datetime | None
    dated_count: int
    ages: dict[str, int]
    untouched_count: int
    columns: list[ColumnAudit]


@dataclass(frozen=True)
class Edit:
    """Something to be mended, or that cleaning mended.

    Args:
        count: cells, rows or lines it is about.
        subject: table, column or attribute it is about.
        rule: name of the rule that found them.
        outcome: what became of them, where cleaning has met them.
        edit_needed: what to do, in a sentence.
        documentation: where the rule is explained.
    """

    count: int
    subject: str
    rule: str
    outcome: str | None
    edit_needed: str
    documentation: str


@dataclass(frozen=True)
class Change:
    """What cleaning did to the cells of one attribute of a source.

    Args:
        entity: `person` or `organization`.
        attribute: attribute, as it is called in the cleaned model.
        received_count: cells that came with a value.
        kept_count: of them, those that are as they came.
        changed_count: those that have another value now, or none.
        filled_count: cells that came empty and have a value now.
        outcomes: cells by what became of them: tidied, defaulted, set_aside, flagged.
    """

    entity: str
    attribute: str
    received_count: int
    kept_count: int
    changed_count: int
    filled_count: int
    outcomes: dict[str, int]


@dataclass(frozen=True)
class Suspicions:
    """Cells of a file that look wrong.

    Args:
        searched_rows: rows that were searched.
        cell_count: cells that look wrong.
        columns: how many of them are in which column.
        reasons: how many of them look wrong for which reason.
        dependencies: columns that were found to depend on others, as `City → State`.
        notes: what was left out of the search, and why.
    """

    searched_rows: int
    cell_count: int
    columns: dict[str, int]
    reasons: dict[str, int]
    dependencies: list[str]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Audit:
    """What was found in one file, or in one source.

    Args:
        name: the file as it was named, or the source.
        kind: `file` or `source`.
        written: how a file is written: type, encoding, delimiter.
        unreadable: lines of a file that cannot be read, by the rule they break.
        remarks: what a user should know of how a file was read.
        tables: the tables of it.
        legacy_only: share of a source's records that nothing but a legacy source knows.
        edits: what to mend, or what cleaning mended; the most cells first.
        changes: what cleaning did to the cells of a source, before and after.
        suspicions: cells of a file that look wrong.
        proposal: entry for `files.yml` that would load a file.
    """

    name: str
    kind: str
    tables: list[TableAudit]
    edits: list[Edit]
    changes: list[Change] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    legacy_only: float | None = None
    suspicions: Suspicions | None = None
    proposal: str | None = None
