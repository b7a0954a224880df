"""Probes: what no SQL can see of how the project is governed: files, copies, secrets, the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import duckdb

from scripts.governance.probes import availability, personal, secrets, security, usability
from scripts.governance.probes.finding import DRILL, Finding, Probe, probes

__all__ = ["DRILL", "NETWORKED", "PROBES", "Finding", "Probe", "probe", "probes"]

PROBES: dict[str, Callable[[Probe, duckdb.DuckDBPyConnection], Iterable[Finding]]] = {
    "readers_copy_opens": availability.readers_copy_opens,
    "shares_open": availability.shares_open,
    "restore_drill": availability.restore_drill,
    "catalog_searchable": usability.catalog_searchable,
    "files_are_private": security.files_are_private,
    "files_are_encrypted": security.files_are_encrypted,
    "secrets_absent": secrets.secrets_absent,
    "pii_only_where_allowed": personal.pii_only_where_allowed,
    "dependency_advisories": security.dependency_advisories,
}
"""Each probe of the seed `probes`, but for the drill, which is not run with the others."""

NETWORKED = frozenset({"dependency_advisories"})
"""Probes that ask others over the network."""


def probe(connection: duckdb.DuckDBPyConnection, *, with_network: bool = False) -> list[Finding]:
    """Runs every probe of the seed.

    Args:
        connection: to the warehouse.
        with_network: whether those are run, too, that ask over the network.

    Returns:
        At least one finding of each. A probe that breaks stops no other: it has failed, and its
        finding says what kind of error it was.
    """
    held_to = probes()
    findings: list[Finding] = []
    for name, look in PROBES.items():
        if name in NETWORKED and not with_network:
            told = "asked for by `cdi governance --network`"
            findings.append(held_to[name].not_run("network", told))
            continue
        try:
            findings += look(held_to[name], connection)
        except Exception as error:
            # What it says may name places of the machine, or values.
            told = f"could not be looked at: {type(error).__name__}"
            findings.append(held_to[name].found("probe", 1, told))
    return findings
