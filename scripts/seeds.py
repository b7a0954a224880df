"""Seeds of the project, read where they are: lists are data to commands as well as to models."""

from __future__ import annotations

import csv
from pathlib import Path

from ingestion import settings


def seed_file(name: str, folder: str = "governance") -> Path:
    """Where a seed is, in a folder of `dbt_project/seeds`."""
    return settings.PROJECT / "dbt_project" / "seeds" / folder / f"{name}.csv"


def seed_rows(name: str, folder: str = "governance") -> list[dict[str, str]]:
    """The rows of a seed, every value as text."""
    with seed_file(name, folder).open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))
