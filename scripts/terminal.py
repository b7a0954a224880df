"""What every subcommand says goes through here."""

from __future__ import annotations

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def count(number: int) -> str:
    """A count for people: 1234567 → `1,234,567`."""
    return f"{number:,}"
