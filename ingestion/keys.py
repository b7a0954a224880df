"""The key that hashes of personal values are made with, and the hash itself, in Python and SQL.

A plain hash of an e-mail address can be guessed: whoever has a list of addresses hashes them all.
Without the key nobody can. Whoever loses it can no longer tell who was erased.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import duckdb

from ingestion import settings

SHORTEST = 32
"""Characters a key has at least."""

_BLOCK = 64


class UnusableKeyError(settings.StorageError):
    """A key cannot be used. The message says which, and how to mend it; never the key."""


def hashing_key(is_new: bool = True) -> bytes:
    """The key from `CDI_HASHING_KEY`, or of the file beside the warehouse, made at first use.

    Args:
        is_new: whether it may be made now: what was hashed before, another key does not tell.

    Raises:
        UnusableKeyError: it is too short, or not there.
    """
    given = os.environ.get("CDI_HASHING_KEY")
    if given is None:
        file = key_file()
        if not file.exists():
            if not is_new:
                raise UnusableKeyError(
                    "people were erased, and the key that tells them is gone: restore "
                    f"{file.name} from a backup, or give it as CDI_HASHING_KEY"
                )
            _write_new(file)
        given = file.read_text("ascii").strip()
    if len(given) < SHORTEST:
        raise UnusableKeyError(
            f"the hashing key has fewer than {SHORTEST} characters: give CDI_HASHING_KEY a longer "
            f"one, or restore {key_file().name} from a backup"
        )
    return given.encode()


def key_file() -> Path:
    """Where the key is kept that nobody has given: beside the warehouse, for its owner alone."""
    return settings.warehouse().with_name(f"{settings.warehouse().stem}.hashing_key")


def keyed_hash(value: str) -> str:
    """HMAC-SHA256 of a text under the hashing key, as 64 hexadecimal digits."""
    return hmac.new(hashing_key(), value.encode(), hashlib.sha256).hexdigest()


def install(connection: duckdb.DuckDBPyConnection, is_new: bool = True) -> None:
    """Gives a connection the SQL macro `keyed_hash(text)`, the same as the function here.

    The key goes in as a value, never as text of a statement.

    Args:
        connection: any.
        is_new: as of `hashing_key`.
    """
    key = hashing_key(is_new)
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    pads = {"inner_pad": 0x36, "outer_pad": 0x5C}
    for name, pad in pads.items():
        connection.execute(f"set variable {name} = ?::blob", [bytes(byte ^ pad for byte in key)])
    connection.execute(
        "create or replace temp macro keyed_hash(value) as sha256(getvariable('outer_pad') || "
        "unhex(sha256(getvariable('inner_pad') || encode(value))))"
    )


def _write_new(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32) + "\n")
