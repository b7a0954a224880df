"""The guide to breaking changes is followed to the letter: what it says works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from ingestion import settings
from ingestion.settings import PROJECT
from scripts.contracts import public_tables

GUIDE = PROJECT / "docs" / "guides" / "changing-the-model.md"
COPIED = ("dbt_project", "dbt_project.yml", "profiles.yml")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.S)


def test_a_renamed_column_has_a_new_version_and_the_old_one_still_answers(
    company: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in COPIED:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, tmp_path / name)
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(company.folder / "warehouse.duckdb", warehouse)
    before = columns(warehouse)

    place = ""
    (commands,) = blocks("console")
    for line in commands.splitlines():
        command = line.removeprefix("$ ").replace("git mv", "mv")
        folder = tmp_path if command.startswith("cd") else tmp_path / place
        if command.startswith("cd"):
            place = command.removeprefix("cd ")
        else:
            subprocess.run(command, shell=True, cwd=folder, check=True)
    (sql,) = blocks("sql")
    (tmp_path / place / "fct_page_views_v1.sql").write_text(sql)
    file = tmp_path / place / "fct_page_views.yml"
    (versions,) = blocks("yaml")
    described = file.read_text().replace("seconds_until_next", "seconds_on_page")
    described = described.replace("    latest_version: 1\n    versions:\n      - v: 1\n", versions)
    described = described.replace(
        "    model: fct_page_views\n",
        "    model: fct_page_views\n    versions: {include: [2]}\n",
    )
    yaml.safe_load(described)
    file.write_text(described)
    with monkeypatch.context() as patch:
        patch.setattr(settings, "PROJECT", tmp_path)
        listing, text = public_tables()
    assert listing.read_text() == text, "a version is no mart of its own"

    dbt = str(Path(sys.executable).with_name("dbt"))
    done = subprocess.run(
        [dbt, "build", "--select", "fct_page_views", "--no-use-colors"],
        cwd=tmp_path,
        env=company.environment
        | {
            "CDI_WAREHOUSE": str(warehouse),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "PYTHONPATH": str(PROJECT),
        },
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    now = columns(warehouse)
    assert now["fct_page_views_v1"] == set(before["fct_page_views"])
    assert now["fct_page_views"] == before["fct_page_views"] - {"seconds_until_next"} | {
        "seconds_on_page"
    }
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        same = connection.execute(
            "select count(*) from marts.fct_page_views as new_version "
            "inner join marts.fct_page_views_v1 as old_version using (event_key) "
            "where new_version.seconds_on_page is not distinct from old_version.seconds_until_next"
        ).fetchone()
        everything = connection.execute("select count(*) from marts.fct_page_views").fetchone()
    assert same == everything != (0,)


def columns(warehouse: Path) -> dict[str, set[str]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where schema_name = 'marts' group by all"
        ).fetchall()
    return {table: set(names) for table, names in rows}
