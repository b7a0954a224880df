"""Countries are recognised in SQL by every name the libraries know."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from .conftest import disagreements, table
from .country_samples import samples

SAMPLE = 100_000


def test_countries_are_those_the_libraries_mean(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> None:
    given = samples(SAMPLE, seed=1)
    table(database, "written", country=[sample.country for sample in given])
    found = database.execute(
        compiled(
            "select written.id, country_aliases.country_code "
            "from written left join country_aliases "
            "on {{ place_key('written.country') }} = country_aliases.alias "
            "order by written.id"
        )
    ).fetchall()
    assert len(found) == SAMPLE, "every record comes out once"

    differing = [
        (sample.kind, f"{sample.country!r}: {sample.code} but {code}")
        for sample, (_, code) in zip(given, found, strict=True)
        if sample.code != code
    ]
    summary = disagreements(differing, SAMPLE)
    print(summary)  # noqa: T201
    assert len(differing) <= SAMPLE * 0.001, summary
    assert sum(sample.code is None for sample in given) > SAMPLE * 0.05
