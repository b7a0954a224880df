"""A line that goes on for a gigabyte fills neither memory nor the way of the other lines."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from ingestion.settings import PROJECT

LINE = 2**30
PEAK = 2**29
"""Bytes of memory a load may take: half of the line."""

LOAD = """
from pathlib import Path
from ingestion import pipeline
pipeline.declare_tables({source!r})
result = pipeline.load({source!r})
assert result.error is None, result.error
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(peak.split()[1])
"""

FILES = {
    "segment_events": (
        "calls.jsonl.gz",
        b'{"messageId":"m1","type":"page"}\n',
        b'{"messageId":"',
        b'"}\n{"messageId":"m2","type":"page"}\n',
    ),
    "files": ("people.csv.gz", b"id,name\n1,Ann\n", b"2,", b"\n3,Bob\n"),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("source", FILES)
def test_a_line_of_a_gigabyte_is_cut_and_set_aside(source: str, tmp_path: Path) -> None:
    name, before, start, after = FILES[source]
    folder = tmp_path / "in"
    folder.mkdir()
    with gzip.open(folder / name, "wb", compresslevel=1) as file:
        file.write(before + start)
        for _ in range(LINE >> 24):
            file.write(b"x" * 2**24)
        file.write(after)
    mapping = {"datasets": [{"name": "people", "path": str(folder / name), "key": ["id"]}]}
    (tmp_path / "files.yml").write_text(yaml.safe_dump(mapping))
    done = subprocess.run(
        [sys.executable, "-c", LOAD.format(source=source)],
        cwd=PROJECT,
        env={
            **os.environ,
            "CDI_WAREHOUSE": str(tmp_path / "w.duckdb"),
            "CDI_FILES": str(tmp_path / "files.yml"),
            "SOURCES__SEGMENT_EVENTS__BUCKET_URL": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) * 1024 < PEAK
    with duckdb.connect(str(tmp_path / "w.duckdb"), read_only=True) as warehouse:
        schema = f"raw_{source}"
        table = "events" if source == "segment_events" else "customers"
        assert warehouse.execute(f"select count(*) from {schema}.{table}").fetchall() == [(2,)]
        [(line, rule, length)] = warehouse.execute(
            f"select line, rule, length(record) from {schema}.quarantine"
        ).fetchall()
    assert (line, rule) == ((2 if source == "segment_events" else 3), "oversize_record")
    assert length < 2**26
