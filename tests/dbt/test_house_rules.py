"""The conventions of the project, held against dbt's manifest.

Each rule returns what breaks it. An exception is a row of `house_rule_exceptions.csv`, with its
reason; one that is no longer needed fails too.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingestion.contracts import contracts
from ingestion.settings import PROJECT
from ingestion.sources import SOURCES
from scripts.contracts import goals_needs, sources_offers, sources_yml
from scripts.goals import GoalError, read_goal
from scripts.seeds import seed_rows

Manifest = dict[str, Any]
RULES: dict[str, Callable[[Manifest], Iterator[str]]] = {}
DIMENSIONS = {"integrity", "availability", "usability", "quality", "compliance", "security"}
PII = {"direct_identifier", "contact", "location", "financial", "behavioural", "special", "none"}
# Columns of these names hold personal data wherever they appear.
PERSONAL = {
    "full_name", "given_name", "middle_name", "family_name", "birth_date", "gender", "email",
    "phone", "street_address", "unit", "postcode", "user_id", "identifier_value", "traits",
}  # fmt: skip
LAYERS = {
    "staging": r"stg_[a-z0-9]+(_[a-z0-9]+)*__[a-z0-9_]+s",
    "intermediate": r"int_[a-z0-9_]+",
    "marts": r"(dim|fct|xref)_[a-z0-9_]+s",
    # Marts of one subject are named by what they answer.
    "marts/customer": r"[a-z0-9_]+",
    "marts/governance": r"[a-z0-9_]+",
    "marts/activation": r"(sync|audience)_[a-z0-9_]+",
}
# How a model of the room `activation` lets in whom it may, and nobody else.
PERMITTED = re.compile(
    r"select \* from {{ ref\('customer_contactability'\) }}\s+"
    r"where may_contact and purpose = '(\w+)' and channel = '(\w+)'\s*\)"
)


def rule(function: Callable[[Manifest], Iterator[str]]) -> Callable[[Manifest], Iterator[str]]:
    """Registers a house rule under its function's name."""
    RULES[function.__name__] = function
    return function


def nodes(manifest: Manifest, kind: str) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == kind]


def models(manifest: Manifest, *layers: str) -> list[dict[str, Any]]:
    found = nodes(manifest, "model")
    return [node for node in found if not layers or node["fqn"][1] in layers]


def generic_tests_by_model(manifest: Manifest) -> dict[str, set[str]]:
    """Names of the generic tests attached to each model."""
    by_model: dict[str, set[str]] = {}
    for test in nodes(manifest, "test"):
        if test.get("attached_node") and test.get("test_metadata"):
            by_model.setdefault(test["attached_node"], set()).add(test["test_metadata"]["name"])
    return by_model


def activation(manifest: Manifest) -> list[dict[str, Any]]:
    return [model for model in models(manifest, "marts") if model["fqn"][2] == "activation"]


def is_unsoftened(test: dict[str, Any]) -> bool:
    """Whether one row that the test finds fails the build."""
    config = test["config"]
    softer = config.get("where") or config.get("limit") or not config.get("enabled", True)
    always = config.get("error_if") == "!= 0" and config.get("fail_calc") == "count(*)"
    return config["severity"].lower() == "error" and always and not softer


def is_contracted(model: dict[str, Any]) -> bool:
    return model["config"]["contract"]["enforced"]


@rule
def models_are_named_by_their_layer(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest):
        layer, room = model["fqn"][1], "/".join(model["fqn"][1:3])
        if not re.fullmatch(LAYERS.get(room, LAYERS[layer]), model["name"]):
            yield model["name"]


@rule
def staging_models_are_named_by_their_source(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest, "staging"):
        if not model["name"].startswith(f"stg_{model['fqn'][2]}__"):
            yield model["name"]


@rule
def a_model_has_a_yml_of_its_own_name(manifest: Manifest) -> Iterator[str]:
    for node in models(manifest) + nodes(manifest, "seed"):
        if Path((node["patch_path"] or "").split("://")[-1]).stem != node["name"]:
            yield node["name"]


@rule
def a_description_opens_with_the_grain(manifest: Manifest) -> Iterator[str]:
    for node in models(manifest) + nodes(manifest, "seed"):
        if not node["description"].startswith("One row per "):
            yield node["name"]


