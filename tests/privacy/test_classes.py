"""Classes are carried to what is made of a field, and nothing gets a weaker one unsaid."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ingestion.settings import PROJECT
from scripts.pii import command
from scripts.pii.classes import classify
from scripts.pii.lineage import Column

RAW = {
    "id": "none",
    "email": "contact",
    "gender": "special",
    "name": "direct_identifier",
    "doc": "special",
}
ManifestOf = Callable[..., dict[str, Any]]


def of(manifest: dict[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Class of each column of `marts`, and what is wrong."""
    classes = classify(manifest, PROJECT)
    found = {
        str(one.column).removeprefix("marts."): one.pii
        for one in classes.columns
        if one.column.relation.startswith("marts.")
    }
    return found, classes.violations


def test_a_class_is_carried_to_all_that_is_made_of_a_field(manifest_of: ManifestOf) -> None:
    found, wrong = of(
        manifest_of(
            RAW,
            first=("select email, name, coalesce(name, email) as known_by from raw.people", {}),
            second=("select upper(email) as address, known_by from marts.first", {}),
        )
    )
    assert found == {
        "first.email": "contact",
        "first.name": "direct_identifier",
        "first.known_by": "contact",
        "second.address": "contact",
        "second.known_by": "contact",
    }
    assert wrong == ()


@pytest.mark.parametrize(
    ("sql", "declared", "wrong"),
    [
        ("select email as x from raw.people", "contact", None),
        ("select email as x from raw.people", "special", None),
        ("select email as x from raw.people", "none", "made of raw.people.email"),
        ("select md5(email) as x from raw.people", "none", "made of raw.people.email"),
        ("select email as x from raw.people", "location", "made of raw.people.email"),
        ("select email as x from raw.people", None, "has to declare its class"),
        ("select email as x from raw.people", "secret", "no class"),
        ("select count(email) as x from raw.people", "none", None),
        ("select email like '%b' as x from raw.people", "none", None),
        ("select gender = 'f' as x from raw.people", "none", "made of raw.people.gender"),
        ("select doc ->> 'size' as x from raw.people", "none", None),
        ("select doc ->> 'a' = 'b' as x from raw.people", "none", None),
        (
            "select max(email) as x from raw.people",
            {"pii": "none", "declassified": "aggregate"},
            None,
        ),
        (
            "select max(email) as x from raw.people",
            {"pii": "none", "declassified": "magic"},
            "no method",
        ),
        (
            "select id as x from raw.people",
            {"pii": "none", "declassified": "aggregate"},
            "drop `declassified`",
        ),
    ],
)
def test_a_weaker_class_has_to_be_explained(
    sql: str, declared: Any, wrong: str | None, manifest_of: ManifestOf
) -> None:
    _, found = of(manifest_of(RAW, dim_people=(sql, {"x": declared})))
    if wrong is None:
        assert found == ()
    else:
        (violation,) = found
        assert "marts.dim_people.x" in violation
        assert wrong in violation


def test_a_part_stays_one_through_columns_that_declare_nothing(manifest_of: ManifestOf) -> None:
    found, wrong = of(
        manifest_of(
            RAW,
            first=("select doc ->> 'size' as size from raw.people", {}),
            dim_sizes=("select size from marts.first", {"size": "none"}),
        )
    )
    assert found == {"first.size": "special", "dim_sizes.size": "none"}
    assert wrong == ()


def test_a_strong_class_cannot_be_lost_on_the_way(manifest_of: ManifestOf) -> None:
    _, wrong = of(
        manifest_of(
            RAW,
            first=("select email, name from raw.people", {}),
            second=("select name || email as both_of_them from marts.first", {}),
            dim_people=("select both_of_them from marts.second", {"both_of_them": "none"}),
        )
    )
    assert len(wrong) == 1


def test_every_column_of_the_project_is_classed() -> None:
    """On the project itself: nothing is wrong, and each of these breaks turns it red."""
    manifest = command.compiled_manifest()
    classes = classify(manifest, PROJECT)
    assert classes.violations == ()
    assert command.seed().read_text("utf-8") == command.seed_text(classes), "run `cdi pii sync`"
    by_column = {one.column: one for one in classes.columns}
    email = by_column[Column("marts.dim_customers", "email")]
    assert email.pii == "contact"
    assert Column("raw_shopify.customers", "default_email_address") in email.origins
    assert Column("raw_klaviyo.profiles", "attributes") in email.origins

    def broken(*columns: tuple[str, str, dict[str, str]]) -> str:
        changed = json.loads(json.dumps(manifest))
        for node, column, meta in columns:
            changed["nodes"][node]["columns"][column]["config"]["meta"] = meta
        return "\n".join(classify(changed, PROJECT).violations)

    wrong = broken(
        ("model.cdi.customer_360.v1", "email", {"pii": "none"}),
        ("model.cdi.fct_orders.v1", "amount", {}),
        ("model.cdi.cohort_retention.v1", "cohort_month", {"pii": "none"}),
    )
    assert "marts.customer_360.email" in wrong
    assert "marts.fct_orders.amount" in wrong
    assert "cohort_month" in wrong
    stronger = broken(("model.cdi.int_orders__unioned", "amount", {"pii": "special"}))
    assert "intermediate.int_orders__identified.amount" in stronger
