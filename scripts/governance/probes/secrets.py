"""Secrets: none is written where it does not belong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import duckdb

from ingestion import keys, settings
from scripts.governance.probes.finding import Finding, Probe, some
from scripts.governance.probes.places import files_in, folders, short
from scripts.literals import Literals
from scripts.privacy.finder import SHORTEST, Finder

SECRET = re.compile(
    r"(?i)(^|[^a-z])(key|token|secret|pass(word|wd|phrase)|pwd|credentials?|sig(nature)?)$"
)
"""How names of settings end whose values are secrets."""

TOKENS: Mapping[str, tuple[tuple[bytes, ...], re.Pattern[bytes]]] = {
    "private key": ((b"-----BEGIN ",), re.compile(rb"-----BEGIN ([A-Z]+ )*PRIVATE KEY-----")),
    "Stripe key": ((b"sk_live_", b"rk_live_"), re.compile(rb".{8}[0-9A-Za-z]{16}")),
    "HubSpot token": (
        (b"pat-na1-", b"pat-na2-", b"pat-eu1-", b"pat-ap1-"),
        re.compile(rb".{8}[0-9a-f]{8}(-[0-9a-f]{4}){3}-"),
    ),
    "Shopify token": (
        (b"shpat_", b"shpca_", b"shppa_", b"shpss_"),
        re.compile(rb".{6}[0-9A-Fa-f]{32}"),
    ),
    "Klaviyo key": ((b"pk_",), re.compile(rb"pk_[0-9a-f]{34}\b")),
    "AWS access key": ((b"AKIA", b"ASIA"), re.compile(rb".{4}[0-9A-Z]{16}\b")),
    "Slack token": ((b"xoxb-", b"xoxp-", b"xoxa-"), re.compile(rb".{5}[0-9A-Za-z-]{10}")),
    "GitHub token": ((b"ghp_", b"gho_", b"ghs_", b"ghu_"), re.compile(rb".{4}[0-9A-Za-z]{36}")),
    "Google key": ((b"AIza",), re.compile(rb"AIza[\w-]{35}")),
}
"""How tokens of well-known kinds begin, and what they look like from there."""

Found = dict[str, list[str]]
"""Kinds of secrets by the file they are in."""


def secrets_absent(probe: Probe, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """No secret of the project, and nothing that looks like one, is in what is written or kept."""
    configured = secrets()
    values = {value: name for value, name in configured.items() if len(value) >= SHORTEST}
    finder = Finder(values)
    looked_for = f"{len(set(values.values()))} configured secrets and {len(TOKENS)} kinds of tokens"
    if too_short := len(configured) - len(values):
        looked_for += f" ({too_short} too short to be looked for)"
    places: dict[str, list[Path] | None] = {
        name: files_in(folder)
        for name, folder in folders().items()
        if folder.exists() and name != "shares"
    }
    places["repository"] = tracked_files(settings.PROJECT)
    for place, files in places.items():
        if files is None:
            yield probe.not_run(place, "no checkout of git")
            continue
        found: Found = {}
        for file in files:
            content = file.read_bytes()
            kinds = {values[finder.identifiers[number]] for number in finder.in_bytes(content)}
            kinds |= tokens_in(content)
            if kinds:
                found[short(file)] = sorted(kinds)
        told = f"{len(files)} files, {looked_for}"
        if found:
            named = [f"{file} ({', '.join(kinds)})" for file, kinds in found.items()]
            told += f"; found in {some(named)}: remove it there, and replace the secret"
        yield probe.found(place, len(found), told)


def secrets() -> dict[str, str]:
    """The secrets that the project is configured with, each with what it is called.

    They are in the environment, in `.dlt/secrets.toml` and in the file of the hashing key. Those of
    the sandbox, which are in its code for everybody to read, are none.
    """
    named: list[tuple[str, str]] = [
        (name, value)
        for name, value in os.environ.items()
        if name.startswith(("SOURCES__", "DESTINATION__", "CREDENTIALS__", "CDI_", "AWS_"))
    ]
    file = settings.PROJECT / ".dlt" / "secrets.toml"
    if file.exists():
        named += _leaves(tomllib.loads(file.read_text("utf-8")))
    if keys.key_file().exists():
        named.append((keys.key_file().name, keys.key_file().read_text("ascii").strip()))
    made_up = _made_up()
    return {
        secret: name
        for name, value in named
        for secret in _secret_parts(name, value)
        if secret and secret not in made_up
    }


def tokens_in(content: bytes) -> set[str]:
    """Kinds of tokens that something in `content` looks like."""
    # Looking for all beginnings at once is many times as fast as for a pattern after the other.
    return {
        _KINDS[number]
        for number, start, _ in _BEGINNINGS.places(content)
        if TOKENS[_KINDS[number]][1].match(content, start)
    }


def tracked_files(checkout: Path) -> list[Path] | None:
    """Files that git keeps of a checkout; none where it is no checkout, or there is no git."""
    git = shutil.which("git")
    if git is None or not (checkout / ".git").exists():
        return None
    done = subprocess.run(  # noqa: S603
        [git, "-C", str(checkout), "ls-files", "-z"], capture_output=True, timeout=60, check=False
    )
    if done.returncode:
        return None
    listed = (checkout / os.fsdecode(name) for name in done.stdout.split(b"\0") if name)
    return [file for file in listed if file.is_file()]


def _secret_parts(name: str, value: str) -> set[str]:
    """What of a setting is secret: of an address the password and signed parts, or the whole."""
    last = re.split(r"__|\.", name)[-1]
    if "://" in value:
        try:
            address = urlsplit(value)
            password = address.password or ""
        except ValueError:
            return {value}
        signed = {text for key, text in parse_qsl(address.query) if SECRET.search(key)}
        return {password, unquote(password), *signed}
    return {value} if SECRET.search(last) else set()


def _leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Texts of a TOML document, by the names that lead to them."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{name}.")
        elif isinstance(value, str):
            yield f"{path}{name}", value


def _made_up() -> set[str]:
    """Constants of the sandbox's vendors, their tokens among them."""
    vendors = settings.PROJECT / "scripts" / "sandbox" / "vendors"
    return {
        constant
        for file in vendors.glob("*.py")
        for constant in re.findall(r'(?m)^[A-Z_]+ = "([^"]+)"', file.read_text("utf-8"))
    }


_KINDS = [kind for kind, (beginnings, _) in TOKENS.items() for _ in beginnings]
_BEGINNINGS = Literals([each for beginnings, _ in TOKENS.values() for each in beginnings])
