"""Proposes the entry of `files.yml` that would load a file, and adds it there when asked."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from ingestion import settings
from ingestion.pipeline import SourceError
from ingestion.sources.files.mapping import DATES, read_mapping
from scripts.audit.dates import Dates
from scripts.audit.files import RawFile
from scripts.audit.findings import ColumnAudit
from scripts.audit.profile import Profile

# What cannot be read as its column's dates or numbers goes to quarantine with its whole row: a
# column with more of that than this stays among the traits, as it is written.
READABLE = 0.95
NUMBERS = {"amount", "quantity"}
PERSON_NAMES = {"full_name", "given_name", "family_name"}


def proposed(raw: RawFile, profile: Profile) -> dict[str, Any]:
    """An entry for `datasets` that maps what the file's columns are taken for."""
    table, dates = profile.table, profile.dates
    entities = [column.canonical_entity for column in table.columns]
    entity = max(("customers", "orders"), key=entities.count)
    mapped: dict[str, Any] = {}
    identifiers: dict[str, str] = {}
    # Of two columns for one attribute the one that fits more rows is it, the other a second one.
    for column in sorted(table.columns, key=lambda column: -column.valid_count):
        attribute, name = column.canonical_attribute, column.column_name
        if column.canonical_entity != entity or not attribute or attribute == "record_id":
            continue
        if attribute == "identifiers":
            identifiers.setdefault(_identifier_type(name), name)
        elif attribute in mapped and attribute in ("email", "phone") and column.valid_count:
            identifiers.setdefault(attribute, name)
        elif attribute not in mapped and _is_readable(raw, column, dates.get(name)):
            formats = list(dates[name].formats) if name in dates else []
            mapped[attribute] = {"column": name, "date_format": formats} if formats else name
    if entity == "customers":
        if "company_name" in mapped and not PERSON_NAMES & {*mapped, "record_type"}:
            mapped.setdefault("record_type", {"value": "organization"})
        if identifiers:
            mapped["identifiers"] = identifiers
    in_order = {name: at for at, name in enumerate(raw.columns)}
    entry: dict[str, Any] = {
        "name": _dataset_name(raw.name),
        "path": _path(raw.name),
        "entity": entity,
        "key": profile.key,
        "format": {k: v for k, v in raw.written.items() if k in ("encoding", "delimiter")},
        "columns": dict(sorted(mapped.items(), key=lambda item: _first(item[1], in_order))),
    }
    if raw.columns and all(re.fullmatch(r"col_\d+", name) for name in raw.columns):
        entry["format"]["header"] = False
    return {name: value for name, value in entry.items() if value}


def as_yaml(entry: dict[str, Any]) -> str:
    """An entry as an item of `datasets`, one canonical column a line."""
    lines = []
    for name, value in entry.items():
        if name == "columns":
            lines.append("columns:")
            lines += [f"  {column}: {_flow(source)}" for column, source in value.items()]
        else:
            lines.append(f"{name}: {_flow(value)}")
    return "\n".join([f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]) + "\n"


def add(entry: dict[str, Any], mapping: Path) -> str:
    """Adds an entry at the end of a files mapping, which is made where there is none.

    Returns:
        The name the dataset has there: another one than proposed where that is taken.

    Raises:
        SourceError: the mapping is wrong, or ends with something else than its datasets.
    """
    text = mapping.read_text("utf-8") if mapping.exists() else "datasets:\n"
    names = {d.name for d in read_mapping(mapping).datasets} if mapping.exists() else set()
    base, number = entry["name"], 1
    while entry["name"] in names:
        number += 1
        entry = entry | {"name": f"{base}_{number}"}
    unfinished = mapping.with_name(mapping.name + ".new")
    try:
        unfinished.write_text(text.rstrip("\n") + "\n\n" + as_yaml(entry), "utf-8")
        if entry["name"] not in {dataset.name for dataset in read_mapping(unfinished).datasets}:
            raise SourceError("its datasets are not the last thing in it")
        unfinished.replace(mapping)
    except SourceError as error:
        reason = str(error).removeprefix(f"{unfinished.name}: ")
        raise SourceError(f"{mapping}: the entry cannot be added at its end: {reason}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return str(entry["name"])


def _is_readable(raw: RawFile, column: ColumnAudit, dates: Dates | None) -> bool:
    """Whether the files source would take (nearly) all that a column holds for what it is."""
    attribute, filled = column.canonical_attribute, column.filled_count
    if not column.valid_count:
        return False
    if attribute == "birth_date":  # kept as it is written where no format is given
        return True
    if attribute in DATES:
        return dates is not None and dates.coverage >= READABLE
    if attribute in NUMBERS:
        return column.valid_count >= READABLE * filled
    if attribute == "record_type":
        found = raw.connection.execute(
            "select count(*) from column_values where column_name = ? and value is not null "
            "and lower(trim(value)) not in ('person', 'organization')",
            [column.column_name],
        ).fetchone()
        return found == (0,)
    return 2 * column.valid_count >= filled


def _identifier_type(name: str) -> str:
    """`PASSPORT_NO` → `passport`."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    kept = [word for word in words if word not in ("no", "number", "nr")]
    return "_".join(kept or words) or "other"


def _dataset_name(name: str) -> str:
    stem = PurePosixPath(name.rstrip("/")).name.split(".")[0]
    return re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_") or "file"


def _path(name: str) -> str:
    """As the mapping names it: from the project's root where it is within it."""
    if "://" in name:
        return name
    path = Path(name).expanduser().resolve()
    inside = path.is_relative_to(settings.PROJECT)
    return (path.relative_to(settings.PROJECT) if inside else path).as_posix()


def _first(source: Any, in_order: dict[str, int]) -> int:
    """Where in the file a canonical column's source stands; constants and identifiers come last."""
    name = source.get("column", "") if isinstance(source, dict) else source
    return in_order.get(name, len(in_order))


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return text.removesuffix("...\n").strip()
