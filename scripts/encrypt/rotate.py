"""Writes every database file anew under another key, and puts the new ones in the old ones' place.

First all of them are written and checked in a folder of their own, which is thrown away by the next
run if this one ends there: nothing has changed. Then the folder is renamed, in one step, and from
there on the change holds: the files only have to be moved, which takes no key and which the next
`cdi encrypt rotate` goes on with. Until then every other command refuses.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ingestion import pipeline, settings, storage
from ingestion.lake import sync
from ingestion.lock import exclusive
from scripts.storage.copies import CopyError, write_anew

Tell = Callable[[str], None]


def unfinished() -> Path:
    """The folder of files under the new key, while they are written and checked."""
    return storage.scratch_folder("rotating")


def finish() -> list[Path]:
    """Moves what a change of the key that was cut short has left to move.

    Returns:
        The files that were moved; none where no change was cut short.
    """
    done = settings.rotated()
    if not done.exists():
        return []
    moved = []
    for file in sorted(done.rglob("*.duckdb")):
        target = settings.warehouse().parent / file.relative_to(done)
        target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
        file.replace(target)
        sync(target.parent)
        moved.append(target)
    shutil.rmtree(done)
    sync(done.parent)
    return moved


def rotate(key: str | None, tell: Tell) -> list[Path]:
    """Changes the key of the warehouse, the readers' copy and the files of roles.

    The key they have now is that of `CDI_ENCRYPTION_KEY`; those that are plain need none.

    Args:
        key: the new one; with none they become plain files.
        tell: is told of each step as it begins.

    Returns:
        The files.

    Raises:
        CopyError: a file was not written as it was read, or is in use.
        StorageError: a file is encrypted, and not with the key there is.
    """
    with exclusive("cdi encrypt rotate"):
        if finish():
            raise CopyError("a change of the key was cut short, and is finished now: run again")
        held = settings.warehouse().parent
        with storage.scratch("rotating") as folder:
            files = storage.databases()
            for file in files:
                tell(f"writing {file.name} anew, and comparing")
                new = folder / file.relative_to(held)
                new.parent.mkdir(mode=0o700, exist_ok=True)
                write_anew(file, new, key, is_in_use=file == settings.warehouse())
            tell("putting the new files in the place of the old ones")
            folder.rename(settings.rotated())
            sync(held)
        finish()
        _remove_remains()
    return files


def _remove_remains() -> None:
    """Removes what commands that were killed have left beside the files, under the old key."""
    published = settings.published()
    remains = [
        pipeline.working_folder(),
        storage.scratch_folder("erasing"),
        published.with_name(f"{published.name}.new"),
        *settings.shares().glob("*.new"),
        *(file.with_name(f"{file.name}.tmp") for file in storage.databases()),
    ]
    for place in remains:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
