"""Security: who can read the files, and is what the project runs on known to be open to attack."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion import settings, storage
from scripts.governance.probes.finding import Finding, Probe, some
from scripts.governance.probes.places import exposed, folders, short

PATIENCE = 120
"""Seconds that whoever knows of advisories has to answer."""


def files_are_private(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Nobody but their owner can read or write the files that hold data, or keys to it."""
    if sys.platform == "win32":
        yield probe.not_run("files", "modes of files say nothing on Windows")
        return
    warehouse = settings.warehouse()
    beside = sorted(warehouse.parent.glob(f"{warehouse.stem}*"))
    places = [*beside, *folders().values(), settings.PROJECT / ".dlt" / "secrets.toml"]
    for place in dict.fromkeys(place for place in places if place.exists()):
        open_to_others = list(exposed(place))
        told = "its owner's alone"
        if open_to_others:
            mend = f"chmod -R go= {short(place)}"
            told = f"others can read or change {some(open_to_others, short)}: {mend}"
        yield probe.found(short(place), len(open_to_others), told)


def files_are_encrypted(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Every database file is encrypted. It is a choice: once made, a plain file is a failure."""
    is_chosen = bool(os.environ.get(storage.KEY))
    # What this process has open is not read beside the engine: to close a file gives up every lock
    # that its process has on it.
    rows = connection.execute(
        "select path, encrypted from duckdb_databases() where path is not null"
    ).fetchall()
    opened = {Path(path).resolve(): bool(encrypted) for path, encrypted in rows}
    for file in storage.databases():
        place = file.resolve()
        is_good = opened[place] if place in opened else is_encrypted(file)
        told = "encrypted" if is_good else "not encrypted"
        if not is_good and not is_chosen:
            told += f": {storage.KEY} is not set"
        yield probe.found(file.name, int(not is_good), told, is_required=is_chosen)


def is_encrypted(database: Path) -> bool:
    """Whether a database file is, by its header; not to be asked of one this process has open."""
    kept = storage.encryption(database)
    return kept is not None and kept.is_encrypted


def dependency_advisories(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """No version that is locked has a published advisory, as far as `pip-audit` can ask."""
    lock = settings.PROJECT / "requirements.lock"
    beside = str(Path(sys.executable).parent)
    tool = shutil.which("pip-audit", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if tool is None:
        yield probe.not_run(lock.name, "pip-audit is not installed: `pip install -e '.[audit]'`")
        return
    command = [tool, "--requirement", str(lock), "--disable-pip", "--no-deps", "--format", "json"]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, "--progress-spinner", "off", "--timeout", "10"],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        dependencies = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        yield probe.not_run(lock.name, f"pip-audit had no answer within {PATIENCE} seconds")
        return
    except (ValueError, KeyError):
        told = f"pip-audit could not ask (it ended with {done.returncode}): is there a network?"
        yield probe.not_run(lock.name, told)
        return
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    affected = [
        f"{one['name']} {one['version']} ({', '.join(known['id'] for known in one['vulns'])})"
        for one in dependencies
        if one.get("vulns")
    ]
    told = f"{len(dependencies) - len(unknown)} of {len(dependencies)} packages looked at"
    if affected:
        told += f"; affected: {some(affected)}; run `cdi incident open component`"
    elif unknown or not dependencies:
        yield probe.not_run(lock.name, told)
        return
    yield probe.found(lock.name, len(affected), told)
