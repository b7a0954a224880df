"""One writer at a time: a lock beside the warehouse that names its holder."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingestion import mirror, settings


class BusyError(Exception):
    """Another process is writing the warehouse. The message says which, and what to do."""


@contextmanager
def exclusive(purpose: str, wait: float = 0, *, is_followed: bool = True) -> Iterator[None]:
    """Holds the warehouse for writing. Within one process it may be held within itself.

    Where there is a lake, the warehouse is brought to its last commit first, and what was written
    to it goes to the lake at the end.

    The operating system gives the lock up when its holder ends, however it ends: a lock file that
    is left behind locks nothing.

    Args:
        purpose: what is being done, shown to whoever finds the warehouse taken.
        wait: seconds to wait for another holder.
        is_followed: whether the warehouse is to be as the lake says.

    Raises:
        BusyError: another process holds it still.
        StorageError: the warehouse is of another storage than is set, or the lake is out of reach.
    """
    file = settings.warehouse().with_name(settings.warehouse().name + ".lock")
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file, is_singleton=True, mode=0o600)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise BusyError(
            f"{settings.warehouse().name} is being written by {_holder(file)}: "
            "run this again when that has ended, or give --wait SECONDS"
        ) from None
    try:
        is_outermost = lock.lock_counter == 1
        if is_outermost:
            now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            file.write_text(f"{purpose} (process {os.getpid()}, since {now})\n")
            if is_followed:
                mirror.follow()
        yield
        if is_outermost and is_followed:
            mirror.save(purpose)
    finally:
        lock.release()


def _holder(file: Path) -> str:
    return file.read_text(errors="replace").strip() or "another process"
