"""What is looked at between builds, written to `governance.checks` beside what builds found."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

import duckdb

from scripts.governance.probes import Finding
from scripts.seeds import seed_rows

WHOLE = "run_id, is_whole_build, checked_at"
FOUND = (
    "check_id, check_name, model, column_name, dimension, owner, status, failures, observed, "
    "threshold, detail"
)


def is_kept(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the warehouse has been built with checks and a scorecard over them."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'governance' "
        "and table_name in ('checks', 'measures', 'scorecard')"
    ).fetchone()
    return found == (3,)


def write(connection: duckdb.DuckDBPyConnection, findings: Iterable[Finding]) -> None:
    """Writes what probes found, what `governance.measures` has now, and the answers that gives.

    Args:
        connection: the warehouse, to be written.
        findings: of probes, each of which is a row of the seed `probes`.

    Raises:
        duckdb.Error: nothing was written.
    """
    run = [str(uuid.uuid4()), datetime.datetime.now(datetime.UTC).replace(tzinfo=None)]
    seed = {row["probe"]: row for row in seed_rows("probes")}
    rows = [
        [
            ".".join(filter(None, ("probe", found.check_name, found.subject, found.column_name))),
            found.check_name,
            found.subject or None,
            found.column_name,
            seed[found.check_name]["dimension"],
            seed[found.check_name]["owner"],
            found.status,
            found.failures,
            found.observed,
            found.threshold,
            found.detail,
            *run,
        ]
        for found in findings
    ]
    connection.begin()
    try:
        if rows:
            connection.executemany(
                f"insert into governance.checks ({FOUND}, {WHOLE}) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false, ?)",
                rows,
            )
        connection.execute(
            f"insert into governance.checks ({FOUND}, {WHOLE}) "
            f"select {FOUND}, ?, false, ? from governance.measures",
            run,
        )
        connection.execute(
            f"insert into governance.checks ({FOUND}, {WHOLE}) "
            "select 'answer.' || dimension, 'answer', null, null, dimension, null, "
            "case answer when 'yes' then 'pass' else 'fail' end, failed_count, failed_count, "
            "null, null, ?, false, ? from governance.scorecard",
            run,
        )
        connection.commit()
    except duckdb.Error:
        connection.rollback()
        raise