@rule
def a_model_has_a_tested_key(manifest: Manifest) -> Iterator[str]:
    tests = generic_tests_by_model(manifest)
    for model in models(manifest):
        if not tests.get(model["unique_id"], set()) & {"unique", "unique_combination"}:
            yield model["name"]


@rule
def public_models_have_an_enforced_contract(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest):
        public = model["fqn"][1] == "marts" or model["name"].endswith("__unioned")
        if public and not is_contracted(model):
            yield model["name"]


@rule
def marts_have_a_version(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest, "marts"):
        if not model["version"]:
            yield model["name"]


@rule
def public_columns_are_described(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest):
        if is_contracted(model) or model["fqn"][1] == "staging":
            for column in model["columns"].values():
                if not column["description"]:
                    yield f"{model['name']}.{column['name']}"


@rule
def public_columns_say_their_type_class_and_owner(manifest: Manifest) -> Iterator[str]:
    for model in filter(is_contracted, models(manifest)):
        owner = model["config"]["meta"].get("owner")
        for column in model["columns"].values():
            meta = column["config"].get("meta", {})
            if (
                not column["data_type"]
                or meta.get("pii") not in PII
                or not meta.get("owner", owner)
            ):
                yield f"{model['name']}.{column['name']}"


@rule
def personal_data_has_a_class(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest):
        for column in model["columns"].values():
            meta = column["config"].get("meta", {})
            declared = meta.get("pii")
            expected = column["name"] in PERSONAL and "declassified" not in meta
            if (expected and declared in (None, "none")) or (declared and declared not in PII):
                yield f"{model['name']}.{column['name']}"


@rule
def only_staging_reads_sources(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest):
        if model["sources"] and model["fqn"][1] != "staging":
            yield model["name"]


@rule
def staging_reads_one_source_and_nothing_else(manifest: Manifest) -> Iterator[str]:
    for model in models(manifest, "staging"):
        sources = {source for source, _ in model["sources"]}
        parents = [parent for parent in model["refs"] if not is_seed(manifest, parent["name"])]
        if len(sources) != 1 or parents:
            yield model["name"]


@rule
def data_moves_one_way(manifest: Manifest) -> Iterator[str]:
    order = ["staging", "intermediate", "marts"]
    for model in models(manifest):
        for parent in model["depends_on"]["nodes"]:
            above = manifest["nodes"].get(parent)
            if (
                above is not None
                and above["resource_type"] == "model"
                and order.index(above["fqn"][1]) > order.index(model["fqn"][1])
            ):
                yield f"{model['name']} reads {above['name']}"


@rule
def every_raw_table_is_staged_once(manifest: Manifest) -> Iterator[str]:
    staged = Counter(
        (source, table)
        for model in models(manifest, "staging")
        for source, table in {tuple(pair) for pair in model["sources"]}
    )
    for source in SOURCES:
        for table in contracts(source):
            if staged[source, table] != 1:
                yield f"{source}.{table}"


@rule
def source_declarations_follow_the_raw_contracts(manifest: Manifest) -> Iterator[str]:
    for source in SOURCES:
        file, text = sources_yml(source)
        if not file.exists() or file.read_text() != text:
            yield source


@rule
def every_source_has_its_arm_in_each_union(manifest: Manifest) -> Iterator[str]:
    names = {model["name"] for model in models(manifest)}
    for name in sorted(names):
        match = re.fullmatch(rf"int_({'|'.join(SOURCES)})__(.+)", name)
        if match and f"int_{match[2]}__unioned" not in names:
            yield name
        elif match:
            union = manifest["nodes"][f"model.cdi.int_{match[2]}__unioned"]
            if name not in {parent["name"] for parent in union["refs"]}:
                yield name


@rule
def every_test_says_its_dimension_owner_and_severity(manifest: Manifest) -> Iterator[str]:
    for test in nodes(manifest, "test"):
        meta = test["config"].get("meta", {})
        explicit = "severity" in test["unrendered_config"]
        if meta.get("dimension") not in DIMENSIONS or not meta.get("owner") or not explicit:
            yield test["name"]


