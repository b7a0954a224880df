"""What every subcommand says goes through here."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


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
