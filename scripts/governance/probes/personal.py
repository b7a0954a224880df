"""Personal data: it is in no file whose readers are not allowed to see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from ingestion import settings, storage
from ingestion.sql import literal, quoted
from scripts.governance.probes.finding import Finding, Probe, some
from scripts.governance.probes.places import files_in, folders, short
from scripts.pii.command import declared_classes
from scripts.privacy.finder import Finder
from scripts.publish import SCHEMAS
from scripts.share import files as shares
from scripts.share.treatments import PSEUDONYM_DIGITS, Shown, kept_characters, policies, selected

SAMPLE = 200
"""Values that are taken of a column, and identifiers that are looked for in files."""

Place = tuple[str, str, str]
"""Schema, table and column."""


def pii_only_where_allowed(
    probe: Probe, connection: duckdb.DuckDBPyConnection
) -> Iterator[Finding]:
    """Roles have what their policy allows, readers what is public, and dbt's files nobody."""
    published, classes = settings.published(), declared_classes()
    with storage.in_memory() as session:
        if published.exists():
            storage.attach(session, published, "published")
            yield _readers(probe, session)
        else:
            yield probe.not_run(published.name, "there is none: run `cdi build`")
        for role in shares.existing():
            storage.attach(session, shares.share_file(role), "share")
            yield _shared(probe, session, role, classes)
            session.execute("detach share")
    yield from _written(probe, connection)


def _readers(probe: Probe, session: duckdb.DuckDBPyConnection) -> Finding:
    others = sorted({schema for schema, *_ in _columns(session, "published")} - set(SCHEMAS))
    told = "public schemas alone"
    if others:
        told = f"holds what is not public: {some(others)}; run `cdi build`"
    return probe.found(settings.published().name, len(others), told)


def _shared(
    probe: Probe,
    session: duckdb.DuckDBPyConnection,
    role: str,
    classes: Mapping[Place, str],
) -> Finding:
    """Each column of a role's file against the policy of its class."""
    policy, kept = policies()[role], kept_characters()
    there = _columns(session, "published")
    types = {(schema, table, name): kind for schema, table, name, kind in there}
    wrong: list[str] = []
    columns = _columns(session, "share")
    changed: list[tuple[Place, str, bool]] = []
    for schema, table, name, kind in columns:
        place = (schema, table, name)
        # What nobody has classed is taken for the strongest class.
        pii = classes.get(place, "special")
        shown = Shown(name, types.get(place, kind), pii)
        if not selected([shown], policy, kept):
            wrong.append(f"{'.'.join(place)} is there ({pii})")
        treatment = policy.get(pii, "dropped") if pii != "none" else "plain"
        if treatment in ("masked", "pseudonym"):
            changed.append((place, treatment, place in types))
    wrong += _plain(session, changed)
    mend = f"; run `cdi share build {role}`"
    told = f"{len(columns)} columns" + (f"; {some(wrong)}{mend}" if wrong else ", all as allowed")
    return probe.found(shares.share_file(role).name, len(wrong), told)


def _plain(session: duckdb.DuckDBPyConnection, changed: list[tuple[Place, str, bool]]) -> list[str]:
    """Columns of a role's file that hold plain values where they should be changed.

    A sample has to have the form that its treatment gives; and a pseudonym, which a plain value
    may look like, has to be none of the plain values.

    Args:
        session: with the databases `share` and `published`.
        changed: each column, its treatment, and whether the readers' copy has it as well.
    """
    looked = []
    for (schema, table, name), treatment, is_published in changed:
        relation, column = f"{quoted(schema)}.{quoted(table)}", quoted(name)
        sample = f"(select {column} as value from {{}}.{relation} where {column} is not null"
        sample += f" limit {SAMPLE})"
        plain = f"not regexp_full_match(cast(value as varchar), {literal(_FORMS[treatment])})"
        if is_published and treatment == "pseudonym":
            published = sample.format("published")
            plain += f" or value in (select cast(value as varchar) from {published})"
        told = f"{schema}.{table}.{name} is not {_WORDS[treatment]}"
        looked.append(
            f"select {literal(told)} from {sample.format('share')} where {plain} "
            "having count(*) > 0"
        )
    rows = session.execute(" union all ".join(looked)).fetchall() if looked else []
    return sorted(told for (told,) in rows)


def _written(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """What dbt writes of its own, against addresses and numbers of customers."""
    finder = Finder(_identifiers(connection))
    for place, folder in folders().items():
        if not place.startswith("dbt ") or not folder.exists():
            continue
        if not finder.identifiers:
            yield probe.not_run(place, "there are no customers yet: run `cdi build`")
            continue
        files = files_in(folder)
        hits = {file: finder.in_bytes(file.read_bytes()) for file in files}
        if any(hits.values()):
            examples = _examples(finder)
            hits = {file: numbers - examples for file, numbers in hits.items()}
        found = [file for file, numbers in hits.items() if numbers]
        told = f"{len(files)} files, {len(finder.identifiers)} identifiers of customers looked for"
        if found:
            told += f"; found in {some(found, short)}: remove {'it' if len(found) == 1 else 'them'}"
        yield probe.found(place, len(found), told)


def _identifiers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """E-mail addresses and telephone numbers of customers: a sample, the same of the same data."""
    there = {name for *_, table, name, _ in _columns(connection, None) if table == "dim_customers"}
    if not {"email", "phone"} <= there:
        return []
    rows = connection.execute(
        "select distinct value from "
        "(select unnest([email, phone]) as value from marts.dim_customers) "
        f"where value is not null order by hash(value), value limit {SAMPLE}"
    ).fetchall()
    return [str(value) for (value,) in rows]


def _examples(finder: Finder) -> set[int]:
    """Identifiers that the models' own examples have as well: they are nobody's secret."""
    found: set[int] = set()
    for file in (settings.PROJECT / "dbt_project").rglob("*"):
        if file.suffix in (".sql", ".yml"):
            found |= finder.in_file(file)
    return found


def _columns(session: duckdb.DuckDBPyConnection, database: str | None) -> list[tuple[Any, ...]]:
    """Schema, table, name and type of each column of a database, without one of the current."""
    return session.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where not internal and database_name = coalesce(?, current_database()) "
        "order by schema_name, table_name, column_index",
        [database],
    ).fetchall()


_FORMS: Mapping[str, str] = {
    "masked": r"(?s).?\*\*\*",
    "pseudonym": f"[0-9a-f]{{{PSEUDONYM_DIGITS}}}",
}
_WORDS: Mapping[str, str] = {"masked": "masked", "pseudonym": "a pseudonym"}