@rule
def what_can_fail_has_a_plan_and_plans_are_for_what_can_fail(manifest: Manifest) -> Iterator[str]:
    kinds = {"build", "unit_test", *(row["probe"] for row in seed_rows("probes"))}
    kinds |= {row["check_name"] for row in seed_rows("governance_measures")}
    for test in nodes(manifest, "test"):
        is_case_table = "/tests/macros/" in str(test["original_file_path"])
        metadata = test.get("test_metadata") or {"name": test["name"]}
        kinds.add("macro_cases" if is_case_table else metadata["name"])
    for model in filter(is_contracted, models(manifest)):
        for column in model["columns"].values():
            kinds |= {f"constraint_{one['type']}" for one in column["constraints"]}
    yield from kinds ^ {row["check_name"] for row in seed_rows("plans")}


@rule
def what_is_measured_is_of_a_dimension_and_somebodys(manifest: Manifest) -> Iterator[str]:
    for seed in ("probes", "governance_measures"):
        for row in seed_rows(seed):
            if row["dimension"] not in DIMENSIONS or not row["owner"]:
                yield f"{seed}: {row}"
    asked = {row["dimension"] for row in seed_rows("governance_questions")}
    yield from asked ^ DIMENSIONS


@rule
def singular_tests_open_with_why_they_exist(manifest: Manifest) -> Iterator[str]:
    for test in nodes(manifest, "test"):
        if not test.get("test_metadata"):
            named = test["name"].startswith("assert_") or "/tests/macros/" in str(
                test["original_file_path"]
            )
            if not test["raw_code"].lstrip().startswith("{#") or not named:
                yield test["name"]


@rule
def exposures_stand_on_marts_alone(manifest: Manifest) -> Iterator[str]:
    for exposure in manifest["exposures"].values():
        for parent in exposure["depends_on"]["nodes"]:
            if manifest["nodes"][parent]["fqn"][1] != "marts":
                yield f"{exposure['name']} reads {parent}"


@rule
def exposures_declare_a_complete_goal(manifest: Manifest) -> Iterator[str]:
    for exposure in manifest["exposures"].values():
        file = Path(exposure["original_file_path"])
        try:
            read_goal(exposure["name"], exposure["config"]["meta"].get("goal"), file)
        except GoalError as error:
            yield str(error)


@rule
def seeds_of_goals_follow_the_exposures_and_the_models(manifest: Manifest) -> Iterator[str]:
    for file, text in (goals_needs(), sources_offers()):
        if not file.exists() or file.read_text() != text:
            yield file.stem


@rule
def activation_is_by_consent(manifest: Manifest) -> Iterator[str]:
    """Who leaves for a tool was let in by `customer_contactability`, and a test looks again.

    The model reads it itself, as it is written here and in no other way; its rows are customers;
    and `contact_permitted` holds them against the same purpose and channel, unsoftened.
    """
    for model in activation(manifest):
        tests = [
            test
            for test in nodes(manifest, "test")
            if test.get("attached_node") == model["unique_id"] and test.get("test_metadata")
        ]
        gates = {gate.groups() for gate in PERMITTED.finditer(model["raw_code"])}
        checked = {
            (test["test_metadata"]["kwargs"]["purpose"], test["test_metadata"]["kwargs"]["channel"])
            for test in tests
            if test["test_metadata"]["name"] == "contact_permitted" and is_unsoftened(test)
        }
        keys = {test["column_name"] for test in tests if test["test_metadata"]["name"] == "unique"}
        constraints = model["columns"].get("customer_id", {}).get("constraints", [])
        if (
            "customer_contactability" not in {parent["name"] for parent in model["refs"]}
            or model["raw_code"].count("customer_contactability") != 1
            or len(gates) != 1
            or checked != gates
            or "customer_id" not in keys
            or "not_null" not in {constraint["type"] for constraint in constraints}
            or "inner join" not in model["raw_code"]
            or re.search(r"\b(left|right|full|cross|union)\b", model["raw_code"])
        ):
            yield model["name"]


@rule
def activation_holds_no_address_but_its_channels(manifest: Manifest) -> Iterator[str]:
    seeds = PROJECT / "dbt_project" / "seeds" / "governance"
    with (seeds / "contact_channels.csv").open() as file:
        needed = [(row["channel"], row["attribute"]) for row in csv.DictReader(file)]
    for model in activation(manifest):
        channels = {channel for _, channel in PERMITTED.findall(model["raw_code"])}
        for column in model["columns"].values():
            pii = column["config"]["meta"]["pii"]
            used = any((channel, column["name"]) in needed for channel in channels)
            if pii == "special" or (pii == "contact" and not used):
                yield f"{model['name']}.{column['name']}"


