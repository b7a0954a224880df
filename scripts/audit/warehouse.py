"""Audits loaded sources, from the marts the last build made."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from ingestion import settings, storage
from ingestion.sql import rows_of
from scripts.audit.findings import Audit, Change, Edit, TableAudit
from scripts.audit.profile import column_audit, table_audit
from scripts.sheets import as_text, private_file

# What becomes of a cell that is not simply kept, as the seed `hygiene_rules` calls it.
OUTCOMES = ("tidied", "defaulted", "set_aside", "flagged")


class NotBuiltError(Exception):
    """The marts are not there. The message says what to run."""


def audited(sources: list[str], with_empty: bool) -> list[Audit]:
    """Audits of sources, in their order.

    Args:
        sources: names of sources.
        with_empty: also those of which nothing is loaded.

    Raises:
        NotBuiltError: no build has made the marts.
    """
    file = settings.published() if settings.published().exists() else settings.warehouse()
    with _marts(file, "hygiene_audit", "hygiene_changes") as connection:
        audits = [_audit(connection, source) for source in sources]
    return [
        audit for audit in audits if with_empty or any(table.row_count for table in audit.tables)
    ]


def write_fix_list(source: str, to: Path) -> int:
    """Writes what a source's owner is to mend, record by record, with the values: a CSV.

    Only its owner can read the file. A value that a spreadsheet would take for a formula gets an
    apostrophe in front, which makes it text.

    Returns:
        How many rows there are.

    Raises:
        NotBuiltError: no build has made the marts.
        OSError: the file cannot be written, or the warehouse is in use.
    """
    with (
        _marts(settings.warehouse(), "hygiene_fixes") as connection,
        private_file(to) as file,
    ):
        cursor = connection.execute(
            "select source, entity, record_id, attribute, rule, edit_needed, raw_value, "
            "proposed_value from governance.hygiene_fixes where source = ? "
            "order by entity, record_id, attribute, rule",
            [source],
        )
        writer = csv.writer(file)
        writer.writerow(column[0] for column in cursor.description or ())
        written = 0
        while rows := cursor.fetchmany(10_000):
            writer.writerows([as_text(cell) for cell in row] for row in rows)
            written += len(rows)
    return written


@contextmanager
def _marts(file: Path, *needed: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse or the readers' copy of it, which has to have some marts of governance."""
    if not file.exists():
        raise NotBuiltError("nothing is loaded: run `cdi load` and `cdi build`, or name a file")
    try:
        opened = storage.connect(file, read_only=True)
    except duckdb.IOException as error:
        raise OSError(f"{file.name} is in use; try again when the load or build is done") from error
    with opened as connection:
        there = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'governance'"
        ).fetchall()
        if not set(needed) <= {name for (name,) in there}:
            raise NotBuiltError("what is loaded is not built yet: run `cdi build`")
        yield connection


def _audit(connection: duckdb.DuckDBPyConnection, source: str) -> Audit:
    columns = rows_of(
        connection,
        "from governance.hygiene_audit where source = $source order by table_name, column_position",
        {"source": source},
    )
    changes = rows_of(
        connection,
        "from governance.hygiene_changes where source = $source and rule <> 'none' "
        "order by cell_count desc, entity, attribute, rule",
        {"source": source},
    )
    return Audit(
        name=source,
        kind="source",
        tables=[
            _table(name, list(rows))
            for name, rows in groupby(columns, key=lambda row: row["table_name"])
        ],
        edits=[
            Edit(
                count=row["cell_count"],
                subject=f"{row['entity']} {row['attribute']}",
                rule=row["rule"],
                outcome=row["outcome"],
                edit_needed=row["edit_needed"],
                documentation=row["documentation"],
            )
            for row in changes
            if row["edit_needed"]
        ],
        changes=_changes(connection, source),
        legacy_only=columns[0]["legacy_only_share"] if columns else None,
    )


def _table(name: str, rows: list[dict[str, Any]]) -> TableAudit:
    columns = [column_audit(row | {"pii": row["pii_class"]}) for row in rows]
    return table_audit(name, rows[0], columns)


def _changes(connection: duckdb.DuckDBPyConnection, source: str) -> list[Change]:
    rows = rows_of(
        connection,
        "from governance.hygiene_changes where source = $source "
        "order by entity, attribute, outcome, rule",
        {"source": source},
    )
    changes = []
    for (entity, attribute), of_attribute in groupby(
        rows, key=lambda row: (row["entity"], row["attribute"])
    ):
        found = list(of_attribute)
        outcomes = dict.fromkeys(OUTCOMES, 0)
        for row in found:
            if row["outcome"] in outcomes:
                outcomes[row["outcome"]] += row["cell_count"]
        changes.append(
            Change(
                entity=entity,
                attribute=attribute,
                received_count=found[0]["received_count"],
                kept_count=found[0]["kept_count"],
                changed_count=found[0]["changed_count"],
                filled_count=found[0]["filled_count"],
                outcomes=outcomes,
            )
        )
    return changes
