"""`cdi privacy access`: everything that is held of a person, for themselves to read.

What is of other people is not in it: their rows are not looked at, and where a row of the person
names somebody else, a remark takes the place of the name.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from ingestion import mirror, privacy, settings
from ingestion.contracts import contracts
from ingestion.lock import exclusive
from ingestion.sources import SOURCES
from ingestion.sql import literal, quoted, rows_of, text_table
from scripts.pii.command import declared_classes
from scripts.privacy import holdings, register
from scripts.privacy.erase import plan_in
from scripts.privacy.holdings import TableOf
from scripts.privacy.register import Asked
from scripts.privacy.subjects import Subject
from scripts.seeds import seed_rows
from scripts.sheets import private_file
from scripts.terminal import count

WITHHELD = "[of another person]"
"""Takes the place of what names somebody else."""
COPIES = ("intermediate", "staging")
"""Schemas of what is made on the way from the raw rows to the marts."""

_EMAIL = re.compile(r"[^\s\"'<>()\[\]{},;:=|\\]+@[^\s\"'<>()\[\]{},;:=|\\]+\.\w+")
_WORD = re.compile(r"[^\s\"'<>()\[\]{},;=|]{6,}")
_FEW_DIGITS = re.compile(r"\d{1,9}")

Document = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What was written for a person.

    Args:
        request_id: the request it answers.
        page: the file to read and print.
        document: the same for a machine, with all rows.
        told: what is in it.
    """

    request_id: str
    page: Path
    document: Path
    told: Document


def tell(identifier: str) -> Document:
    """Everything that is held of the person of an identifier. Nothing is written.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by it.
    """
    with mirror.whole() as held, register.opened(read_only=True, file=held) as connection:
        return _told(connection, identifier)[1]


def answer(identifier: str, asked: Asked) -> Answer:
    """Writes everything that is held of a person to two files, and notes their request.

    The request stays open: it is answered when they have been sent.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by the identifier.
        RequestError: the law has no terms for it.
    """
    with exclusive("cdi privacy access"):
        with mirror.whole() as held, register.opened(read_only=True, file=held) as connection:
            subject, told = _told(connection, identifier)
        with register.opened() as connection:
            row = register.note(connection, "access", subject, asked)
            privacy.write_request(connection, row)
            noted = register.one(connection, row["request_id"])
        told = {"request": {name: _plain(value) for name, value in noted.items()}} | told
        folder = settings.requests() / row["request_id"]
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        with private_file(folder / "access.json") as file:
            json.dump(told, file, ensure_ascii=False, indent=1)
        with private_file(folder / "access.html") as file:
            file.write(page(told))
        return Answer(row["request_id"], folder / "access.html", folder / "access.json", told)


