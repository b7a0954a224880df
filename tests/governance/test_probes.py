"""Each probe: it passes, what it looks at is broken, it fails, and passes again once mended."""

from __future__ import annotations

import base64
import datetime
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from ingestion import keys, privacy, settings, storage
from ingestion.pipeline import working_folder
from scripts import cli
from scripts.governance import drill as drilling
from scripts.governance.drill import drill
from scripts.governance.probes import DRILL, PROBES, Finding, Probe, probe, probes, security
from scripts.governance.probes import secrets as secrecy
from scripts.pii.command import declared_classes
from scripts.privacy import erase
from scripts.privacy.finder import Finder
from scripts.publish import publish
from scripts.share import files as shares
from scripts.site import write_pages

ANN, BO = "ann.lee@lee-family.test", "bo@ek-family.test"
PHONE = "+442079460123"
Look = Callable[..., list[Finding]]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout with the project's seeds, and dbt's folders beside it; all of it private."""
    held = os.umask(0o077)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "dbt_project").symlink_to(settings.PROJECT / "dbt_project")
    subprocess.run(["git", "init", "--quiet", folder], check=True, timeout=30)
    monkeypatch.setattr(settings, "PROJECT", folder)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    (tmp_path / "target").mkdir()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "dbt.log").write_text("all is well\n")
    yield folder
    os.umask(held)


@pytest.fixture
def warehouse() -> Path:
    """Two customers, as far as the public model tells of them, and what they came from."""
    with writing() as connection:
        connection.execute(
            """
            create schema raw_hubspot; create schema marts; create schema governance;
            create table raw_hubspot.contacts as select 'secret' as properties;
            create table marts.dim_customers
                (customer_id varchar, full_name varchar, email varchar, phone varchar,
                 gender varchar);
            create table governance.pii_inventory
                (table_schema varchar, table_name varchar, column_name varchar, pii varchar);
            """
        )
        connection.executemany(
            "insert into marts.dim_customers values (?, ?, ?, ?, ?)",
            [["cus_1", "Ann Lee", ANN, PHONE, "female"], ["cus_2", "Bo Ek", BO, None, None]],
        )
        connection.executemany(
            "insert into governance.pii_inventory values (?, ?, ?, ?)",
            [
                [*place, pii]
                for place, pii in declared_classes().items()
                if place[:2] in {("marts", "dim_customers"), ("governance", "pii_inventory")}
            ],
        )
    return settings.warehouse()


@pytest.fixture
def shared(warehouse: Path) -> None:
    """The readers' copy, and the files of a few roles."""
    publish()
    for role in ("analyst", "finance", "agency"):
        shares.build(role)


@pytest.fixture
def look(warehouse: Path) -> Look:
    """Runs one probe on the warehouse while it is open."""

    def run(name: str, subject: str = "") -> list[Finding]:
        with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
            found = list(PROBES[name](probes()[name], connection))
        assert found and {each.check_name for each in found} == {name}
        return [each for each in found if subject in each.subject]

    return run


def writing(file: Path | None = None) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(file or settings.warehouse()))


def change(file: Path, sql: str) -> None:
    with writing(file) as connection:
        connection.execute(sql)


def statuses(findings: list[Finding]) -> set[str]:
    return {each.status for each in findings}


def failed(findings: list[Finding]) -> Finding:
    """The one finding that failed."""
    (found,) = [each for each in findings if each.status == "fail"]
    assert found.failures > 0
    return found


def built(ended_at: datetime.datetime, *results: str, **arguments: Any) -> None:
    """Writes what dbt would of a build."""
    told = {
        "metadata": {"generated_at": ended_at.isoformat().replace("+00:00", "Z")},
        "args": {"which": "build", "select": [], "empty": False} | arguments,
        "results": [{"status": status} for status in results or ("success", "pass")],
    }
    (settings.dbt_target() / "run_results.json").write_text(json.dumps(told))


def test_every_probe_of_the_seed_is_a_function() -> None:
    assert set(probes()) == {*PROBES, DRILL}


