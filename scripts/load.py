"""`cdi load`: bring what is new or changed into the raw tables."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from dlt.common.runtime.collector import NULL_COLLECTOR
from dlt.common.runtime.collector_base import Collector
from rich.markup import escape
from rich.status import Status

from ingestion import pipeline
from ingestion.lock import exclusive
from ingestion.sources import SOURCES
from scripts.terminal import console, count, errors

SHOWN_REJECTS = 5


class RowsSoFar(Collector):
    """Shows, on one moving line, the rows of each table as they are extracted."""

    def __init__(self, source: str, line: Status) -> None:
        self._source = source
        self._line = line
        self._rows: dict[str, int] = {}

    def update(
        self,
        name: str,
        inc: int = 1,
        total: int | None = None,
        inc_total: int | None = None,
        message: str | None = None,
        label: str | None = None,
    ) -> None:
        """Adds `inc` rows to the table `name`; dlt also counts resources and files this way."""
        if self.step.startswith("Extract") and name != "Resources":
            self._rows[name] = self._rows.get(name, 0) + inc
            self._line.update(f"{self._source}  {_tables(self._rows)}")

    def _start(self, step: str) -> None:
        self._line.update(f"{self._source}  {step.lower()}")

    def _stop(self) -> None:
        pass


def load_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help=f"Sources to load; all by default. One of: {', '.join(SOURCES)}."),
    ] = None,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait while another command writes the warehouse.")
    ] = 0,
) -> None:
    """Load what is new or changed at the sources into the raw tables.

    A source without credentials is skipped; one that fails does not stop the others.
    Exits with 1 if any source failed, or one that was asked for by name is not configured.
    """
    unknown = sorted(set(sources or []) - set(SOURCES))
    if unknown:
        errors.print(f"[red]no source {', '.join(unknown)}[/red]: there are {', '.join(SOURCES)}")
        raise typer.Exit(2)
    results = load(sources or SOURCES, wait)
    if all(result.skipped for result in results):
        errors.print("Nothing is configured. To try it all on a made-up company: make run")
    if any(result.error or (sources and result.skipped) for result in results):
        raise typer.Exit(1)


def load(sources: Sequence[str], wait: float = 0) -> list[pipeline.LoadResult]:
    """Loads sources, one after another, and says what each brought.

    Args:
        sources: names of sources.
        wait: seconds to wait while another process writes the warehouse.

    Returns:
        What became of each. One that failed does not stop the others.

    Raises:
        BusyError: another process writes the warehouse still.
        StorageError: where data is kept cannot be used as it is set.
    """
    with exclusive("cdi load", wait), ended_by_ctrl_c():
        pipeline.declare_everything()  # also those not asked for: models read every declared table
        return [_load(source) for source in sources]


@contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    """Ctrl-C ends the process there and then; to be entered when the warehouse is held.

    Python would raise KeyboardInterrupt in whatever code is running, also in a `__del__` of dlt,
    where it is lost and the load goes on, or in a thread that others wait for. A load that is
    killed has written nothing of its source, and what it left is its folder.
    """

    def end(*_: object) -> None:
        shutil.rmtree(pipeline.working_folder(), ignore_errors=True)
        console.show_cursor()
        os.write(2, b"\nEnded: nothing was written of the source that was being loaded.\n")
        os._exit(130)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _load(source: str) -> pipeline.LoadResult:
    started = time.monotonic()
    with console.status(source) as line:
        progress: Any = RowsSoFar(source, line) if console.is_terminal else NULL_COLLECTOR
        result = pipeline.load(source, progress)
    seconds = f"[dim]{time.monotonic() - started:.1f} s[/dim]"
    name = f"[bold]{source:<15}[/bold]"
    if result.skipped:
        console.print(f"{name} [dim]skipped: {escape(result.skipped)}[/dim]", soft_wrap=True)
    elif result.rows or not result.error:
        told = _tables(result.rows) if result.rows else "nothing new"
        console.print(f"{name} {told}  {seconds}", soft_wrap=True)
    for note in result.notes:
        console.print(f"{'':<15} [dim]{escape(note)}[/dim]", soft_wrap=True)
    if result.error:
        errors.print(f"{name} [red]failed[/red]: {escape(result.error)}", soft_wrap=True)
    for (table, rule, detail, file), rejected in result.rejected.most_common(SHOWN_REJECTS):
        place = f" in {file}" if file else ""
        errors.print(
            f"{'':<15} [yellow]{count(rejected)} set aside[/yellow] from {table}{escape(place)}: "
            f"{rule}: {escape(detail)}",
            soft_wrap=True,
        )
    if result.rejected:
        errors.print(f"{'':<15} all of them are kept: `cdi quarantine list {source}`")
    return result


def _tables(rows: dict[str, int]) -> str:
    return ", ".join(f"{table} {count(number)}" for table, number in rows.items())
