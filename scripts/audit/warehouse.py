"""Audits loaded sources, from the marts the last build made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from ingestion import settings
from scripts.audit.findings import Audit, Edit
from scripts.audit.profile import column_audit, rows_of, table_audit


class NotBuiltError(Exception):
    """There is nothing to audit yet. The message says what to run."""


def audited(sources: list[str]) -> list[Audit]:
    """Audits of those of the sources that hold rows.

    Raises:
        NotBuiltError: no build has made the marts.
    """
    with _marts() as connection:
        return [audit for source in sources if (audit := _audited(connection, source)).tables]
