"""Has jinja compile a text once: sqlfluff compiles all macros twice for every file that it lints.

It runs the modules of this folder before, for every file, too.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment


def once(compiling: Callable[..., Any]) -> Callable[..., Any]:
    """The same, of which a text that was compiled before is remembered."""
    known: dict[Any, Any] = {}

    def compiled(environment: Environment, source: Any, *arguments: Any, **named: Any) -> Any:
        key = (type(environment), source, arguments, tuple(named.items()))
        if key not in known:
            known[key] = compiling(environment, source, *arguments, **named)
        return known[key]

    return compiled


if Environment.compile.__name__ != "compiled":
    Environment.compile = once(Environment.compile)  # type: ignore[method-assign]