def test_every_probe_tells_something(look: Look, shared: None) -> None:
    with duckdb.connect(str(settings.warehouse()), read_only=True) as connection:
        found = probe(connection)
    assert {each.check_name for each in found} == set(PROBES)
    (networked,) = [each for each in found if each.check_name == "dependency_advisories"]
    assert networked.status == "not run"
    told = " ".join(each.detail + each.subject for each in found)
    assert str(settings.PROJECT.parent) not in told
    assert not any(personal in told for personal in (ANN, BO, PHONE))


def test_a_probe_that_breaks_has_failed_and_stops_no_other(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(probe: Probe, connection: duckdb.DuckDBPyConnection) -> list[Finding]:
        raise LookupError(ANN)

    monkeypatch.setitem(PROBES, "shares_open", broken)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = probe(connection)
    assert {each.check_name for each in found} == set(PROBES)
    (one,) = [each for each in found if each.check_name == "shares_open"]
    assert (one.status, one.failures, "LookupError" in one.detail) == ("fail", 1, True)
    assert ANN not in one.detail


@pytest.mark.parametrize(
    ("is_required", "failures", "observed", "status"),
    [
        (True, 0, 90, "pass"),
        (True, 0, 90.1, "fail"),
        (True, 1, None, "fail"),
        (False, 1, None, "warn"),
        (False, 0, None, "pass"),
    ],
)
def test_the_seed_says_what_fails(
    is_required: bool, failures: int, observed: float | None, status: str
) -> None:
    found = Probe("any", is_required, 90, "days").found("it", failures, "seen", observed=observed)
    assert (found.status, found.threshold) == (status, "at most 90 days")


# Availability


def test_readers_copy(look: Look, shared: None) -> None:
    copy = settings.published()
    assert statuses(look("readers_copy_opens")) == {"pass"}
    change(copy, "drop table marts.dim_customers")
    assert "marts" in failed(look("readers_copy_opens")).detail
    publish()
    assert statuses(look("readers_copy_opens")) == {"pass"}
    copy.write_bytes(b"no database" * 1000)
    assert "cannot be read" in failed(look("readers_copy_opens")).detail
    copy.unlink()
    assert "cdi build" in failed(look("readers_copy_opens")).detail
    publish()
    assert statuses(look("readers_copy_opens")) == {"pass"}


def test_readers_copy_is_of_the_last_good_build(look: Look, shared: None) -> None:
    now = datetime.datetime.now(datetime.UTC)
    built(now - datetime.timedelta(minutes=1))
    assert statuses(look("readers_copy_opens")) == {"pass"}
    built(now + datetime.timedelta(minutes=1))
    assert "older than the last good build" in failed(look("readers_copy_opens")).detail
    # Neither was to be published.
    built(now + datetime.timedelta(minutes=1), "pass", "fail")
    assert statuses(look("readers_copy_opens")) == {"pass"}
    built(now + datetime.timedelta(minutes=1), select=["dim_customers"])
    assert statuses(look("readers_copy_opens")) == {"pass"}
    built(now + datetime.timedelta(days=8), "pass", "error")
    found = failed(look("readers_copy_opens"))
    assert (round(found.observed or 0), found.threshold) == (
        8,
        "at most 7 days behind the last build",
    )
    built(now + datetime.timedelta(days=8), which="run")
    assert statuses(look("readers_copy_opens")) == {"pass"}


def test_shares(look: Look, warehouse: Path) -> None:
    assert statuses(look("shares_open")) == {"not run"}
    publish()
    for role in ("analyst", "finance"):
        shares.build(role)
    assert [each.status for each in look("shares_open")] == ["pass", "pass"]
    shares.share_file("finance").write_bytes(b"no database" * 1000)
    assert "cdi share build finance" in failed(look("shares_open")).detail
    shares.build("finance")
    assert statuses(look("shares_open")) == {"pass"}


def drilled(run: str, ago: float, *results: str) -> None:
    at = datetime.datetime.now(datetime.UTC).replace(tzinfo=None) - datetime.timedelta(days=ago)
    with writing() as connection:
        connection.execute(
            "create table if not exists governance.checks "
            "(run_id varchar, check_name varchar, status varchar, checked_at timestamp)"
        )
        for number, status in enumerate(results):
            connection.execute(
                "insert into governance.checks values (?, ?, ?, ?)",
                [run, DRILL, status, at + datetime.timedelta(seconds=number)],
            )


def test_last_drill(look: Look) -> None:
    assert "never drilled" in failed(look("restore_drill")).detail
    drilled("none", 0)
    assert "never drilled" in failed(look("restore_drill")).detail
    drilled("a", 91, "pass", "pass")
    assert failed(look("restore_drill")).observed == pytest.approx(91, abs=0.01)
    drilled("b", 5, "pass", "pass")
    assert statuses(look("restore_drill")) == {"pass"}
    drilled("c", 4, "fail", "pass")
    assert "cdi governance drill" in failed(look("restore_drill")).detail
    drilled("d", 3, "pass")
    assert statuses(look("restore_drill")) == {"pass"}


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The copies that drills have made."""
    made: list[Path] = []
    copy = shutil.copyfile

    def copyfile(source: Path, to: Path) -> None:
        made.append(Path(copy(source, to)))

    monkeypatch.setattr(drilling.shutil, "copyfile", copyfile)
    return made


def test_drill_leaves_nothing_behind(shared: None, copied: list[Path]) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in settings.warehouse().parent.iterdir()}
    # What a drill that was killed has left.
    storage.scratch_folder("drill").mkdir()
    (storage.scratch_folder("drill") / "left").write_text(ANN)
    found = drill()
    assert [(each.check_name, each.status) for each in found] == [(DRILL, "pass")] * 2
    assert [each.subject for each in found] == ["warehouse.duckdb", "warehouse_marts.duckdb"]
    assert found[0].detail.startswith("3 tables with ") and found[1].detail.startswith("2 tables")
    assert [file.parent for file in copied] == [storage.scratch_folder("drill")]
    after = {file.name: file.stat().st_mtime_ns for file in settings.warehouse().parent.iterdir()}
    assert after.pop("warehouse.duckdb.lock") and after == before


def test_drill_works_out_of_sight_and_holds_the_warehouse(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(source: Path, to: Path) -> None:
        assert stat.S_IMODE(to.parent.stat().st_mode) == 0o700
        assert "cdi governance drill" in warehouse.with_name("warehouse.duckdb.lock").read_text()
        raise KeyboardInterrupt

    os.umask(0o022)
    monkeypatch.setattr(drilling.shutil, "copyfile", looked)
    with pytest.raises(KeyboardInterrupt):
        drill()
    assert not storage.scratch_folder("drill").exists()


@pytest.mark.parametrize(
    ("damage", "subjects"),
    [
        ("update marts.dim_customers set phone = null", {"warehouse", "warehouse_marts"}),
        ("update raw_hubspot.contacts set properties = 'Secret'", {"warehouse"}),
        ("insert into raw_hubspot.contacts values ('secret')", {"warehouse"}),
        ("drop table governance.pii_inventory", {"warehouse", "warehouse_marts"}),
    ],
)
def test_drill_tells_what_is_not_the_same(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, damage: str, subjects: set[str]
) -> None:
    copy = shutil.copyfile

    def damaging(source: Path, to: Path) -> None:
        copy(source, to)
        change(to, damage)

    monkeypatch.setattr(drilling.shutil, "copyfile", damaging)
    found = [each for each in drill() if each.status == "fail"]
    assert {each.subject for each in found} == {f"{subject}.duckdb" for subject in subjects}
    assert all("not the same: " in each.detail and each.failures == 1 for each in found)
    monkeypatch.undo()


def test_drill_of_a_copy_that_does_not_open(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        drilling.shutil, "copyfile", lambda _, to: to.write_bytes(b"no database" * 1000)
    )
    (found,) = drill()
    assert found.status == "fail" and str(warehouse.parent) not in found.detail
    assert not storage.scratch_folder("drill").exists()


def test_drill_counts_rows_whatever_their_order(warehouse: Path) -> None:
    table = "marts.dim_customers"
    before = drilling._contents(warehouse)
    change(warehouse, f"create or replace table {table} as from {table} order by all desc")
    assert drilling._contents(warehouse) == before
    change(warehouse, f"insert into {table} from {table}; insert into {table} from {table} limit 2")
    changed = drilling._contents(warehouse)
    assert {name for name in before if changed[name] != before[name]} == {table}
    # Rows that are there twice do not cancel each other out.
    contents = []
    for value in ("a", "b"):
        change(warehouse, f"create or replace table marts.twice as select '{value}' from range(2)")
        contents.append(drilling._contents(warehouse)["marts.twice"])
    assert contents[0] != contents[1]


def test_what_a_killed_drill_has_left_is_erased(warehouse: Path) -> None:
    privacy.declare()
    storage.scratch_folder("drill").mkdir()
    (storage.scratch_folder("drill") / "warehouse.duckdb").write_text(ANN)
    erase._forget_copies([], Finder([ANN]), [])
    assert not storage.scratch_folder("drill").exists()


# Usability


def write_site(public: dict[str, dict[str, str]]) -> None:
    """The site of these tables with their columns and descriptions, and the manifest it is of."""
    nodes = {}
    for name, columns in public.items():
        schema, table = name.split(".")
        nodes[f"model.cdi.{table}"] = {
            "unique_id": f"model.cdi.{table}",
            "resource_type": "model",
            "schema": schema,
            "name": table,
            "alias": table,
            "access": "public",
            "version": None,
            "latest_version": None,
            "fqn": ["cdi", "marts", table],
            "config": {"meta": {"owner": "data"}, "materialized": "table"},
            "description": f'One row per "thing" of {table} & more.',
            "columns": {
                column: {
                    "name": column,
                    "description": told,
                    "data_type": "varchar",
                    "config": {"meta": {}},
                    "constraints": [],
                }
                for column, told in columns.items()
            },
        }
    manifest = {"nodes": nodes, "sources": {}}
    folder = settings.dbt_target() / "site"
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (settings.dbt_target() / "manifest.json").write_text(json.dumps(manifest))
    (folder / "catalog.json").write_text(json.dumps({"nodes": {}, "sources": {}}))
    text = json.dumps(manifest)
    (folder / "index.html").write_text(f"<script>var n={{manifest:{text},catalog:{{}}}}</script>")
    write_pages(folder)


def described() -> dict[str, dict[str, str]]:
    return {
        "marts.dim_customers": {
            name: f"What {name} is."
            for name in ("customer_id", "full_name", "email", "phone", "gender")
        },
        "governance.pii_inventory": {
            name: f"What {name} is."
            for name in ("table_schema", "table_name", "column_name", "pii")
        },
    }


@pytest.fixture
def tracked_plan(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site tells the tracking plan, too; that of the project is not in this checkout."""
    real = Path(cli.__file__).parent.parent / "ingestion" / "tracking_plan.yml"
    monkeypatch.setenv("CDI_TRACKING_PLAN", str(real))


def test_catalog(look: Look, tracked_plan: None) -> None:
    assert statuses(look("catalog_searchable")) == {"not run"}
    write_site(described())
    assert [each.status for each in look("catalog_searchable")] == ["pass", "pass"]
    change(settings.warehouse(), "create table marts.fct_orders as select 1 as order_key")
    found = look("catalog_searchable")
    assert [(each.status, each.failures) for each in found] == [("fail", 2), ("fail", 2)]
    assert all("marts.fct_orders" in each.detail for each in found)
    write_site(described() | {"marts.fct_orders": {"order_key": "Key."}})
    assert statuses(look("catalog_searchable")) == {"pass"}


def test_catalog_describes_everything_as_it_is_now(look: Look, tracked_plan: None) -> None:
    undescribed = described()
    undescribed["marts.dim_customers"]["email"] = ""
    write_site(undescribed)
    assert (
        "does not describe marts.dim_customers.email" in failed(look("catalog_searchable")).detail
    )
    write_site(described())
    assert statuses(look("catalog_searchable")) == {"pass"}
    manifest = settings.dbt_target() / "manifest.json"
    manifest.write_text(manifest.read_text().replace("What email is.", "Where to write to."))
    assert "otherwise" in failed(look("catalog_searchable")).detail
    write_site(described())
    built(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=31))
    assert "cdi docs" in failed(look("catalog_searchable")).detail
    built(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=29))
    assert statuses(look("catalog_searchable")) == {"pass"}


