"""`cdi privacy retain`: takes out what is past its time, by the seed `retention`.

Who is past the time of every class is erased as if they had asked for it. Of others, the fields of
the classes that are past are emptied or made rough in what their sources sent, and their rows in
all that is made of it go, to be made anew by the next build. The warehouse is written anew, as when
people are erased: nothing is left in the bytes of the file either.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion import mirror, privacy, settings
from ingestion.contracts import RawRecord, contracts, naming
from ingestion.macros import project_macros
from ingestion.sources import SOURCES
from ingestion.sql import literal, quoted, text_table
from scripts.incident.people import load_seed
from scripts.pii.command import declared_classes
from scripts.privacy import holdings, register
from scripts.privacy.erase import Plan, Tell, attached, finder_of, marked, receipt, rewrite
from scripts.privacy.finder import Finder
from scripts.privacy.holdings import TableOf
from scripts.privacy.subjects import Subject, subjects_of
from scripts.seeds import seed_rows
from scripts.share.treatments import Shown, kept_characters, treated

LASTING = frozenset(
    {
        "intermediate.int_record_ids__assigned",
        "intermediate.int_household_ids__assigned",
        "intermediate.int_consents__recorded",
    }
)
"""What no build could make again: ids that people had, and the proof of what they agreed to."""


@dataclass(frozen=True)
class Due:
    """What is past its time.

    Args:
        judged_at: as of when, UTC.
        whole: customers who are past the time of every class.
        partly: other customers, by the classes that are to be taken out of their records.
        outcomes: `anonymise` or `delete`, by class.
    """

    judged_at: datetime.datetime
    whole: tuple[str, ...]
    partly: dict[frozenset[str], list[str]] = field(repr=False)
    outcomes: dict[str, str]

    @property
    def by_class(self) -> dict[str, int]:
        """Customers of whom a class is to be taken out, by class."""
        found: Counter[str] = Counter()
        for classes, customers in self.partly.items():
            found.update(dict.fromkeys(classes, len(customers)))
        return dict(sorted(found.items()))


def plan(judged_at: datetime.datetime) -> tuple[Due, Plan]:
    """What is past its time, and what taking it out removes. Nothing is changed."""
    with mirror.whole() as file, attached(file) as connection:
        due = _due(connection, judged_at)
        return due, _prepared(connection, due, {})


def retain(judged_at: datetime.datetime, tell: Tell) -> tuple[Due, Path | None]:
    """Takes out what is past its time.

    Args:
        judged_at: as of when, UTC.
        tell: is told of each step as it begins.

    Returns:
        What was past its time, and the receipt; none where there was nothing to do.

    Raises:
        NotProvedError: something is left.
    """
    with attached(settings.warehouse()) as connection:
        due = _due(connection, judged_at)
    if not due.whole and not due.partly:
        return due, None
    cells: dict[tuple[str, str], None] = {}
    retention_id = f"ret_{register.now():%Y%m%dT%H%M%SZ}"
    planned, proof = rewrite(
        "cdi privacy retain",
        lambda connection: _prepared(connection, due, cells),
        lambda connection, planned: retention_id,
        lambda connection: privacy.retain(connection, retention_id, [*cells], register.now()),
        tell,
    )
    told = {
        "retention_id": retention_id,
        "kind": "retain",
        "judged_at": f"{judged_at:%Y-%m-%dT%H:%M:%SZ}",
        "people_erased": len(due.whole),
        "people_emptied": due.by_class,
    }
    return due, receipt(told, planned, proof)


def _due(connection: duckdb.DuckDBPyConnection, judged_at: datetime.datetime) -> Due:
    load_seed(connection, "retention", "governance")
    judged = project_macros()["judged_retention"](
        "governance.retention_records",
        "temp.retention",
        f"{privacy.SCHEMA}.{privacy.Retention.raw.name}",
        f"timestamp '{judged_at}'",
    )
    rows = connection.execute(
        f"""
        with judged as ({judged})
        select
            customer_id,
            bool_and(is_past) and count(distinct pii) = ? as is_whole,
            list(distinct pii order by pii) filter (where is_past and not is_done) as classes
        from judged
        group by customer_id
        having is_whole or bool_or(is_past and not is_done)
        order by customer_id
        """,
        # A class without a rule has no end.
        [sum(row["pii"] != "none" for row in seed_rows("pii_classes"))],
    ).fetchall()
    outcomes = dict(connection.execute(f"select distinct pii, outcome from ({judged})").fetchall())
    partly: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for customer, is_whole, classes in rows:
        if not is_whole:
            partly[frozenset(classes)].append(customer)
    whole = tuple(customer for customer, is_whole, _ in rows if is_whole)
    return Due(judged_at, whole, dict(partly), outcomes)


def _prepared(
    connection: duckdb.DuckDBPyConnection, due: Due, cells: dict[tuple[str, str], None]
) -> Plan:
    """Marks what goes; adds records and the classes that are taken out of them to `cells`."""
    connection.execute(
        "create or replace temp table past_cells "
        "(relation varchar, row_id bigint, column_name varchar, value varchar)"
    )
    partly: list[Subject] = []
    contacts: set[str] = set()
    for classes, customers in due.partly.items():
        group = subjects_of(connection, customers)
        holdings.mark_raw_rows(connection, group)
        _take_out(connection, {pii: due.outcomes[pii] for pii in sorted(classes)})
        _take_out_of_documents(connection, group, classes)
        partly += group
        for subject in group:
            cells.update(
                dict.fromkeys((key, pii) for key in subject.record_keys for pii in classes)
            )
            contacts |= subject.contacts if "contact" in classes else frozenset()
    whole = subjects_of(connection, due.whole)
    finder = Finder({*finder_of(whole).identifiers, *contacts})
    holdings.mark_raw_rows(connection, whole)
    holdings.mark_quarantined(connection, finder)
    holdings.mark_modelled_rows(connection, whole)
    holdings.mark_modelled_rows(connection, partly, besides=LASTING, raw=False)
    holdings.mark_mentions(connection, finder)
    _mend(connection, finder)
    connection.execute(
        """
        delete from temp.mentions where exists (
            select 1 from temp.past_cells as past
            where past.relation = mentions.relation and past.row_id = mentions.row_id
            and past.column_name = mentions.column_name
        )
        """
    )
    connection.execute("insert into temp.mentions from temp.past_cells")
    return marked(connection, whole, finder)


def _take_out(connection: duckdb.DuckDBPyConnection, outcomes: dict[str, str]) -> None:
    """Adds to `temp.past_cells` what becomes of fields of the rows in `temp.held`, by class."""
    classes, kept = declared_classes(), kept_characters()
    tables = {table.label: table for table in holdings.tables(connection)}
    for source in SOURCES:
        for model in contracts(source).values():
            relation = f"raw_{source}.{model.raw.name}"
            # What is replaced whole at each load has keys in it, and nothing else.
            if model.raw.write != "merge":
                continue
            theirs = f"rowid in (select row_id from temp.held where relation = {literal(relation)})"
            for name, kind in _fields(tables[relation], model).items():
                pii = classes.get((f"raw_{source}", model.raw.name, name), "special")
                if pii not in outcomes:
                    continue
                rough = treated(Shown(name, kind, pii), "generalised", kept)
                value = rough if rough and outcomes[pii] == "anonymise" else "null"
                connection.execute(
                    f"insert into temp.past_cells select {literal(relation)}, rowid, "
                    f"{literal(name)}, cast({value} as varchar) from {relation} "
                    f"where {theirs} and {quoted(name)} is distinct from {value}"
                )


def _take_out_of_documents(
    connection: duckdb.DuckDBPyConnection, group: Sequence[Subject], past: frozenset[str]
) -> None:
    """Adds documents of other classes to `temp.past_cells`, without what is past its time in them.

    A document is of one class and has fields of several. What of it models have read into a column
    of a class that is past is emptied wherever it stands in the documents of the same record.
    """
    classes = declared_classes()
    people = "int_person_records__unioned"
    read = [
        column
        for (schema, table, column), pii in classes.items()
        if (schema, table) == ("intermediate", people) and pii in past
    ]
    keys = sorted(key for subject in group for key in subject.record_keys)
    text_table(connection, "past_records", ("value",), [(key,) for key in keys])
    listed = ", ".join(f"lower(trim(cast({quoted(name)} as varchar)))" for name in read)
    told = {
        key: {value for value in values if value}
        for key, values in connection.execute(
            f"select record_key, [{listed}] from intermediate.{people} "
            "where record_key in (select value from temp.past_records)"
        ).fetchall()
    }
    tables = {table.label: table for table in holdings.tables(connection)}
    rows = []
    for source in SOURCES:
        for model in contracts(source).values():
            relation = f"raw_{source}.{model.raw.name}"
            documents = [
                name
                for name, kind in _fields(tables[relation], model).items()
                if kind == "JSON"
                and classes.get((f"raw_{source}", model.raw.name, name), "special") not in past
            ]
            if not model.raw.person or not documents or model.raw.write != "merge":
                continue
            for row_id, records, *texts in connection.execute(
                f"select rowid, [{', '.join(model.raw.person)}], "
                f"{', '.join(f'cast({quoted(name)} as varchar)' for name in documents)} "
                f"from {relation} where rowid in "
                f"(select row_id from temp.held where relation = {literal(relation)})"
            ).fetchall():
                values = set().union(*(told.get(f"{source}:{one}", set()) for one in records))
                for name, text in zip(documents, texts, strict=True):
                    document = json.loads(text) if text else None
                    emptied = _emptied(document, values)
                    if emptied != document:
                        rows.append((relation, str(row_id), name, json.dumps(emptied)))
    text_table(connection, "documents", ("relation", "row_id", "column_name", "value"), rows)
    connection.execute(
        "insert into temp.past_cells select relation, cast(row_id as bigint), column_name, value "
        "from temp.documents"
    )


def _mend(connection: duckdb.DuckDBPyConnection, finder: Finder) -> None:
    """Puts a mark in place of what is looked for in what is left of fields, such as in a note."""
    left = connection.execute(
        "select relation, row_id, column_name, value from temp.past_cells where value is not null"
    ).fetchall()
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for _, hit in finder.in_values(pa.array([value for *_, value in left], pa.string())):
        if hit.is_whole:
            spans[hit.row].append((hit.start, hit.end))
    for row, places in spans.items():
        relation, row_id, column, value = left[row]
        connection.execute(
            "update temp.past_cells set value = ? "
            "where relation = ? and row_id = ? and column_name = ?",
            [finder.without(value, places), relation, row_id, column],
        )


def _emptied(value: Any, texts: set[str]) -> Any:
    """A document without the texts that are, as a whole, one of `texts`, whatever their case."""
    if isinstance(value, dict):
        return {name: _emptied(each, texts) for name, each in value.items()}
    if isinstance(value, list):
        return [_emptied(each, texts) for each in value]
    return None if isinstance(value, str) and value.strip().lower() in texts else value


def _fields(table: TableOf, model: type[RawRecord]) -> dict[str, str]:
    """Columns of a raw table with types, without those that say which and whose a row is.

    These stay as long as anything of the row does.
    """
    raw = model.raw
    told = {naming.normalize_identifier(name) for name in (*raw.key, raw.version) if name}
    finding = " ".join([*raw.person, raw.device or "", *(raw.parent or ())[:1], *raw.mentions])
    return {
        name: kind
        for name, kind in table.columns.items()
        if name not in told and name not in _words(finding) and not name.startswith("_dlt")
    }


def _words(sql: str) -> Sequence[str]:
    return "".join(one if one.isalnum() or one == "_" else " " for one in sql).split()
