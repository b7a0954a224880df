"""`cdi encrypt`: how the database files are kept, and another key for them."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ingestion import settings, storage
from ingestion.lock import exclusive
from ingestion.storage import KEY
from scripts.encrypt import rotate as rotating
from scripts.storage.copies import CopyError
from scripts.terminal import console, errors, refuse, shown

NEW_KEY = f"{KEY}_NEW"

app = typer.Typer(help="Encryption of the database files.", no_args_is_help=True)


@app.callback()
def encrypt_group() -> None:
    """Encryption of the database files."""


@app.command("status")
def status_command() -> None:
    """Show of each database file whether it is encrypted, and by what. No key is needed."""
    if settings.rotated().exists():
        errors.print("a change of the key was cut short: `cdi encrypt rotate` finishes it")
    files = storage.databases()
    if not files:
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` first")
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("encryption")
    for file in files:
        kept = storage.encryption(file)
        told = "no database" if kept is None else kept.cipher or "plain"
        table.add_row(escape(shown(file)), told)
    console.print(table)


@app.command("rotate")
def rotate_command(
    decrypt: Annotated[
        bool, typer.Option("--decrypt", help="Make them plain files, under no key.")
    ] = False,
) -> None:
    """Write the warehouse, the readers' copy and the files of roles anew, under another key.

    The new key comes from `CDI_ENCRYPTION_KEY_NEW`, or is asked for, or read from standard input;
    where nothing is encrypted yet, it is the one in `CDI_ENCRYPTION_KEY`.
    """
    if settings.rotated().exists():
        with exclusive("cdi encrypt rotate"):
            moved = rotating.finish()
        console.print(f"finished a change of the key that was cut short: {len(moved)} files moved")
        return
    files = storage.databases()
    if not files:
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` first")
    kept = [storage.encryption(file) for file in files]
    has_encrypted = any(one is not None and one.is_encrypted for one in kept)
    current = storage.encryption_key()
    if has_encrypted and current is None:
        refuse(f"there are encrypted files: set {KEY} to the key they have now")
    if decrypt and not has_encrypted:
        refuse("nothing is encrypted")
    key = None if decrypt else _new_key(current, has_encrypted)
    if has_encrypted and key == current and all(one and one.is_encrypted for one in kept):
        refuse("the new key is the one there is already")
    try:
        rotating.rotate(key, lambda step: errors.print(f"[dim]{escape(step)} …[/dim]"))
    except CopyError as error:
        refuse(str(error))
    for file in files:
        console.print(f"{'plain' if decrypt else 'under the new key'}: {shown(file)}")
    if decrypt and current is not None:
        console.print(f"unset {KEY} from now on")
    elif key != current:
        console.print(f"set {KEY} to the new key from now on; without it nobody can open them")


def _new_key(current: str | None, has_encrypted: bool) -> str:
    """The key to encrypt with. It is never an argument: those, anybody on the machine can see."""
    given = os.environ.get(NEW_KEY)
    if given is not None:
        return storage.checked(given, NEW_KEY)
    if current is not None and not has_encrypted:
        return current
    if sys.stdin.isatty():
        given = typer.prompt("New key", hide_input=True, confirmation_prompt=True, err=True)
    else:
        given = sys.stdin.readline()
    return storage.checked(given, "the new key")
