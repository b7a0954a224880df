"""The page of an audit: one file with its charts in it, which asks nobody for anything."""

from __future__ import annotations

from importlib.resources import files

import jinja2

from scripts.audit.findings import Audit
from scripts.terminal import count, share


def page(audits: list[Audit]) -> str:
    """HTML of audits. Whatever comes from outside, such as names of columns, is escaped."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"percent": share, "count": count, "short": _short}
    template = (files("scripts.audit") / "page.html").read_text("utf-8")
    return environment.from_string(template).render(audits=audits)


def _short(number: int) -> str:
    """A count in few characters: `12.3k`."""
    if number < 10_000:
        return count(number)
    return f"{number / 1000:.0f}k" if number < 1_000_000 else f"{number / 1_000_000:.1f}M"