def page(told: Document) -> str:
    """The page of it. Whatever comes from a source is escaped, and nothing is asked of any host."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"count": count, "words": _words, "filled": _filled}
    template = (files("scripts.privacy") / "access.html").read_text("utf-8")
    return environment.from_string(template).render(**told)


def _told(connection: duckdb.DuckDBPyConnection, identifier: str) -> tuple[Subject, Document]:
    plan = plan_in(connection, [identifier])
    (subject,) = plan.subjects
    classes = declared_classes()
    tables, copies = [], {}
    for table in holdings.tables(connection):
        number = plan.rows.get(table.label, 0)
        if number and table.schema in COPIES:
            copies[table.label] = number
        elif number:
            tables.append(_table(connection, table, classes, subject))
    told: Document = {
        "written_at": f"{register.now():%Y-%m-%d %H:%M:%S}",
        "customer_id": subject.customer_id,
        "former_ids": sorted(subject.ids - {subject.customer_id}),
        "categories": _categories(tables),
        "records": _rows(
            connection,
            "select source, record_id, record_key from marts.xref_customer_records "
            "where customer_id = ? order by all",
            subject.customer_id,
        ),
        "attributes": _attributes(connection, subject, classes),
        "contact": _rows(
            connection,
            "select purpose, channel, legal_basis, may_contact, reason, consent_status, "
            "consent_source, consent_effective_at from marts.customer_contactability "
            "where customer_id = ? order by purpose, channel",
            subject.customer_id,
        ),
        "received": [one for one in tables if one["layer"] == "received"],
        # What tells most comes first, what is reckoned of it for the company last.
        "made": sorted(
            (one for one in tables if one["layer"] == "made"),
            key=lambda one: (one["schema"] != "marts", one["schema"]),
        ),
        "asked": [one for one in tables if one["layer"] == "asked"],
        "sent_to": [one["name"] for one in tables if one["schema"] == "activation"],
        "copies": copies,
        "mentioned_in": {
            relation: number
            for relation, number in plan.mentions.items()
            if relation.split(".")[0] not in COPIES
        },
        "shared_identifiers": plan.shared,
    }
    withheld = Counter[str]()
    others = _others(connection, subject, _texts(told))
    own = {one.lower() for one in subject.identifiers | _own(connection, subject)}
    told = _walked(told, lambda text: _without_others(text, others, own, withheld))
    told["withheld"] = withheld.total()
    return subject, told


def _table(
    connection: duckdb.DuckDBPyConnection,
    table: TableOf,
    classes: dict[tuple[str, str, str], str],
    subject: Subject,
) -> Document:
    names = [name for name in table.columns if not name.startswith("_dlt")]
    selected = ", ".join(f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in names)
    fetched = connection.execute(
        f"select {selected} from {table.sql} where rowid in "
        f"(select row_id from temp.held where relation = {literal(table.label)}) order by rowid"
    ).fetchall()
    source = table.schema.removeprefix("raw_") if holdings.is_raw(table) else None
    mentions = _mentions(source, table.name)
    their_ids = {record_id for _, record_id in subject.records}
    rows = []
    for values in fetched:
        row = {}
        for name, value in zip(names, values, strict=True):
            is_document = value is not None and table.columns[name] == "JSON"
            row[name] = json.loads(value) if is_document else value
            if name in mentions and isinstance(row[name], list):
                row[name] = [each if _id_of(each) in their_ids else WITHHELD for each in row[name]]
        rows.append(row)
    layer = "received" if source else "asked" if table.schema == "raw_privacy" else "made"
    return {
        "schema": table.schema,
        "name": table.name,
        "source": source,
        "layer": layer,
        "classes": {
            # What nobody has looked at may be anything.
            name: classes.get((table.schema, table.name, name), "special")
            for name in names
        },
        "rows": rows,
    }


def _mentions(source: str | None, table: str) -> tuple[str, ...]:
    if source not in SOURCES:
        return ()
    contract = contracts(source).get(table)
    return contract.raw.mentions if contract else ()


def _id_of(element: Any) -> str:
    return str(element.get("toObjectId") if isinstance(element, dict) else element)


def _categories(tables: Sequence[Document]) -> list[Document]:
    """What is held of each class: how much, what for, how long, and who gets to see it."""
    values: Counter[str] = Counter()
    for table in tables:
        for row in table["rows"]:
            values.update(table["classes"][name] for name, value in row.items() if _is_told(value))
    bases = {row["legal_basis"]: row["description"] for row in seed_rows("legal_bases")}
    kept = {(row["pii"], row["purpose"]): row for row in seed_rows("retention")}
    purposes: defaultdict[str, list[Document]] = defaultdict(list)
    for row in seed_rows("processing_purposes"):
        rule = kept.get((row["pii"], row["purpose"]))
        purposes[row["pii"]].append(
            {
                "purpose": row["purpose"],
                "meaning": row["description"],
                "legal_basis": row["legal_basis"],
                "basis_meaning": bases[row["legal_basis"]],
                "keep_days": int(rule["keep_days"]) if rule else None,
                "afterwards": rule["outcome"] if rule else None,
            }
        )
    recipients: defaultdict[str, list[Document]] = defaultdict(list)
    for row in seed_rows("access_policies"):
        if row["treatment"] != "dropped":
            recipients[row["pii"]].append({"role": row["role"], "treatment": row["treatment"]})
    return [
        {
            "category": row["pii"],
            "meaning": row["description"],
            "value_count": values[row["pii"]],
            "purposes": purposes[row["pii"]],
            "recipients": recipients[row["pii"]],
        }
        for row in sorted(seed_rows("pii_classes"), key=lambda row: -int(row["strength"]))
        if values[row["pii"]] and row["pii"] != "none"
    ]


def _attributes(
    connection: duckdb.DuckDBPyConnection,
    subject: Subject,
    classes: dict[tuple[str, str, str], str],
) -> list[Document]:
    """Each attribute with every value that a source has, and which of them is used."""
    text_table(connection, "their_records", ("value",), [(one,) for one in subject.record_keys])
    used = {
        row["attribute"]: row
        for row in _rows(
            connection,
            "select attribute, value, reason from marts.customer_attribute_sources "
            "where customer_id = ?",
            subject.customer_id,
        )
    }
    found: dict[tuple[str, str], Document] = {}
    for row in _rows(
        connection,
        "select attribute, value, record_key from intermediate.int_cells__cleaned "
        "where entity = 'person' and value is not null "
        "and record_key in (select value from temp.their_records) order by all",
    ):
        attribute, value = row["attribute"], row["value"]
        told = found.setdefault(
            (attribute, value),
            {
                "attribute": attribute,
                "value": value,
                "category": classes.get(("marts", "dim_customers", attribute), "special"),
                "is_used": used.get(attribute, {}).get("value") == value,
                "held_by": [],
            },
        )
        told["held_by"].append(row["record_key"])
    for attribute, row in used.items():
        if row["value"] is not None and (attribute, row["value"]) not in found:
            found[attribute, row["value"]] = {
                "attribute": attribute,
                "value": row["value"],
                "category": classes.get(("marts", "dim_customers", attribute), "special"),
                "is_used": True,
                "held_by": [row["reason"]],
            }
    return sorted(
        found.values(),
        key=lambda one: (one["category"], one["attribute"], not one["is_used"], one["value"]),
    )


def _own(connection: duckdb.DuckDBPyConnection, subject: Subject) -> set[str]:
    """All that the person themselves is known by, also what others are known by as well."""
    text_table(connection, "their_records", ("value",), [(one,) for one in subject.record_keys])
    rows = connection.execute(
        """
        select lower(trim(identifier_value)) from intermediate.int_identifiers__unioned
        where entity = 'person' and record_key in (select value from temp.their_records)
        union
        select lower(identifier_value) from marts.xref_customer_identifiers where customer_id = ?
        """,
        [subject.customer_id],
    ).fetchall()
    ids = subject.ids | subject.record_keys | {record_id for _, record_id in subject.records}
    return {value for (value,) in rows if value} | {one.lower() for one in ids}


def _others(
    connection: duckdb.DuckDBPyConnection, subject: Subject, texts: Iterable[str]
) -> set[str]:
    """Words and values of texts by which somebody else is known, and the person is not."""
    words: set[str] = set()
    for text in texts:
        lowered = text.strip().lower()
        words |= {lowered, *_WORD.findall(lowered)}
    # A short number is an amount or a count as well as somebody's id.
    listed = sorted(one for one in words if one and not _FEW_DIGITS.fullmatch(one))
    text_table(connection, "words", ("value",), [(one,) for one in listed])
    rows = connection.execute(
        """
        with known as (
            select customer_id as value from marts.dim_customers where customer_id <> $customer
            union
            select alias_id from marts.customer_id_aliases where customer_id <> $customer
            union
            select lower(record_key) from marts.xref_customer_records
            where customer_id <> $customer
            union
            select lower(identifier_value) from marts.xref_customer_identifiers
            where customer_id <> $customer and identifier_type <> 'address'
            union
            select lower(trim(written.identifier_value))
            from intermediate.int_identifiers__unioned as written
            inner join marts.xref_customer_records as records using (record_key)
            where written.entity = 'person' and records.customer_id <> $customer
        )
        select value from temp.words where value in (select value from known)
        """,
        {"customer": subject.customer_id},
    ).fetchall()
    return {value for (value,) in rows} - _own(connection, subject)


def _without_others(text: str, others: set[str], own: set[str], withheld: Counter[str]) -> str:
    lowered = text.strip().lower()
    if lowered in own:
        return text
    if lowered in others:
        withheld[lowered] += 1
        return WITHHELD

    def replaced(match: re.Match[str]) -> str:
        word = match[0].lower().rstrip(".")
        if word in others or ("@" in word and word not in own):
            withheld[word] += 1
            return WITHHELD
        return match[0]

    if "@" in lowered and not _EMAIL.fullmatch(lowered):
        text = _EMAIL.sub(replaced, text)
    if others:
        text = _WORD.sub(lambda match: _only(match, others, withheld), text)
    return text


def _only(match: re.Match[str], others: set[str], withheld: Counter[str]) -> str:
    if match[0].lower() not in others:
        return match[0]
    withheld[match[0].lower()] += 1
    return WITHHELD


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    """A document with every text in it changed; names of fields stay."""
    if isinstance(value, dict):
        return {name: _walked(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_walked(each, change) for each in value]
    return change(value) if isinstance(value, str) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, *values: str) -> list[Document]:
    return [
        {name: _plain(value) for name, value in row.items()}
        for row in rows_of(connection, sql, values)
    ]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def _is_told(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def _filled(row: Document) -> Document:
    """What of a row, or of a document, there is something in."""
    return {name: value for name, value in row.items() if _is_told(value)}


def _words(name: str) -> str:
    """A name of a table or column as people write it: `fct_order_lines` → `order lines`."""
    for start in ("fct_", "dim_", "xref_", "int_"):
        name = name.removeprefix(start)
    return name.replace("_", " ")
