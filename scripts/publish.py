"""The readers' copy: what people and tools query, replaced whole after each good build.

DuckDB lets nobody read a file that is being written, and a build writes its marts one by one. So
readers have a file of their own, which is always complete and can always be opened.
"""

from __future__ import annotations

from pathlib import Path

from ingestion import settings, storage
from ingestion.sql import quoted

SCHEMAS = ("marts", "governance", "activation")


def publish(warehouse: Path | None = None, published: Path | None = None) -> Path:
    """Copies the public tables of the warehouse to a new file and puts it in the old one's place.

    Views stay behind: they show values as they came, which only who works on the warehouse may see.
    Whoever has the old file open goes on reading it as it was.

    Args:
        warehouse: the warehouse, if not the one of `CDI_WAREHOUSE`.
        published: where the copy goes, if not where readers look for it.

    Returns:
        The readers' copy.

    Raises:
        duckdb.Error: the copy could not be written; the old one is still there.
    """
    published = published or settings.published()
    published.parent.mkdir(parents=True, exist_ok=True)
    unfinished = published.with_name(published.name + ".new")
    unfinished.unlink(missing_ok=True)
    try:
        with storage.connect(unfinished) as connection:
            storage.attach(connection, warehouse or settings.warehouse(), "warehouse")
            tables = connection.execute(
                "select table_schema, table_name from information_schema.tables "
                "where table_catalog = 'warehouse' and table_type = 'BASE TABLE' "
                "and table_schema in (select unnest(?)) order by all",
                [list(SCHEMAS)],
            ).fetchall()
            for schema, table in tables:
                name = f"{quoted(schema)}.{quoted(table)}"
                connection.execute(f"create schema if not exists {quoted(schema)}")
                connection.execute(f"create table {name} as from warehouse.{name}")
        unfinished.replace(published)
    finally:
        unfinished.unlink(missing_ok=True)
    return published