def test_catalog_finds_what_it_tells_of(look: Look, tracked_plan: None) -> None:
    write_site(described())
    dictionary = settings.dbt_target() / "site" / "dictionary.html"
    whole = dictionary.read_text()
    dictionary.write_text(whole.replace('data-words="email ', 'data-words="e-mail '))
    found = failed(look("catalog_searchable"))
    assert found.subject.endswith("dictionary.html")
    assert "does not find marts.dim_customers.email" in found.detail
    dictionary.write_text(whole)
    page = dictionary.with_name("index.html")
    page.write_text("<html></html>")
    assert "no manifest" in failed(look("catalog_searchable")).detail


# Security


def test_everything_cdi_writes_is_its_owners_alone(tmp_path: Path) -> None:
    os.umask(0o022)
    arguments = ["sandbox", "generate", "--customers", "1", "--folder", str(tmp_path / "new")]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    written = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert written
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_private_files(look: Look, shared: None, project: Path, tmp_path: Path) -> None:
    assert statuses(look("files_are_private")) == {"pass"}
    written = [
        settings.warehouse(),
        settings.published(),
        keys.key_file(),
        shares.share_file("analyst"),
        settings.dbt_logs() / "dbt.log",
        settings.dbt_target() / "run" / "model.sql",
        settings.receipts() / "a.json",
        settings.incidents() / "INC-1" / "people.csv",
        settings.warehouse().with_name("warehouse.duckdb.wal"),
        project / ".dlt" / "secrets.toml",
    ]
    for file in written:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_text("it")
    assert statuses(look("files_are_private")) == {"pass"}
    for folder in {
        parent for file in written for parent in file.parents if tmp_path in parent.parents
    }:
        folder.chmod(0o755)
    assert statuses(look("files_are_private")) == {"pass"}
    for file in written:
        for mode in (0o604, 0o640, 0o620):
            file.chmod(mode)
            found = failed(look("files_are_private"))
            assert (found.failures, file.name in found.detail) == (1, True), found
            assert "chmod -R go= " in found.detail
        file.chmod(0o600)
    assert statuses(look("files_are_private")) == {"pass"}


