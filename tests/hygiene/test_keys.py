"""Keys in seeds are as the macros write them, or nothing would ever be found by them."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest


@pytest.mark.parametrize(
    ("seed", "column", "macro"),
    [
        ("country_aliases", "alias", "place_key"),
        ("region_aliases", "alias", "place_key"),
        ("currency_aliases", "alias", "symbol_key"),
        ("time_zone_aliases", "alias", "symbol_key"),
        ("boolean_words", "word", "symbol_key"),
    ],
)
def test_aliases_are_written_as_the_macro_writes_them(
    compiled: Callable[[str], str],
    database: duckdb.DuckDBPyConnection,
    seed: str,
    column: str,
    macro: str,
) -> None:
    unlike = database.execute(
        compiled(
            f"select {column} from {seed} "
            f"where {column} is distinct from {{{{ {macro}('{column}') }}}}"
        )
    ).fetchall()
    assert unlike == []
