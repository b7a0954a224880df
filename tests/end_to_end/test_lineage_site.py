"""The site opens in a browser, tells of everything there is, and asks nobody anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from ingestion import tracking_plan
from scripts.site import PAGES

Visit = Callable[[str], tuple[str, set[str]]]


@pytest.fixture(scope="module")
def site(company: Any) -> Path:
    company.cdi("docs")
    return company.folder / "target" / "site" / "index.html"


def models(manifest: dict[str, Any], *schemas: str) -> list[dict[str, Any]]:
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and (not schemas or node["schema"] in schemas)
    ]


def test_site_is_one_file_with_every_model(site: Path, manifest: dict[str, Any]) -> None:
    text = site.read_text()
    for node in models(manifest):
        assert node["name"] in text


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("index.html#!/model/model.cdi.dim_customers.v1", ("dim_customers", "customer_id")),
        ("index.html#!/overview", ("Data dictionary", "dictionary.html")),
        ("dictionary.html?find=rfm_score", ("columns of", "customer_rfm")),
        ("diagram.html", ("fct_attribution.session_key → fct_sessions.session_key",)),
        ("tracking_plan.html", ("Product Viewed", "product_id")),
    ],
)
def test_page_opens_and_calls_nobody(site: Path, visit: Visit, page: str, told: tuple) -> None:
    shown, asked = visit(f"{site.parent.as_uri()}/{page}")
    for words in told:
        assert words in unescape(shown)
    assert not asked


def test_searching_the_dictionary_hides_the_rest(site: Path, visit: Visit) -> None:
    shown, _ = visit(f"{site.with_name('dictionary.html').as_uri()}?find=rfm_score")
    sections = re.findall(r"<section [^>]*>.*?</section>", shown, re.S)
    here = [section for section in sections if "hidden" not in section.split(">")[0]]
    assert 0 < len(here) < len(sections) / 10
    assert all("rfm_score" in section for section in here)


def test_a_page_that_calls_someone_would_be_noticed(visit: Visit, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://tracker.invalid/pixel.png">')
    _, asked = visit(page.as_uri())
    assert asked == {"http://tracker.invalid/pixel.png"}


def test_dictionary_has_every_column_of_every_table(site: Path, company: Any) -> None:
    text = site.with_name("dictionary.html").read_text()
    sections = {
        unescape(f"{schema}{name}"): set(re.findall(r"<td><code>([^<]+)</code></td>", section))
        for schema, name, section in re.findall(
            r'<h2 id="[^"]+"><span class="soft">([^<]+)</span>([^<]+)</h2>(.*?)</section>',
            text,
            re.S,
        )
    }
    rows = company.query(
        "select schema_name || '.' || table_name, list(lower(column_name)) "
        "from duckdb_columns() where schema_name not like 'information%' "
        "and schema_name in ('staging', 'intermediate', 'marts', 'governance') "
        "and table_name not like '%\\_\\_dbt\\_%' escape '\\' group by all"
    )
    assert len(rows) > 150
    for table, columns in rows:
        assert table in sections, table
        assert set(columns) <= {column.lower() for column in sections[table]}, table


def test_public_columns_of_the_dictionary_are_described(
    site: Path, manifest: dict[str, Any]
) -> None:
    text = unescape(re.sub("</?code>", "`", site.with_name("dictionary.html").read_text()))
    for node in models(manifest, "marts", "governance"):
        for column in node["columns"].values():
            assert f"<td>{column['description']}</td>" in text, column["name"]


def test_diagram_has_every_public_model_and_relation(site: Path, manifest: dict[str, Any]) -> None:
    text = unescape(site.with_name("diagram.html").read_text())
    public = {node["unique_id"]: node["name"] for node in models(manifest, "marts")}
    for name in public.values():
        assert f'data-name="{name}"' in text
    related = 0
    for test in manifest["nodes"].values():
        if test["resource_type"] == "test" and test["name"].startswith("relationships_"):
            child = public.get(test["attached_node"])
            kwargs = test["test_metadata"]["kwargs"]
            parent = re.search(r"ref\('(\w+)'", kwargs["to"])[1]
            if child and parent in public.values():
                related += 1
                line = f"{child}.{test['column_name']} → {parent}.{kwargs['field']}"
                assert f"<title>{line}</title>" in text, line
    assert related > 20
    # What names a customer, an account or a household by id is held by a test, and so is a line.
    for node in models(manifest, "marts"):
        for column in ("customer_id", "account_id", "household_id"):
            key = f"dim_{column.removesuffix('_id')}s"
            if column in node["columns"] and node["name"] != key:
                exempt = node["name"] == "customer_identity_changes"
                assert exempt or f"{node['name']}.{column} → {key}.{column}" in text, node["name"]


def test_tracking_plan_page_has_every_event_and_property(site: Path) -> None:
    text = unescape(site.with_name("tracking_plan.html").read_text())
    for event in tracking_plan.read().events:
        assert event.description in text
        for name, planned in event.properties.items():
            assert f"<code>{name}</code>" in text
            assert planned.description in text


def test_every_page_leads_to_the_others(site: Path) -> None:
    for page in PAGES:
        text = site.with_name(page).read_text()
        assert all(f'href="{other}"' in text for other in (*PAGES, "index.html"))