@rule
def what_needs_consent_is_in_the_room_for_it(manifest: Manifest) -> Iterator[str]:
    """A model of another room that is written to the schema `activation` would escape the rules."""
    rooms = {model["unique_id"] for model in activation(manifest)}
    for model in models(manifest):
        named = bool(re.match(r"(sync|audience)_", model["name"]))
        if (model["schema"] == "activation" or named) != (model["unique_id"] in rooms):
            yield model["name"]


@rule
def a_macro_file_holds_the_macro_of_its_name(manifest: Manifest) -> Iterator[str]:
    for file in sorted((PROJECT / "dbt_project" / "macros").rglob("*.sql")):
        text = file.read_text()
        macros = re.findall(r"{%-?\s*macro\s+(\w+)", text)
        if {re.sub(r"^[a-z]+__", "", name) for name in macros} != {file.stem}:
            yield str(file.relative_to(PROJECT))
        elif re.search(r"\bref\(|\bsource\(", text):
            yield f"{file.relative_to(PROJECT)} hides a ref"


@rule
def macros_and_their_arguments_are_described(manifest: Manifest) -> Iterator[str]:
    for macro in manifest["macros"].values():
        if macro["package_name"] != "cdi" or "__" in macro["name"]:
            continue
        if macro["name"].startswith(("test_", "generate_")):
            continue
        signature = re.search(r"macro\s+\w+\(([^)]*)\)", macro["macro_sql"])
        expected = [part.split("=")[0].strip() for part in signature[1].split(",") if part.strip()]
        described = [argument["name"] for argument in macro["arguments"]]
        if not macro["description"] or expected != described:
            yield macro["name"]


@pytest.mark.parametrize("name", sorted(RULES))
def test_house_rule(name: str, manifest: Manifest) -> None:
    with Path(__file__).with_name("house_rule_exceptions.csv").open() as file:
        excused = {row["object"] for row in csv.DictReader(file) if row["rule"] == name}
    broken = set(RULES[name](manifest))
    assert broken <= excused, f"{name}: {sorted(broken - excused)}"
    assert excused <= broken, f"exceptions no longer needed: {sorted(excused - broken)}"


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("where may_contact and purpose", "where purpose"),
        ("where may_contact and", "where not may_contact and"),
        ("where may_contact and", "where true or may_contact and"),
        ("where may_contact and", "where may_contact or"),
        ("channel = 'email'", "channel = 'email' or true"),
        ("channel = 'email'", "channel = 'sms'"),
        ("purpose = 'marketing'", "purpose = 'service'"),
        ("inner join customers", "right join customers"),
        ("select * from audience", "select * from audience union all select * from customers"),
        ("ref('customer_contactability')", "ref('dim_customers')"),
    ],
)
def test_consent_is_not_got_round_in_sql(manifest: Manifest, written: str, instead: str) -> None:
    name = "model.cdi.audience_at_risk.v1"
    model = dict(manifest["nodes"][name])
    assert written in model["raw_code"]
    model["raw_code"] = model["raw_code"].replace(written, instead)
    doctored = manifest | {"nodes": manifest["nodes"] | {name: model}}
    assert list(RULES["activation_is_by_consent"](doctored)) == ["audience_at_risk"]


@pytest.mark.parametrize(
    "config",
    [{"severity": "warn"}, {"where": "false"}, {"error_if": "> 10"}, {"enabled": False}],
    ids=str,
)
def test_the_test_for_consent_is_not_softened(manifest: Manifest, config: dict[str, Any]) -> None:
    [test] = [
        node
        for node in nodes(manifest, "test")
        if node.get("attached_node") == "model.cdi.audience_at_risk.v1"
        and node["test_metadata"]["name"] == "contact_permitted"
    ]
    softened = test | {"config": test["config"] | config}
    doctored = manifest | {"nodes": manifest["nodes"] | {test["unique_id"]: softened}}
    assert list(RULES["activation_is_by_consent"](doctored)) == ["audience_at_risk"]


def is_seed(manifest: Manifest, name: str) -> bool:
    return f"seed.cdi.{name}" in manifest["nodes"]
