"""How dbt opens the warehouse: the plugin of dbt-duckdb that `profiles.yml` names.

Without a key dbt goes its own way. With one it connects to the in-memory database that the
warehouse is attached to, under the name dbt knows it by, so that no model tells the difference. The
profile never holds the key, so dbt cannot write it into an artefact or a log.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from ingestion import storage
from ingestion.sql import quoted


class Plugin(BasePlugin):
    """Opens the warehouse as everything else of the project does."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Has no configuration."""
        self._warehouse: Path | None = None
        self._key: str | None = None

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Has dbt connect to memory, where the warehouse is encrypted; called before it connects.

        Raises:
            DbtRuntimeError: the key is missing, wrong, weak or not wanted.
        """
        if creds.path == ":memory:":
            return
        self._warehouse = Path(creds.path)
        try:
            self._key = storage.key_in_use()
            # dbt would tell of the wrong key with a traceback, and of a file in use well enough.
            with suppress(duckdb.Error):
                storage.connect(self._warehouse).close()
        except storage.StorageError as error:
            raise DbtRuntimeError(str(error)) from None
        if self._key is not None:
            creds.path = storage.instance(self._warehouse)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Sets what every connection has, and attaches the warehouse where it is encrypted."""
        storage.limit_memory(conn)
        storage.reach_lake(conn)
        if self._warehouse is None or self._key is None:
            return
        if self.creds is not None:
            self.creds.path = str(self._warehouse)
        storage.attach_as_current(conn, self._warehouse, self._key)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Makes the warehouse the current database of a cursor, which does not take that over."""
        if self._warehouse is not None and self._key is not None:
            cursor.execute(f"use {quoted(storage.name_of(self._warehouse))}")
