"""`cdi reference`: turns what maintained libraries know into the seeds that dbt reads."""

from __future__ import annotations

import csv
import io
import re
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from ingestion import settings
from scripts.terminal import console, errors

app = typer.Typer(help="Seeds made from libraries.", no_args_is_help=True)

SEEDS = settings.PROJECT / "dbt_project" / "seeds"
# Each has a function `seeds` that gives, for the path of a seed below SEEDS and without `.csv`, its
# rows in an order of their own.
MODULES = (
    "emails", "people", "companies", "phones", "countries", "places", "money", "time_zones",
)  # fmt: skip
MADE_FROM = re.compile(r"(?<=made_from: \[)[^\]]*(?=\])")


@app.callback()
def reference_group() -> None:
    """Seeds made from libraries."""


@app.command()
def sync(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 where one is out of date.")
    ] = False,
) -> None:
    """Write the seeds that are made from libraries, and into their yml from which versions."""
    files = seed_files()
    stale = [file for file, text in files.items() if not _says(file, text)]
    if check and stale:
        names = ", ".join(str(file.relative_to(settings.PROJECT)) for file in stale)
        errors.print(f"out of date: {names}; run `cdi reference sync`", soft_wrap=True)
        raise typer.Exit(1)
    for file in stale:
        file.write_text(files[file], encoding="utf-8")
    console.print(f"{len(stale)} of {len(files)} files written" if stale else "all up to date")


def seed_files() -> dict[Path, str]:
    """What the csv and the yml of every seed made from libraries have to say.

    Raises:
        ModuleNotFoundError: a library is not installed.
        ValueError: a yml does not name the libraries, or a seed comes from two modules.
    """
    files: dict[Path, str] = {}
    for module in MODULES:
        for name, rows in import_module(f"scripts.reference.{module}").seeds().items():
            seed = SEEDS / f"{name}.csv"
            if seed in files:
                raise ValueError(f"{name} is made twice, the second time by {module}")
            files[seed] = _csv(rows)
            files[seed.with_suffix(".yml")] = _with_versions(seed.with_suffix(".yml"))
    return files


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _with_versions(file: Path) -> str:
    """The yml of a seed, the installed version beside each library it says it is made from."""
    text = file.read_text(encoding="utf-8")
    named = MADE_FROM.search(text)
    if named is None:
        raise ValueError(
            f"{file.relative_to(settings.PROJECT)} does not say which libraries the seed is made "
            "from; put `made_from: [library]` into its config.meta"
        )
    libraries = [library.split()[0] for library in named[0].split(",")]
    return MADE_FROM.sub(", ".join(f"{name} {version(name)}" for name in libraries), text, count=1)


def _says(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text
