"""What a raw file needs mended before it is loaded, from what was measured of it."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.audit.findings import Audit, ColumnAudit, Edit, TableAudit

GUIDE = "docs/guides/auditing.md"
RULES = {
    "unreadable": "{count} lines cannot be read, {detail}: mend or drop them",
    "duplicate_rows": "{count} rows repeat another but for their key: keep one",
    "untouched": "{count} rows were not touched in a year: do they still hold?",
    "empty": "the column is empty: fill it or leave it out",
    "placeholder": "{count} cells hold a placeholder such as n/a: blank them",
    "padded": "{count} values have spaces around them: trim them",
    "invalid": "{count} values are no {detail}: mend or blank them",
    "repeated_key": "{count} rows share their key with another: tell them apart",
    "mixed_formats": "{count} dates are written unlike the others: write all one way",
    "suspect": "{count} cells look wrong: check them",
}


def edits_of(audit: Audit, key: list[str]) -> list[Edit]:
    """The edits a file needs, those of the most cells first.

    Args:
        audit: what was found in the file.
        key: the columns that tell its rows apart.
    """
    (table,) = audit.tables
    found = [
        *_of_rows(audit, table),
        *(edit for column in table.columns for edit in _of_column(table, column)),
        *_of_key(table, key),
        *_of_suspects(audit),
    ]
    return sorted(found, key=lambda edit: (-edit.count, edit.subject, edit.rule))


def _of_rows(audit: Audit, table: TableAudit) -> Iterator[Edit]:
    for rule, count in audit.unreadable.items():
        yield _edit("unreadable", count, table.table_name, rule.replace("_", " "))
    if table.duplicate_count:
        yield _edit("duplicate_rows", table.duplicate_count, table.table_name)
    if table.untouched_count:
        yield _edit("untouched", table.untouched_count, table.table_name)


def _of_column(table: TableAudit, column: ColumnAudit) -> Iterator[Edit]:
    name = column.column_name
    if table.row_count and not column.filled_count:
        yield _edit("empty", 0, name)
    if column.placeholder_count:
        yield _edit("placeholder", column.placeholder_count, name)
    if column.padded_count:
        yield _edit("padded", column.padded_count, name)
    invalid = column.filled_count - column.valid_count - column.placeholder_count
    if column.canonical_attribute and invalid > 0:
        yield _edit("invalid", invalid, name, column.canonical_attribute.replace("_", " "))
    dates = {name: count for name, count in column.formats.items() if name.startswith("date")}
    if len(dates) > 1 and sum(dates.values()) > 0.5 * column.filled_count:
        yield _edit("mixed_formats", sum(dates.values()) - max(dates.values()), name)


def _of_key(table: TableAudit, key: list[str]) -> Iterator[Edit]:
    for column in table.columns:
        if [column.column_name] == key and column.repeated_count:
            yield _edit("repeated_key", column.repeated_count, column.column_name)


def _of_suspects(audit: Audit) -> Iterator[Edit]:
    if audit.suspicions and audit.suspicions.cell_count:
        (table,) = audit.tables
        yield _edit("suspect", audit.suspicions.cell_count, table.table_name)


def _edit(rule: str, count: int, subject: str, detail: str = "") -> Edit:
    sentence = RULES[rule].format(count=f"{count:,}", detail=detail)
    return Edit(count, subject, rule, None, sentence, f"{GUIDE}#{rule.replace('_', '-')}")