def test_a_closed_folder_keeps_what_is_in_it(look: Look) -> None:
    log = settings.dbt_logs() / "dbt.log"
    log.chmod(0o644)
    settings.dbt_logs().chmod(0o755)
    assert failed(look("files_are_private")).subject == "logs"
    settings.dbt_logs().chmod(0o700)
    assert statuses(look("files_are_private")) == {"pass"}


def test_modes_say_nothing_on_windows(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(security.sys, "platform", "win32")
        found = look("files_are_private")
    assert statuses(found) == {"not run"}


def encrypt(file: Path) -> None:
    """Writes a database anew, encrypted."""
    with duckdb.connect() as connection:
        # The engine's own cryptography, which it does not hold to be good enough for real data.
        connection.execute("set force_mbedtls_unsafe = 'true'")
        connection.execute(f"attach '{file}' as old (read_only)")
        connection.execute(f"attach '{file}.new' as new (encryption_key 'a key for tests alone')")
        connection.execute("copy from database old to new")
        connection.execute("detach new; detach old")
    file.with_name(file.name + ".new").replace(file)


def test_encrypted_files(look: Look, shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = look("files_are_encrypted")
    assert statuses(found) == {"warn"} and len(found) == 5
    encrypt(settings.published())
    assert [each.status for each in look("files_are_encrypted", "_marts")] == ["pass"]
    monkeypatch.setenv("CDI_ENCRYPTION_KEY", "a key for tests alone")
    found = look("files_are_encrypted")
    assert [each.status for each in found] == ["fail", "pass", "fail", "fail", "fail"]
    for role in ("analyst", "finance", "agency"):
        encrypt(shares.share_file(role))
    assert failed(look("files_are_encrypted")).subject == "warehouse.duckdb"
    with duckdb.connect() as connection:
        encrypt(settings.warehouse())
        found = list(PROBES["files_are_encrypted"](probes()["files_are_encrypted"], connection))
    assert statuses(found) == {"pass"}


def test_looking_gives_up_no_lock(look: Look, warehouse: Path) -> None:
    with writing() as connection:
        for run in PROBES.values():
            list(run(probes()["files_are_encrypted"], connection))
        code = f"import duckdb; duckdb.connect({str(warehouse)!r})"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
    assert "lock" in done.stderr


SECRET = "Zq7-hunter2/of+the=Company"


def places(project: Path) -> dict[str, Path]:
    """A file in each place where no secret is to be."""
    return {
        "dbt target": settings.dbt_target() / "compiled" / "model.sql",
        "dbt logs": settings.dbt_logs() / "dbt.log.1",
        "receipts": settings.receipts() / "a.json",
        "incidents": settings.incidents() / "INC-1" / "report.md",
        "load under way": working_folder() / "normalize" / "rows.jsonl",
        "repository": project / "kept.py",
    }


@pytest.mark.parametrize("place", [
    "dbt target", "dbt logs", "receipts", "incidents", "load under way", "repository",
])  # fmt: skip
def test_secrets_where_they_do_not_belong(
    look: Look, project: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__HUBSPOT__ACCESS_TOKEN", SECRET)
    file = places(project)[place]
    file.parent.mkdir(parents=True, exist_ok=True)
    token = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    planted = {
        "nothing": None,
        f"token = {SECRET}": "SOURCES__HUBSPOT__ACCESS_TOKEN",
        f"Basic {base64.b64encode(b'user:' + SECRET.encode()).decode()}": "ACCESS_TOKEN",
        f"key: {token}": "Stripe key",
    }
    for text, kind in planted.items():
        file.write_text(f"before\n{text}\nafter")
        subprocess.run(["git", "-C", project, "add", "--all"], check=True, timeout=30)
        found = look("secrets_absent", place)
        if kind is None:
            assert statuses(found) == {"pass"}
            continue
        one = failed(found)
        assert file.name in one.detail and kind in one.detail, one.detail
        assert "hunter2" not in one.detail and token not in one.detail
    file.unlink()
    assert "fail" not in statuses(look("secrets_absent"))


@pytest.mark.parametrize(
    ("variable", "value", "written"),
    [
        ("CDI_ENCRYPTION_KEY", SECRET, SECRET),
        ("CDI_HASHING_KEY", SECRET * 2, SECRET * 2),
        ("SOURCES__STRIPE__API_KEY", SECRET, SECRET),
        ("SOURCES__APP_DATABASE__CREDENTIALS", "postgresql://me:p%40ssw0rdX@db/x", "p@ssw0rdX"),
        ("SOURCES__APP_DATABASE__CREDENTIALS__PASSWORD", SECRET, SECRET),
        ("SOURCES__SEGMENT_EVENTS__BUCKET_URL", "https://b/x?se=2030&sig=abcDEF123", "abcDEF123"),
    ],
)
def test_secrets_of_the_environment(
    look: Look, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, written: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert "fail" not in statuses(look("secrets_absent"))
    (settings.dbt_logs() / "dbt.log").write_text(f"opened with {written}")
    found = failed(look("secrets_absent"))
    assert variable in found.detail and written not in found.detail


def test_secrets_of_files(look: Look, project: Path) -> None:
    (project / ".dlt").mkdir()
    toml = '[sources.zendesk]\nbase_url = "https://shop.example"\napi_token = "Zq7-of-the-shop"\n'
    (project / ".dlt" / "secrets.toml").write_text(toml)
    key = keys.hashing_key().decode()
    log = settings.dbt_logs() / "dbt.log"
    log.write_text("asked https://shop.example")
    assert "fail" not in statuses(look("secrets_absent"))
    log.write_text("sent Zq7-of-the-shop")
    assert "sources.zendesk.api_token" in failed(look("secrets_absent")).detail
    log.write_text(f"hashed with {key}")
    found = failed(look("secrets_absent"))
    assert "warehouse.hashing_key" in found.detail and key not in found.detail
    log.write_text("all is well")
    # Kept by git, the file itself is where it does not belong.
    subprocess.run(["git", "-C", project, "add", "--all"], check=True, timeout=30)
    assert "secrets.toml" in failed(look("secrets_absent")).detail


def test_what_is_no_secret(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendors = project / "scripts" / "sandbox" / "vendors"
    vendors.mkdir(parents=True)
    (vendors / "stripe.py").write_text('API_KEY = "sk_test_sandbox_company"\n')
    monkeypatch.setenv("SOURCES__STRIPE__API_KEY", "sk_test_sandbox_company")
    monkeypatch.setenv("SOURCES__STRIPE__BASE_URL", "http://127.0.0.1:1/stripe")
    monkeypatch.setenv("SOURCES__ZENDESK__EMAIL", "me@shop.example")
    monkeypatch.setenv("CDI_FILES", "/somewhere/files.yml")
    assert secrecy.secrets() == {}


TOKENS = {
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "Stripe key": "rk_live_" + "a1B2" * 5,
    "HubSpot token": "pat-na1-" + "1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f",
    "Shopify token": "shpat_" + "0123456789abcdef" * 2,
    "Klaviyo key": "pk_" + "0123456789abcdef" * 2 + "01",
    "AWS access key": "AKIA" + "IOSFODNN7EXAMPLE",
    "Slack token": "xoxb-" + "1234567890-abcdef",
    "GitHub token": "ghp_" + "a1B2c3" * 6,
    "Google key": "AIza" + "a1B2c3D" * 5,
}


def test_tokens_of_well_known_kinds() -> None:
    tokens_in = secrecy.tokens_in
    assert set(secrecy.TOKENS) == set(TOKENS)
    for kind, token in TOKENS.items():
        assert tokens_in(token.encode()) == {kind}
        assert tokens_in(f"x = '{token}'\n".encode()) == {kind}
        assert tokens_in(json.dumps(f"{kind} of the log\n{token}").encode()) == {kind}
        assert tokens_in(token.encode()[:12]) == set()
    assert tokens_in(b"pat-na1-sandbox sk_live_ pk_sandbox_klaviyo_key shpat_sandbox") == set()


def test_roles_have_what_they_may(look: Look, shared: None) -> None:
    assert statuses(look("pii_only_where_allowed")) == {"pass"}
    plants = {
        "analyst": (
            f"update marts.dim_customers set email = '{ANN}'",
            "alter table marts.dim_customers add column gender varchar",
            "alter table marts.dim_customers add column unclassed varchar",
            "create table marts.other as select 'x' as anything",
        ),
        "finance": (
            f"update marts.dim_customers set phone = '{PHONE}'",
            "update marts.dim_customers set email = 'an***'",
        ),
        "agency": (f"alter table marts.dim_customers add column email varchar default '{ANN}'",),
    }
    for role, damages in plants.items():
        for damage in damages:
            change(shares.share_file(role), damage)
            found = failed(look("pii_only_where_allowed"))
            assert (found.subject, found.failures) == (f"warehouse_{role}.duckdb", 1), damage
            assert f"cdi share build {role}" in found.detail
            assert ANN not in found.detail and PHONE not in found.detail
            shares.build(role)
            assert statuses(look("pii_only_where_allowed")) == {"pass"}


def test_a_plain_value_that_looks_like_a_pseudonym(look: Look, shared: None) -> None:
    looks_hashed = "0123456789abcdef" * 2
    change(settings.warehouse(), f"update marts.dim_customers set full_name = '{looks_hashed}'")
    publish()
    shares.build("analyst")
    assert statuses(look("pii_only_where_allowed")) == {"pass"}
    change(
        shares.share_file("analyst"), f"update marts.dim_customers set full_name = '{looks_hashed}'"
    )
    assert "full_name is not a pseudonym" in failed(look("pii_only_where_allowed")).detail


def test_readers_have_what_is_public(look: Look, shared: None) -> None:
    change(settings.published(), "create schema raw_hubspot; create table raw_hubspot.a (b int)")
    assert "raw_hubspot" in failed(look("pii_only_where_allowed")).detail
    publish()
    assert statuses(look("pii_only_where_allowed")) == {"pass"}


@pytest.mark.parametrize("value", [ANN.upper(), PHONE, BO])
def test_dbt_writes_nothing_of_customers(look: Look, shared: None, value: str) -> None:
    for folder in (settings.dbt_logs(), settings.dbt_target()):
        file = folder / "deep" / "er.txt"
        file.parent.mkdir()
        file.write_text(f"got {value}")
        found = failed(look("pii_only_where_allowed"))
        assert "deep/er.txt" in found.detail and value not in found.detail
        file.unlink()
        assert statuses(look("pii_only_where_allowed")) == {"pass"}


def test_examples_of_the_models_are_nobodys(look: Look, shared: None) -> None:
    models = settings.PROJECT / "dbt_project" / "models"
    texts = (file.read_text() for file in sorted(models.rglob("*.yml")))
    example = next(found[0] for text in texts if (found := re.search(r"\w+@\w+\.example", text)))
    change(settings.warehouse(), f"update marts.dim_customers set email = '{example}'")
    (settings.dbt_logs() / "dbt.log").write_text(f"unit test: {example}")
    assert "fail" not in statuses(look("pii_only_where_allowed", "dbt"))


def test_without_customers_nothing_can_be_looked_for(look: Look) -> None:
    change(settings.warehouse(), "drop table marts.dim_customers")
    assert statuses(look("pii_only_where_allowed")) == {"not run"}


@pytest.fixture
def advisor(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, int], None]:
    """Stands in for pip-audit: says this, and ends with that."""
    tool = tmp_path / "bin" / "pip-audit"
    tool.parent.mkdir()
    monkeypatch.setattr("sys.executable", str(tool.with_name("python")))
    monkeypatch.setenv("PATH", str(tool.parent))

    def says(text: str, code: int) -> None:
        tool.write_text(f"#!/bin/sh\necho '{text}'\nexit {code}\n")
        tool.chmod(0o700)

    return says


def test_advisories(look: Look, advisor: Callable[[str, int], None]) -> None:
    def dependencies(**vulns: list[str]) -> str:
        return json.dumps({"dependencies": [
            {"name": name, "version": "1.0", "vulns": [{"id": each} for each in ids]}
            for name, ids in vulns.items()
        ]})  # fmt: skip

    (missing,) = look("dependency_advisories")
    assert (missing.status, "[audit]" in missing.detail) == ("not run", True)
    advisor(dependencies(a=[], b=[]), 0)
    assert statuses(look("dependency_advisories")) == {"pass"}
    advisor(dependencies(a=["PYSEC-1", "PYSEC-2"], b=[]), 1)
    found = failed(look("dependency_advisories"))
    assert "a 1.0 (PYSEC-1, PYSEC-2)" in found.detail and "incident" in found.detail
    advisor("", 1)
    assert statuses(look("dependency_advisories")) == {"not run"}
    advisor(dependencies(), 0)
    assert statuses(look("dependency_advisories")) == {"not run"}
    advisor(json.dumps({"dependencies": [{"name": "a", "skip_reason": "unknown"}]}), 0)
    assert statuses(look("dependency_advisories")) == {"not run"}


def test_the_network_is_asked_for_alone_when_wanted(
    warehouse: Path, advisor: Callable[[str, int], None]
) -> None:
    advisor('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', 0)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for with_network, status in ((False, "not run"), (True, "pass")):
            found = probe(connection, with_network=with_network)
            asked = [each for each in found if each.check_name == "dependency_advisories"]
            assert [each.status for each in asked] == [status]
