"""Phone numbers are read in SQL as `phonenumbers` reads them."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from .conftest import disagreements, table
from .phone_samples import Reading, read_by_library, samples

SAMPLE = 100_000


def test_numbers_are_read_as_the_library_reads_them(
    compiled: Callable[[str], str], database: duckdb.DuckDBPyConnection
) -> None:
    given = samples(SAMPLE, seed=1)
    table(
        database,
        "written",
        phone=[sample.phone for sample in given],
        country_code=[sample.country for sample in given],
    )
    read = database.execute(
        compiled(
            "select written.id, phones.phone_number, phones.extension, phones.is_valid "
            "from written left join {{ read_phones('written') }} as phones "
            "on written.phone = phones.phone "
            "and written.country_code is not distinct from phones.country_code "
            "order by written.id"
        )
    ).fetchall()
    assert len(read) == SAMPLE, "every number comes out once"

    expected = [read_by_library(sample) for sample in given]
    differing = [
        (sample.kind, f"{sample.phone!r} in {sample.country}: {wanted} but {Reading(*found[1:])}")
        for sample, wanted, found in zip(given, expected, read, strict=True)
        if wanted != found[1:]
    ]
    summary = disagreements(differing, SAMPLE)
    print(summary)  # noqa: T201
    assert len(differing) <= SAMPLE * 0.001, summary
    assert sum(reading.is_valid is True for reading in expected) > SAMPLE * 0.5
    assert sum(reading.is_valid is False for reading in expected) > SAMPLE * 0.05
    assert sum(reading.number is None for reading in expected) > SAMPLE * 0.05
