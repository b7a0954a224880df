"""The assets, jobs and schedules of Dagster, and what runs of them do to a warehouse."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import settings
from ingestion.contracts import contracts
from ingestion.sources import SOURCES
from scripts.manifest import latest
from scripts.sandbox.generate import generate
from scripts.sandbox.server import serving
from scripts.sandbox.store import Store

dagster = pytest.importorskip("dagster")

CONTACTS = ("intermediate/boolean_words", "staging/stg_hubspot__contacts")
HOLD = """
from ingestion.lock import exclusive
with exclusive("cdi load"):
    print("held", flush=True)
    input()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Settings of a company of sixty people, which is being served."""
    folder = tmp_path_factory.mktemp("company")
    generate(folder / "sandbox", customers=60)
    with serving(Store(folder / "sandbox" / "objects.duckdb")) as sandbox:
        yield sandbox.settings(folder / "sandbox") | {
            "CDI_WAREHOUSE": str(folder / "warehouse.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        }


@pytest.fixture
def orchestration(
    served: dict[str, str], isolated: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """The module, which has dbt read the project where the settings say; none waits for another."""
    for variable, value in served.items():
        monkeypatch.setenv(variable, value)
    mask, folder = os.umask(0o077), Path.cwd()
    module = import_module("scripts.orchestration")
    monkeypatch.setattr(module, "WAIT", 0)
    yield module
    os.umask(mask)
    os.chdir(folder)
    settings.warehouse().unlink(missing_ok=True)


@pytest.fixture
def run(orchestration: Any) -> Callable[..., Any]:
    """Runs a job, or some assets of it, in this process."""

    def execute(job: str, *tables: str) -> Any:
        keys = [dagster.AssetKey(table.split("/")) for table in tables]
        return orchestration.defs.resolve_job_def(job).execute_in_process(
            asset_selection=keys or None, raise_on_error=False
        )

    return execute


def tables_of(source: str) -> list[str]:
    return [f"raw_{source}/{table}" for table in (*contracts(source), "quarantine")] + [
        f"raw_loads/{source}"
    ]


def checks(result: Any) -> dict[str, bool]:
    return {one.check_name: one.passed for one in result.get_asset_check_evaluations()}


def failures(result: Any) -> list[str]:
    """What was said of steps that failed."""
    return [
        event.event_specific_data.user_failure_data.description
        for event in result.get_step_failure_events()
    ]


def test_the_definitions_load(orchestration: Any) -> None:
    dagster.Definitions.validate_loadable(orchestration.defs)


def test_every_raw_table_is_made_by_the_load_of_its_source(orchestration: Any) -> None:
    graph = orchestration.defs.resolve_asset_graph()
    for source in SOURCES:
        keys = {key.to_user_string() for key in graph.get(key_of(source)).execution_set_asset_keys}
        assert keys == set(tables_of(source))
    assert graph.get(key_of("hubspot")).description == "A person in the CRM."


def key_of(source: str) -> Any:
    """One of the assets of a source."""
    return dagster.AssetKey([f"raw_{source}", next(iter(contracts(source)))])


def test_the_graph_is_one_and_nothing_in_it_is_there_twice(orchestration: Any) -> None:
    manifest = latest()
    specs = orchestration.defs.resolve_all_asset_specs()
    keys = [spec.key.to_user_string() for spec in specs]
    assert len(keys) == len(set(keys))

    built = {
        f"{node['schema']}/{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }
    read = {f"{node['schema']}/{node['name']}" for node in manifest["sources"].values()}
    loaded = {table for source in SOURCES for table in tables_of(source)}
    assert set(keys) == built | read
    assert loaded <= read

    # What no load of one source brings is what other commands write, and the loads of all.
    elsewhere = {key for key in read - loaded if not key.startswith(("raw_privacy/", "raw_incid"))}
    assert elsewhere == {"raw_loads/load_counts"}
    depended_on = {dep.asset_key.to_user_string() for spec in specs for dep in spec.deps}
    assert depended_on <= set(keys)
    assert {f"raw_{source}/{table}" for source in SOURCES for table in contracts(source)} <= (
        depended_on
    )


def test_tests_of_dbt_are_checks(orchestration: Any) -> None:
    tests = {
        node["name"]
        for node in latest()["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node")
    }
    graph = orchestration.defs.resolve_asset_graph()
    assert len(tests) > 500
    assert tests <= {key.name for key in graph.asset_check_keys}


def test_schedules_load_every_hour_and_build_everything_every_night(orchestration: Any) -> None:
    schedules = {one.job_name: one.cron_schedule for one in orchestration.defs.schedules}
    assert schedules == {"load": "0 * * * *", "build": "30 4 * * *"}
    layers = {name: orchestration.defs.resolve_job_def(name).asset_layer for name in schedules}
    graph = orchestration.defs.resolve_asset_graph()
    assert layers["load"].selected_asset_keys.isdisjoint(layers["build"].selected_asset_keys)
    assert graph.materializable_asset_keys == (
        layers["load"].selected_asset_keys | layers["build"].selected_asset_keys
    )
    assert layers["build"].asset_graph.asset_check_keys == graph.asset_check_keys


def test_a_load_and_a_build_of_a_part(
    run: Callable[..., Any], query: Callable[..., list[tuple]]
) -> None:
    loaded = run("load", *tables_of("hubspot"), *tables_of("stripe"))
    assert loaded.success, failures(loaded)
    [[contacts]] = query("select count(*) from raw_hubspot.contacts")
    told = loaded.asset_materializations_for_node("load_hubspot")[0]
    assert told.asset_key.to_user_string() == "raw_hubspot/contacts"
    assert told.metadata["records_loaded"].value == contacts > 0
    # Models read every declared table, also those of sources that were not loaded.
    assert query("select count(*) from raw_zendesk.users") == [(0,)]

    built = run(
        "build", *CONTACTS, "staging/stg_loads__load_counts", "governance/load_reconciliation"
    )
    assert built.success, failures(built)
    assert checks(built) == {
        "assert_parse_boolean_cases": True,
        "unique_boolean_words_word": True,
        "unique_stg_hubspot__contacts_contact_id": True,
        "not_null_stg_hubspot__contacts_contact_id": True,
        "unique_combination_stg_loads__load_counts_source__load_id__table_name": True,
        "unique_combination_load_reconciliation_v1_source__load_id__table_name": True,
    }
    assert query(
        "select records_loaded from governance.load_reconciliation "
        "where source = 'hubspot' and table_name = 'contacts'"
    ) == [(contacts,)]
    made = query(
        "select table_name from information_schema.tables "
        "where table_schema in ('staging', 'governance') order by all"
    )
    assert ("load_reconciliation",) in made and ("stg_zendesk__users",) not in made
    assert not settings.published().exists()  # only a build of everything is


def test_a_build_of_everything_has_no_selection_and_so_is_published(
    orchestration: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(orchestration, "build", lambda arguments: given.append(arguments) or 0)
    assert run("build").success
    assert given == [[]]


def test_a_check_that_fails_fails_the_build_and_says_which(run: Callable[..., Any]) -> None:
    assert run("load", *tables_of("hubspot")).success
    with duckdb.connect(str(settings.warehouse())) as connection:
        [email] = connection.execute(
            "insert into raw_hubspot.contacts select * from raw_hubspot.contacts "
            "where properties->>'email' is not null limit 1 returning properties->>'email'"
        ).fetchone()
    built = run("build", *CONTACTS)
    assert not built.success
    assert checks(built)["unique_stg_hubspot__contacts_contact_id"] is False
    [said] = failures(built)
    assert "unique_stg_hubspot__contacts_contact_id" in said
    assert not any(email in str(event) for event in built.all_events)


def test_a_source_that_fails_fails_alone_and_one_without_credentials_does_not(
    run: Callable[..., Any],
    query: Callable[..., list[tuple]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCES__HUBSPOT__ACCESS_TOKEN", "pat-wrong")
    monkeypatch.delenv("SOURCES__ZENDESK__API_TOKEN")
    loaded = run("load", *tables_of("hubspot"), *tables_of("klaviyo"), *tables_of("zendesk"))
    assert not loaded.success
    [said] = failures(loaded)
    assert "answered 401; check the SOURCES__HUBSPOT__ credentials" in said
    assert query("select count(*) > 0 from raw_klaviyo.profiles") == [(True,)]
    [skipped, *_] = loaded.asset_materializations_for_node("load_zendesk")
    assert "set SOURCES__ZENDESK__API_TOKEN" in skipped.metadata["skipped"].value
    assert not any("pat-wrong" in str(event) for event in loaded.all_events)


@pytest.mark.parametrize("job", ["load", "build"])
def test_two_never_write_at_once_and_the_second_waits(
    orchestration: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, job: str
) -> None:
    tables = {"load": tables_of("files"), "build": CONTACTS}[job]
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        refused = run(job, *tables)
        assert not refused.success
        [said] = failures(refused)
        assert f"is being written by cdi load (process {holder.pid}" in said
        assert not settings.warehouse().exists()

        monkeypatch.setattr(orchestration, "WAIT", 60)
        threading.Timer(1, holder.communicate, ["\n"]).start()
        waited = run(job, *tables)
    assert waited.success, failures(waited)
    assert settings.warehouse().exists()
