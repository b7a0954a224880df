"""Every public model has a data contract that the standard's own checker accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from datacontract.data_contract import DataContract
from typer.testing import CliRunner

from scripts.cli import app
from scripts.odcs import data_contracts


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    (folder / "gone.odcs.yaml").write_text("of a model that is no more")
    done = CliRunner().invoke(app, ["contracts", "export", "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_every_public_model_is_exported_and_valid(exported: Path, manifest: dict[str, Any]) -> None:
    public = {
        node["alias"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }
    files = sorted(exported.iterdir())
    assert {file.name.removesuffix(".odcs.yaml") for file in files} == public
    for file in files:
        run = DataContract(data_contract_file=str(file)).lint()
        assert run.result == "passed", (file.name, [check.reason for check in run.checks])


def test_a_contract_says_what_the_model_does(manifest: dict[str, Any]) -> None:
    contract = data_contracts(manifest, "9.9.9")["fct_page_views"]
    assert contract["version"] == "1.0.0"
    (table,) = contract["schema"]
    columns = {column["name"]: column for column in table["properties"]}
    model = next(node for node in manifest["nodes"].values() if node["name"] == "fct_page_views")
    assert list(columns) == list(model["columns"])
    assert columns["event_key"]["primaryKey"] is True
    assert columns["session_key"]["required"] is True
    assert columns["session_key"]["relationships"] == [
        {"to": "fct_sessions.session_key", "type": "foreignKey"}
    ]
    assert columns["anonymous_id"]["classification"] == "direct_identifier"
    assert columns["customer_id"]["required"] is False
    nodes = manifest["nodes"] | {model["unique_id"]: model | {"version": None}}
    contract = data_contracts(manifest | {"nodes": nodes}, "9.9.9")["fct_page_views"]
    assert contract["version"] == "9.9.9"


def test_a_wrong_contract_would_be_noticed(exported: Path, tmp_path: Path) -> None:
    contract = yaml.safe_load((exported / "dim_customers.odcs.yaml").read_text())
    contract["schema"][0]["properties"][0]["logicalType"] = "text"
    file = tmp_path / "wrong.odcs.yaml"
    file.write_text(yaml.safe_dump(contract))
    assert DataContract(data_contract_file=str(file)).lint().result != "passed"
