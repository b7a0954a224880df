"""Keys in seeds are as the macros write them, or nothing would ever be found by them."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest


@pytest.mark.parametrize(
    ("seed", "macro"),
    [
        ("country_aliases", "place_key"),
        ("region_aliases", "place_key"),
        ("currency_aliases", "symbol_key"),
        ("time_zone_aliases", "symbol_key"),
    ],
)
def test_aliases_are_written_as_the_macro_writes_them(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection, seed: str, macro: str
) -> None:
    unlike = database.execute(
        compiled(
            f"select alias from {seed} where alias is distinct from {{{{ {macro}('alias') }}}}"
        )
    ).fetchall()
    assert unlike == []
