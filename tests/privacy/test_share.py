"""Every role, on every column of every public table: it sees what its policy says, and no more."""

from __future__ import annotations

import csv
import datetime
import hashlib
import hmac
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from ingestion import keys, settings
from ingestion.sql import quoted
from scripts.cli import app
from scripts.share import files, treatments
from scripts.share.treatments import PolicyError, Shown, policies, selected

ROLES = sorted(policies())
PUBLIC = ("marts", "governance", "activation")
Canaries = dict[tuple[str, str, str], tuple[str, Any]]


def value_of(number: int, data_type: str) -> Any:
    """A value that occurs nowhere else, of a column's type."""
    if data_type in ("date", "timestamp"):
        return datetime.datetime(1950, 1, 1) + datetime.timedelta(days=number, seconds=number)
    if data_type == "boolean":
        return True
    if data_type == "json":
        return f'{{"told": "Canary{number:05}Zq"}}'
    if data_type == "varchar":
        return f"Canary{number:05}Zq"
    return 1_000_000 + 1_111 * number


@pytest.fixture(scope="session")
def published(
    manifest: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Canaries]:
    """A readers' copy with every public table of the project, a canary in each column."""
    classes = settings.PROJECT / "dbt_project" / "seeds" / "governance" / "column_classes.csv"
    with classes.open(newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["table_schema"] in PUBLIC]
    types = {
        (node["schema"], node["alias"], name): re.sub(r"\(.*", "", column["data_type"] or "varchar")
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for name, column in node["columns"].items()
    }
    file = tmp_path_factory.mktemp("published") / "warehouse_marts.duckdb"
    tables: dict[tuple[str, str], list[tuple[str, str, Any]]] = {}
    canaries: Canaries = {}
    for number, row in enumerate(rows):
        place = (row["table_schema"], row["table_name"], row["column_name"])
        data_type = types[place]
        value = value_of(number, data_type)
        canaries[place] = (row["pii"], value)
        tables.setdefault(place[:2], []).append((place[2], data_type, value))
    with duckdb.connect(str(file)) as connection:
        for schema in PUBLIC:
            connection.execute(f"create schema {schema}")
        for (schema, table), columns in tables.items():
            if table != "pii_inventory":
                named = ", ".join(f"{quoted(name)} {kind}" for name, kind, _ in columns)
                connection.execute(f"create table {schema}.{table} ({named})")
                marks = ", ".join("?" * len(columns))
                connection.execute(
                    f"insert into {schema}.{table} values ({marks})", [v for _, _, v in columns]
                )
        connection.execute(
            "create table governance.pii_inventory as "
            f"select * from read_csv('{classes}', all_varchar = true)"
        )
    return file, {place: each for place, each in canaries.items() if place[1] != "pii_inventory"}


@pytest.fixture
def shared(published: tuple[Path, Canaries]) -> Canaries:
    """The readers' copy in the place of this test, and what is in it."""
    file, canaries = published
    settings.published().symlink_to(file)
    return canaries


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_what_its_policy_says_of_each_column(role: str, shared: Canaries) -> None:
    file = files.build(role)
    policy = policies()[role]
    with files.opened(role) as connection:
        present = {
            (schema, table, column): (
                kind,
                connection.execute(
                    f"select {quoted(column)} from {schema}.{quoted(table)}"
                ).fetchall(),
            )
            for schema, table, column, kind in connection.execute(
                "select schema_name, table_name, column_name, data_type from duckdb_columns() "
                "where not internal and table_name <> 'pii_inventory'"
            ).fetchall()
        }
    content = file.read_bytes()
    assert shared
    for place, (pii, value) in shared.items():
        treatment = "plain" if pii == "none" else policy.get(pii, "dropped")
        if treatment == "dropped":
            assert place not in present, place
        elif treatment == "plain":
            ((seen,),) = present[place][1]
            assert str(seen).startswith(str(value)[:10]), place
        elif place in present:
            ((seen,),) = present[place][1]
            if treatment == "pseudonym":
                assert re.fullmatch("[0-9a-f]{32}", seen), place
            elif treatment == "masked":
                assert seen == "C***", place
            elif isinstance(value, datetime.datetime):
                assert (seen.year, seen.month, seen.day) == (value.year, value.month, 1), place
            elif isinstance(value, str):
                assert len(seen) <= 2 or place[2] in treatments.kept_characters(), place
            elif value is not True:
                assert seen != value and re.fullmatch(r"\d0+(\.0+)?", str(seen)), place
        if treatment != "plain" and isinstance(value, str):
            kept = treatment == "generalised" and place[2] in treatments.kept_characters()
            (told,) = re.findall(r"Canary\d+Zq", value)
            assert kept or told.encode() not in content, place


