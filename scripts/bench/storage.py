"""`cdi bench storage`: what encryption costs, plain and encrypted files done by turns."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Annotated

import duckdb
import typer
from rich.table import Table

from ingestion import storage
from ingestion.sql import literal
from scripts.bench.measure import Stopwatch
from scripts.bench.report import machine
from scripts.terminal import console, errors

# Half of each row repeats and is compressed well, half does not.
_ROWS = """
    select
        i as number, md5(i::varchar) as told, 'kind ' || i % 50 as kind, i % 1000 / 100 as amount,
        timestamp '2026-01-01' + to_seconds(i) as happened_at
    from range({rows}) as numbers (i)
"""
_STEPS = {
    "write": f"create table kept.events as {_ROWS}",
    "scan": "select max(told), sum(amount), count(distinct kind) from kept.events",
    "copy": "create table kept.copied as from kept.events",
}


def storage_command(
    rows: Annotated[int, typer.Option(min=1000, help="Rows of the table.")] = 5_000_000,
    runs: Annotated[int, typer.Option(min=1, help="Times each is done; medians count.")] = 5,
    folder: Annotated[
        Path | None, typer.Option(help="Where the scratch folder is made; several GB.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Measure writing, scanning and copying a table, in plain and in encrypted files by turns.

    Each step opens its file anew, so that it is read again and decrypted.
    """
    kinds = {"plain": None, "encrypted": secrets.token_hex(32)}
    seconds: dict[str, dict[str, list[float]]] = {
        step: {kind: [] for kind in kinds} for step in _STEPS
    }
    with (
        tempfile.TemporaryDirectory(prefix="cdi-bench-", dir=folder) as scratch,
        errors.status("") as status,
    ):
        for run in range(runs):
            # Who is first has the worse of it: that changes, too.
            for kind, key in sorted(kinds.items(), reverse=bool(run % 2)):
                file = Path(scratch, f"{kind}.duckdb")
                file.unlink(missing_ok=True)
                for step, sql in _STEPS.items():
                    status.update(f"run {run + 1} of {runs}: {step}, {kind}")
                    seconds[step][kind].append(_measured(file, key, sql.format(rows=rows)))
    medians = {
        step: {kind: median(taken) for kind, taken in by_kind.items()}
        for step, by_kind in seconds.items()
    }
    if as_json:
        console.print_json(data={"machine": machine(), "rows": rows, "seconds": seconds})
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("step")
    for name in ("plain: s", "encrypted: s", "times"):
        table.add_column(name, justify="right")
    for step, taken in medians.items():
        plain, encrypted = taken["plain"], taken["encrypted"]
        table.add_row(step, f"{plain:.2f}", f"{encrypted:.2f}", f"{encrypted / plain:.2f}")
    console.print(table)


def _measured(file: Path, key: str | None, sql: str) -> float:
    """Seconds of opening a file, one statement on it, and closing it."""
    stopwatch = Stopwatch()
    with closing(duckdb.connect()) as connection:
        connection.execute("set enable_progress_bar = false")
        if key is not None:
            # The extension is loaded once a process, a few hundredths of a second.
            storage.encrypt_what_spills(connection)
        with stopwatch.running():
            if key is None:
                # As encrypted ones are: unless told, a plain file is of the oldest format there is.
                connection.execute(f"attach {literal(file)} as kept (storage_version 'latest')")
            else:
                storage.attach_with(connection, file, "kept", key)
            connection.execute(sql).fetchall()
            connection.execute("detach kept")
    return stopwatch.seconds
