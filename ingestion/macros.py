"""The project's dbt macros, rendered without dbt: one definition serves marts and raw files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
import yaml

from ingestion import settings
from ingestion.sql import quoted

MACROS = settings.PROJECT / "dbt_project" / "macros"
PROJECT_FILE = settings.PROJECT / "dbt_project.yml"

Macro = Callable[..., Any]


@cache
def project_macros() -> dict[str, Macro]:
    """Every macro of the project by name; called with SQL texts, each gives SQL text.

    They are the files dbt reads, so what is measured of a file before any load and of a table
    after it cannot differ.
    """
    macros: dict[str, Macro] = {}
    environment = jinja2.Environment(
        extensions=["jinja2.ext.do"],
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 (SQL, not HTML)
    )
    variables = yaml.safe_load(PROJECT_FILE.read_text("utf-8"))["vars"]
    environment.globals |= {
        "adapter": _Adapter(macros),
        "return": _return,
        "var": variables.__getitem__,
    }
    for file in sorted(MACROS.rglob("*.sql")):
        text = file.read_text("utf-8")
        template = environment.from_string(text, globals=macros)
        for macro in environment.parse(text).find_all(jinja2.nodes.Macro):
            macros[macro.name] = _called(template, macro.name)
    return macros


class _Adapter:
    """What the macros ask of dbt's adapter."""

    def __init__(self, macros: dict[str, Macro]) -> None:
        self._macros = macros

    def dispatch(self, macro: str, package: str | None = None) -> Macro:
        """The variant of a macro that dbt would choose for DuckDB."""
        return self._macros.get(f"duckdb__{macro}") or self._macros[f"default__{macro}"]

    def quote(self, identifier: str) -> str:
        """A name between quotes."""
        return quoted(identifier)


class _Returned(Exception):  # noqa: N818 (it is no error)
    """Carries what a macro returns out of its rendering, as dbt does."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _return(value: Any) -> None:
    raise _Returned(value)


def _called(template: jinja2.Template, name: str) -> Macro:
    """A macro that gives what it returns, or else what it renders.

    It is looked up when it is first called: by then every macro it may call is known.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return getattr(template.module, name)(*arguments, **named)
        except _Returned as returned:
            return returned.value

    return call
