"""Availability: can who is to read the data do so, and would it come back if it were lost."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import duckdb

from ingestion import settings, storage
from ingestion.sql import quoted
from ingestion.storage import StorageError
from scripts.governance.probes.finding import DRILL, Finding, Probe, some
from scripts.governance.probes.places import days, last_build, written_at
from scripts.publish import SCHEMAS
from scripts.share import files as shares


def readers_copy_opens(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """The readers' copy opens while the warehouse is open, has every public table, and is fresh."""
    file = settings.published()
    subject = file.name
    if not file.exists():
        yield probe.found(subject, 1, "there is none: run `cdi build`")
        return
    try:
        with storage.connect(file, read_only=True) as copy:
            there = _read(copy)
    except (duckdb.Error, StorageError) as error:
        yield probe.found(subject, 1, f"cannot be read: {type(error).__name__}; run `cdi build`")
        return
    missing = [table for table in _tables(connection) if table not in there]
    build, published_at = last_build(), written_at(file)
    is_behind = build is not None and build.is_good and published_at < build.ended_at
    behind = days(build.ended_at - published_at) if build else 0.0
    wrong = [f"lacks {some(missing)}"] * bool(missing)
    wrong += ["is older than the last good build"] * is_behind
    seen = f"{len(there)} tables, published {published_at:%Y-%m-%d %H:%M} UTC"
    yield probe.found(subject, len(missing) + is_behind, "; ".join([seen, *wrong]), observed=behind)


def shares_open(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """The file of each role that has one opens, and its tables can be read."""
    roles = shares.existing()
    if not roles:
        yield probe.not_run("shares", "no role has a file: `cdi share build` writes them")
    for role in roles:
        subject = shares.share_file(role).name
        try:
            with shares.opened(role) as session:
                there = _read(session)
        except (duckdb.Error, StorageError) as error:
            mend = f"run `cdi share build {role}`"
            yield probe.found(subject, 1, f"cannot be read: {type(error).__name__}; {mend}")
            continue
        yield probe.found(subject, int(not there), f"{len(there)} tables")


def restore_drill(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """The last drill of restoring a backup passed, and not too long ago."""
    mend = "run `cdi governance drill`"
    last = _last_drill(connection)
    if last is None:
        yield probe.found("warehouse", 1, f"never drilled: {mend}")
        return
    drilled_at, failures = last
    if drilled_at.tzinfo is None:
        drilled_at = drilled_at.replace(tzinfo=datetime.UTC)
    ago = days(datetime.datetime.now(datetime.UTC) - drilled_at)
    told = f"drilled {drilled_at:%Y-%m-%d}, " + ("failed" if failures else "passed")
    is_good = not failures and (probe.threshold is None or ago <= probe.threshold)
    yield probe.found("warehouse", failures, told if is_good else f"{told}: {mend}", observed=ago)


def _last_drill(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[datetime.datetime, int] | None:
    """When the last drill was (UTC) and how many of its findings are no pass; none without one."""
    has_checks = connection.execute(
        "select count(*) from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'governance' and table_name = 'checks'"
    ).fetchone()
    if has_checks == (0,):
        return None
    return connection.execute(
        "select max(checked_at), count(*) filter (where status <> 'pass') from governance.checks "
        "where check_name = ? group by run_id order by max(checked_at) desc, run_id limit 1",
        [DRILL],
    ).fetchone()


def _read(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Public tables of the current database, after their rows were counted."""
    there = _tables(connection)
    counts = [f"(select count(*) from {table})" for table in there]
    connection.execute(f"select {', '.join(counts) or 0}").fetchall()
    return there


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Public tables of the current database, as SQL calls them."""
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = "
        "current_database() and schema_name in (select unnest(?)) order by all",
        [list(SCHEMAS)],
    ).fetchall()
    return [f"{quoted(schema)}.{quoted(table)}" for schema, table in rows]
