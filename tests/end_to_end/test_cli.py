"""The `cdi` command where things are missing or go wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from ingestion import storage
from ingestion.settings import PROJECT
from ingestion.sources import SOURCES
from scripts.build import threads
from scripts.cli import app
from scripts.extras import needed
from scripts.sandbox.server import Fault, Sandbox, parse_fault
from tests.end_to_end.conftest import Company

HELD = "select current_setting('memory_limit') as held"


def cdi(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(("columns", "width"), [(None, 110), ("60", 60)])
def test_what_goes_to_a_pipe_is_wide_unless_a_width_is_given(
    columns: str | None, width: int
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(
        [sys.executable, "-c", "from scripts.terminal import console; print(console.width)"],
        env=environment | ({"COLUMNS": columns} if columns else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == width


@pytest.mark.parametrize(
    ("library", "extra", "command"),
    [
        ("faker", "sandbox", ["sandbox", "generate", "--customers", "20", "--folder"]),
        ("phonenumbers", "dev", ["reference", "sync", "--check"]),
    ],
)
def test_a_library_that_is_missing_is_told_with_what_brings_it(
    library: str, extra: str, command: list[str], tmp_path: Path
) -> None:
    without = f"import sys; sys.modules['{library}'] = None; from scripts.cli import main; main()"
    folder = [str(tmp_path)] if command[-1] == "--folder" else []
    done = subprocess.run(
        [sys.executable, "-c", without, *command, *folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"this needs the library {library}, which is not installed: pip install -e '.[{extra}]'",
    )


@pytest.mark.parametrize(
    ("module", "extra"),
    [("graphql.language", "sandbox"), ("text_unidecode", "sandbox"), ("pycountry", "dev")],
)
def test_a_package_may_be_called_otherwise_than_its_module(module: str, extra: str) -> None:
    missing = ModuleNotFoundError(f"No module named '{module}'", name=module)
    assert needed(missing).endswith(f": pip install -e '.[{extra}]'")


def test_of_a_library_that_nothing_asks_for_no_extra_is_told() -> None:
    assert needed(ModuleNotFoundError(name="numb")) == (
        "needs the library numb, which is not installed"
    )


def test_a_build_is_held_to_the_memory_it_may_take(tmp_path: Path) -> None:
    seed = ("build", "--select", "currencies", "--exclude-resource-type", "test")
    company = Company(tmp_path)
    assert "Concurrency: 1 threads" in company.cdi(*seed, settings={"CDI_MEMORY": "2GB"})
    assert "memory" in company.cdi(*seed, settings={"CDI_MEMORY": "plenty"}, code=1).lower()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "show", "--inline", HELD],
        cwd=PROJECT,
        env=company.environment | {"CDI_MEMORY": "2GiB"},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert "| 2.0 GiB" in done.stdout, done.stdout[-4000:]


@pytest.mark.parametrize(
    ("memory", "arguments", "given"),
    [
        ("1GB", (), ("--threads", "1")),
        ("3800MB", ("-s", "currencies"), ("--threads", "1")),
        ("4GB", (), ()),
        ("64GiB", (), ()),
        ("none", (), ()),
        ("", (), ()),
        ("2GB", ("--threads", "2"), ()),
        ("2GB", ("--threads=2",), ()),
        ("2GB", ("--target", "spark"), ()),
    ],
)
def test_where_memory_is_little_models_are_built_one_by_one(
    memory: str, arguments: tuple[str, ...], given: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDI_MEMORY", memory)
    assert threads(arguments) == given


def test_a_plain_warehouse_is_refused_with_a_key(company: Company) -> None:
    settings = {storage.KEY: "Key-of-the-company-0123456789-abcdef"}
    said = company.cdi("status", settings=settings, code=1).strip()
    assert said == (
        "warehouse.duckdb is not encrypted, though CDI_ENCRYPTION_KEY is set: "
        "`cdi encrypt rotate` encrypts it; or unset the key"
    )
    assert company.query("select count(*) > 0 from marts.dim_customers") == [(True,)]


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["load"],
        ["docs"],
        ["status"],
        ["strategy"],
        ["sandbox"],
        ["sandbox", "generate"],
        ["contracts"],
    ],
    ids=" ".join,
)
def test_help_says_what_a_command_does(command: list[str]) -> None:
    result = cdi(*command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_an_unknown_source_is_refused_with_those_there_are() -> None:
    result = cdi("load", "hubspott")
    assert result.exit_code == 2
    assert "hubspott" in result.output
    assert all(source in result.output for source in SOURCES)


def test_a_source_asked_for_by_name_must_be_configured() -> None:
    result = cdi("load", "stripe")
    assert result.exit_code == 1
    assert "SOURCES__STRIPE__API_KEY" in result.output


def test_without_any_credentials_a_load_skips_and_says_how_to_try(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CDI_FILES", str(tmp_path / "none.yml"))
    result = cdi("load")
    assert result.exit_code == 0
    assert result.output.count("skipped") == len(SOURCES)
    assert "make run" in result.output
    with duckdb.connect(os.environ["CDI_WAREHOUSE"], read_only=True) as connection:
        schemas = connection.execute(
            "select distinct table_schema from information_schema.tables"
        ).fetchall()
    assert {f"raw_{source}" for source in SOURCES} <= {schema for (schema,) in schemas}


def test_one_source_that_fails_does_not_stop_the_others(sandbox: Sandbox) -> None:
    sandbox.misbehaviour.faults.append(Fault("/hubspot", status=418, times=99))
    result = cdi("load", "hubspot", "klaviyo")
    assert result.exit_code == 1
    assert "failed" in result.output
    assert "answered 418" in result.output
    assert "klaviyo" in result.output.split("answered 418")[1]


def test_status_without_a_warehouse_says_what_to_run() -> None:
    result = cdi("status")
    assert result.exit_code == 1
    assert "cdi load" in result.output


def test_serving_without_a_sandbox_says_what_to_run(tmp_path: Path) -> None:
    result = cdi("sandbox", "serve", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "cdi sandbox generate" in result.output


def test_a_fault_is_read_from_the_command_line() -> None:
    assert parse_fault("/hubspot=429:3") == Fault("/hubspot", "status", 3, status=429)
    assert parse_fault("/stripe/v1=drop") == Fault("/stripe/v1", "drop", 1)


@pytest.mark.parametrize("text", ["hubspot=429", "/hubspot", "/hubspot=explode", "/a=429:x"])
def test_a_fault_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_fault(text)
