"""What every subcommand says goes through here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn, TextIO

import typer
from rich.console import Console
from rich.markup import escape

PIPE_WIDTH = 110


def _console(stream: TextIO) -> Console:
    """A pipe or a log has no width of its own: 80 columns would break words in tables."""
    is_given = stream.isatty() or "COLUMNS" in os.environ
    return Console(
        highlight=False, stderr=stream is sys.stderr, width=None if is_given else PIPE_WIDTH
    )


console = _console(sys.stdout)
errors = _console(sys.stderr)


def refuse(told: str) -> NoReturn:
    """Says what is wrong, and ends the command with 1."""
    errors.print(f"[red]{escape(told)}[/red]", soft_wrap=True)
    raise typer.Exit(1) from None


def count(number: int) -> str:
    """A count for people: 1234567 → `1,234,567`."""
    return f"{number:,}"


def share(part: float) -> str:
    """A share for people; never 100 % or 0 % where it is not exactly that."""
    if 0 < part < 0.01:
        return "<1 %"
    if 0.99 < part < 1:
        return ">99 %"
    return f"{part:.0%}".replace("%", " %")


def shown(path: Path) -> str:
    """A path as short as it can be from where the user stands."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
