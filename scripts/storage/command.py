"""`cdi storage`: where data is, from one storage to another, and small files into large ones."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ingestion import lake, mirror, settings
from ingestion.lock import exclusive
from scripts.storage import compact as compacting
from scripts.storage import migrate as migrating
from scripts.storage.copies import CopyError
from scripts.terminal import console, count, errors, refuse, shown

KEEP_DAYS = 30
MANY_FILES = 50
"""Files of a table from which on they are worth being compacted."""

app = typer.Typer(help="Where data is kept: warehouse, lake, or both.", no_args_is_help=True)


@app.callback()
def storage_group() -> None:
    """Where data is kept: warehouse, lake, or both."""


@app.command("status")
def status_command() -> None:
    """Show where data is, how much there is, and what migrations have left."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("storage", settings.storage())
    warehouse = settings.warehouse()
    size = _size(warehouse.stat().st_size) if warehouse.exists() else "not there"
    table.add_row("warehouse", f"{escape(shown(warehouse))}, {size}")
    chosen = lake.chosen()
    many = []
    if chosen is not None:
        manifest = chosen.manifest()
        chosen.check(manifest)
        table.add_row("lake", escape(chosen.place))
        files = [file for one in manifest.tables.values() for file in one.files]
        table.add_row(
            "",
            f"commit {count(manifest.number)} by {escape(manifest.by) or 'nobody'}: "
            f"{count(len(manifest.tables))} tables, {count(len(files))} files, "
            f"{_size(sum(file.bytes for file in files))}, all as they were written",
        )
        many = [name for name, one in manifest.tables.items() if len(one.read) >= MANY_FILES]
    for left in migrating.left():
        told = f"{left.before}, in {escape(shown(left.folder))}"
        told += f" and {escape(left.place)}" if left.place else ""
        table.add_row("left by a migration", told)
    console.print(table)
    if many:
        console.print(f"in many small files: {', '.join(many)}: `cdi storage compact`")


@app.command("migrate")
def migrate_command() -> None:
    """Move all data to the storage that `CDI_STORAGE` says, and compare it with what it was.

    What it was before stays, until `cdi storage forget`.
    """
    try:
        moved = migrating.migrate(_step)
    except migrating.MigrationError as error:
        refuse(str(error))
    console.print(
        f"moved from {moved.before} to {moved.after}: {count(moved.tables)} tables with "
        f"{count(moved.rows)} rows copied and compared",
        soft_wrap=True,
    )
    if migrating.left():
        console.print("what it was before is still there, until `cdi storage forget`")


@app.command("forget")
def forget_command(
    for_good: Annotated[
        bool, typer.Option("--for-good/--dry-run", help="Do it; without, it is only shown.")
    ] = False,
) -> None:
    """Remove what migrations have left where it was."""
    found = migrating.forget() if for_good else migrating.left()
    for left in found:
        places = [shown(left.folder), *([left.place] if left.place else [])]
        done = "removed" if for_good else "would be removed"
        console.print(f"{done}: {escape(' and '.join(places))} ({left.before})", soft_wrap=True)
    if not found:
        console.print("migrations have left nothing")


@app.command("compact")
def compact_command(
    keep_days: Annotated[
        float,
        typer.Option(min=0, help="Days to keep versions of records that others took over from."),
    ] = KEEP_DAYS,
) -> None:
    """Make few large files of many small ones, and remove old versions of records.

    The warehouse file is written anew as well: it never becomes smaller by itself.
    """
    try:
        done = compacting.compact(keep_days)
    except CopyError as error:
        refuse(str(error))
    if lake.chosen() is not None:
        console.print(
            f"raw records: {count(done.files[0])} files, now {count(done.files[1])}; "
            f"{count(done.versions[0])} old versions, now {count(done.versions[1])}"
        )
    console.print(f"{_size(done.bytes[0])}, now {_size(done.bytes[1])}")


@app.command("refresh")
def refresh_command(
    discard: Annotated[
        bool, typer.Option("--discard", help="Give up what was written here and not there.")
    ] = False,
) -> None:
    """Make the warehouse file what the lake says, anew where there is none.

    What was written here and the lake does not have goes there, unless another writer came first.
    """
    chosen = lake.chosen()
    if chosen is None:
        refuse("CDI_STORAGE is warehouse: there is no lake to follow")
    with exclusive("cdi storage refresh", is_followed=False):
        mirror.follow(discard=discard)
        mirror.save("cdi storage refresh")
    number = count(chosen.manifest().number)
    console.print(f"{escape(shown(settings.warehouse()))} follows commit {number}", soft_wrap=True)


def _step(step: str) -> None:
    errors.print(f"[dim]{escape(step)} …[/dim]")


def _size(number: float) -> str:
    """Bytes for people."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:,.3g} GB"
