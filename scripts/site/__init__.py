"""Pages of the lineage site beside dbt's own: what dbt knows, told on one page each."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from ingestion import settings, tracking_plan
from scripts.site import diagram, dictionary

PAGES = {
    "dictionary.html": "Data dictionary",
    "diagram.html": "Entities and relations",
    "tracking_plan.html": "Tracking plan",
}


def write_pages(folder: Path) -> list[Path]:
    """Writes the pages into the folder of the site, by dbt's `manifest.json` and `catalog.json`.

    Returns:
        The pages.

    Raises:
        SourceError: the tracking plan cannot be read.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    catalog = json.loads((folder / "catalog.json").read_text("utf-8"))
    plan, file = tracking_plan.read(), settings.tracking_plan()
    inside = file.is_relative_to(settings.PROJECT)
    content: dict[str, dict[str, Any]] = {
        "dictionary.html": {"tables": dictionary.tables(manifest, catalog)},
        "diagram.html": {"diagram": diagram.draw(manifest)},
        "tracking_plan.html": {
            "plan": plan,
            # Elsewhere, its place on this machine is nobody's business.
            "file": file.relative_to(settings.PROJECT) if inside else file.name,
        },
    }
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (_HERE / name).read_text("utf-8")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["prose"] = _prose
    written = []
    for name, values in content.items():
        page = environment.get_template(name).render(name=name, pages=PAGES, **values)
        (folder / name).write_text(page, "utf-8")
        written.append(folder / name)
    return written


def _prose(text: str) -> Markup:
    """A description, what stands between backticks as code."""
    parts = escape(text).split("`")
    return Markup("").join(
        part if number % 2 == 0 else Markup("<code>{}</code>").format(Markup(part))  # noqa: S704
        for number, part in enumerate(parts)
    )


_HERE = files("scripts.site")
