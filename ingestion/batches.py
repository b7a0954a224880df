"""Arrow tables on their way through DuckDB, on all cores and with little in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pyarrow as pa

PIECE_ROWS = 2_048
"""Rows a thread of DuckDB takes at a time: what it takes anyhow, as one vector."""

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made by a thread of its own while the one before it is used.

    Args:
        items: none of which is None.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        following = maker.submit(next, items, None)
        while (item := following.result()) is not None:
            following = maker.submit(next, items, None)
            yield item


def in_pieces(table: pa.Table) -> pa.Table:
    """The same rows in small batches: DuckDB reads one batch on one core."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=PIECE_ROWS), table.schema)
