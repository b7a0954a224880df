"""Runs a piece of work in a process of its own, and measures its time and memory."""

from __future__ import annotations

import bisect
import datetime
import multiprocessing
import os
import re
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scripts.extras import needed


class BenchError(Exception):
    """A case could not be measured. The message says why."""


class Stopwatch:
    """Adds up the seconds it ran: what comes before and after is not the work to be measured."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Runs for as long as the block does."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - started


class Sampler:
    """Looks at the resident memory of this process many times a second while a block runs."""

    def __init__(self) -> None:
        self._samples: list[tuple[datetime.datetime, int]] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def peak(self, start: datetime.datetime, end: datetime.datetime) -> int:
        """The most bytes that were seen between two moments (UTC), or next before them."""
        moments = [moment for moment, _ in self._samples]
        first = max(0, bisect.bisect_right(moments, start) - 1)
        last = bisect.bisect_right(moments, end)
        return max((size for _, size in self._samples[first:last]), default=0)

    def _watch(self) -> None:
        page = resource.getpagesize()
        while not self._is_over.wait(0.05):
            size = int(Path("/proc/self/statm").read_text().split()[1]) * page
            self._samples.append((datetime.datetime.now(datetime.UTC).replace(tzinfo=None), size))


@dataclass(frozen=True)
class Measured:
    """What a piece of work took.

    Args:
        seconds: what its stopwatch showed at the end.
        peak_bytes: resident memory of its process at most, or of one of its children.
        told: what it returned.
    """

    seconds: float
    peak_bytes: int
    told: Any


def measured(
    work: Callable[..., Any], *arguments: Any, environment: Mapping[str, str] | None = None
) -> Measured:
    """Runs `work(stopwatch, *arguments)` in a new process.

    Args:
        work: a function at the top of a module.
        arguments: what can be pickled.
        environment: variables the process has beside those of this one.

    Raises:
        BenchError: the work failed, or its process died.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_run, args=(sender, dict(environment or {}), work, arguments), daemon=True
    )
    process.start()
    sender.close()
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = None
    process.join()
    if isinstance(outcome, Measured):
        return outcome
    raise BenchError(outcome or f"the process ended with code {process.exitcode}")


def _run(
    sender: Connection,
    environment: dict[str, str],
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    # What dbt or a driver writes is not the report.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ.update(environment)
    stopwatch = Stopwatch()
    try:
        told = work(stopwatch, *arguments)
        sender.send(Measured(stopwatch.seconds, _peak_bytes(), told))
    except ModuleNotFoundError as error:
        sender.send(needed(error))
    except Exception as error:
        sender.send(f"{type(error).__name__}: {error}")


def _peak_bytes() -> int:
    """Resident memory of this process at most, or of the largest of its children if that is more.

    They are not added: a child begins with what its parent has, until it runs something else.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    own = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux `ru_maxrss` begins with what the parent had when it forked; this does not.
        own = 1024 * int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0])
    return max(own, unit * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