def test_the_matrix_has_every_class_and_treatment(shared: Canaries) -> None:
    """Otherwise the test above could pass with nothing to look at."""
    assert {pii for pii, _ in shared.values()} == {
        "none", "behavioural", "financial", "location", "direct_identifier", "contact", "special",
    }  # fmt: skip
    told = {treatment for policy in policies().values() for treatment in policy.values()}
    assert told == set(treatments.TREATMENTS)


def test_pseudonyms_join_and_cannot_be_made_without_the_key(shared: Canaries) -> None:
    files.build("analyst")
    _, customer = shared["marts", "dim_customers", "customer_id"]
    with files.opened("analyst") as connection:
        ((seen,),) = connection.execute("select customer_id from marts.dim_customers").fetchall()
    salted = f"direct_identifier:{customer}".encode()
    assert seen != hashlib.sha256(salted).hexdigest()[:32]
    assert seen == hmac.new(keys.hashing_key(), salted, hashlib.sha256).hexdigest()[:32]
    first = keys.key_file().read_text()
    keys.key_file().write_text("another key, which is long enough to be one\n")
    files.build("analyst")
    with files.opened("analyst") as connection:
        ((now,),) = connection.execute("select customer_id from marts.dim_customers").fetchall()
    assert now != seen
    assert first not in now


def test_the_same_value_has_the_same_pseudonym_in_every_table() -> None:
    columns = [Shown("customer_id", "VARCHAR", "direct_identifier")]
    (expression,) = selected(columns, {"direct_identifier": "pseudonym"}, {})
    with duckdb.connect() as connection:
        keys.install(connection)
        rows = connection.execute(
            f"select {expression} from (values ('a'), ('a'), ('b'), (null)) as t(customer_id)"
        ).fetchall()
    assert rows[0] == rows[1] != rows[2]
    assert rows[3] == (None,)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1234", 1000), ("0", 0), ("-1834", -2000), ("9.99", 10), ("0.034", 0.03), ("null", None)],
)
def test_numbers_keep_their_first_digit(value: str, expected: float | None) -> None:
    columns = [Shown("amount", "DECIMAL(18,4)", "financial")]
    (expression,) = selected(columns, {"financial": "generalised"}, {})
    with duckdb.connect() as connection:
        ((seen,),) = connection.execute(
            f"select {expression} from (select {value}::decimal(18, 4) as amount)"
        ).fetchall()
    assert (None if seen is None else float(seen)) == expected


def test_a_column_nobody_has_classed_is_dropped(shared: Canaries) -> None:
    copy = settings.published().read_bytes()
    settings.published().unlink()
    settings.published().write_bytes(copy)
    with duckdb.connect(str(settings.published())) as connection:
        connection.execute("alter table marts.dim_customers add column shoe_size varchar")
    files.build("marketing")
    with files.opened("marketing") as connection, pytest.raises(duckdb.BinderException):
        connection.execute("select shoe_size from marts.dim_customers")


def test_a_file_is_its_owners_alone(shared: Canaries) -> None:
    os.umask(0o022)
    file = files.build("support")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(keys.key_file().stat().st_mode) == 0o600
    lock = file.with_name(file.name + ".lock")
    assert set(file.parent.iterdir()) == {file, lock}
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600


@pytest.fixture
def session(shared: Canaries) -> Iterator[duckdb.DuckDBPyConnection]:
    files.build("support")
    with files.opened("support") as connection:
        yield connection


