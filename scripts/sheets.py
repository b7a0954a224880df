"""Files of personal data for people to work through: only their owner can read them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

# What a spreadsheet would take a cell that starts so for: a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def private_file(to: Path) -> Iterator[TextIO]:
    """Opens a new file for writing, in place of what was there, that only its owner can read.

    Raises:
        OSError: the file cannot be written.
    """
    to.unlink(missing_ok=True)
    opened = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
        yield file


def as_text(cell: str | None) -> str | None:
    """A cell that no spreadsheet runs: an apostrophe before a formula makes it text."""
    return f"'{cell}" if cell and cell.startswith(FORMULA) else cell