@pytest.mark.parametrize(
    "attempt",
    [
        "create table marts.mine (a integer)",
        "delete from marts.dim_customers",
        "attach 'other.duckdb'",
        "attach ':memory:' as other",
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('pyproject.toml')",
        "copy marts.dim_customers to 'out.csv'",
        "export database 'out'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "set memory_limit = '1GB'",
    ],
)
def test_a_session_can_read_its_file_and_nothing_else(
    attempt: str, session: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(duckdb.Error):
        session.execute(attempt).fetchall()
    assert session.execute("select count(*) from marts.dim_customers").fetchall() == [(1,)]


def test_a_reader_goes_on_while_the_file_is_replaced(shared: Canaries) -> None:
    files.build("finance")
    with files.opened("finance") as reader:
        before = reader.execute("select * from marts.fct_orders").fetchall()
        files.build("finance")
        assert reader.execute("select * from marts.fct_orders").fetchall() == before


def test_a_file_is_made_while_the_warehouse_is_written(shared: Canaries) -> None:
    holder = (
        "import duckdb, os, sys\n"
        "connection = duckdb.connect(os.environ['CDI_WAREHOUSE'])\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout and writer.stdout.readline() == b"open\n"
        assert files.build("analyst").exists()
        writer.communicate()


def test_a_file_is_made_of_the_copy_that_is_there_when_it_is_done(
    shared: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who is erased while it is made would be in it otherwise."""
    published = settings.published()
    copy = published.with_name("meanwhile.duckdb")
    shutil.copy(published, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("delete from marts.fct_orders")
    selected = files.selected

    def while_erasing(*given: Any) -> list[str]:
        if copy.exists():
            copy.replace(published)
        return selected(*given)

    monkeypatch.setattr(files, "selected", while_erasing)
    files.build("finance")
    with files.opened("finance") as session:
        assert session.execute("select count(*) from marts.fct_orders").fetchall() == [(0,)]


def test_two_who_make_a_file_take_turns(shared: Canaries) -> None:
    with ThreadPoolExecutor() as threads:
        made = list(threads.map(files.build, ["finance"] * 4))
    assert set(made) == {files.share_file("finance")}
    with files.opened("finance") as session:
        assert session.execute("select count(*) from marts.fct_orders").fetchall() == [(1,)]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["share", *arguments])
    return result.exit_code, result.output


def test_the_command_writes_and_opens(shared: Canaries) -> None:
    code, told = run("build")
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()] == list(policies())
    code, told = run(
        "open", "analyst", "--sql", "select count(*) as customers from marts.dim_customers"
    )
    assert (code, told.split()) == (0, ["customers", "1"])
    code, told = run("open", "analyst", "--sql", "select repeat('[x]', 90) as a, null as b, 2 as c")
    assert (code, told.split()[:3]) == (0, ["row", "1", "a"])
    assert told.count("[x]") >= 88 and told.split()[-2:] == ["c", "2"]
    code, told = run("open", "analyst", "--sql", "select email from nowhere")
    assert (code, "nowhere" in told) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("build", "intern"), "there is no role intern"),
        (("open", "intern"), "there is no role intern"),
        (("open", "analyst"), "cdi share build analyst"),
        (("build", "analyst"), "cdi build"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(arguments: tuple[str, ...], told: str) -> None:
    code, output = run(*arguments)
    assert (code, told in output) == (1, True), output


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("analyst,contact,hidden", "`hidden` is none of"),
        ("analyst,secret,plain", "`secret` is no class"),
        ("analyst,none,masked", "`none` is no class"),
        ("../analyst,contact,plain", "no name for a role"),
        ("analyst,contact,plain\nanalyst,contact,masked", "has a row for contact already"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(
    row: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(csv.DictReader(f"role,pii,treatment\n{row}".splitlines()))
    monkeypatch.setattr(
        treatments,
        "seed_rows",
        lambda name: rows if name == "access_policies" else [{"pii": "contact"}],
    )
    with pytest.raises(PolicyError, match=re.escape(told)):
        policies()


def test_a_key_that_is_too_short_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDI_HASHING_KEY", "hunter2")
    with pytest.raises(keys.UnusableKeyError) as refused:
        keys.hashing_key()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("key", ["k" * 32, "k" * 64, "é" * 40, "k" * 200])
def test_sql_hashes_as_python_does(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDI_HASHING_KEY", key)
    with duckdb.connect() as connection:
        keys.install(connection)
        for text in ("", "a", "Ünïcode ' \\x00", "long " * 100):
            (found,) = connection.execute("select keyed_hash(?)", [text]).fetchone() or ()
            assert found == keys.keyed_hash(text)
