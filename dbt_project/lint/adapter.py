"""Stands in for dbt's `adapter` while sqlfluff renders models: what it dispatches is a call."""

from collections.abc import Callable

# What a macro renders that is more than an expression.
FRAGMENTS = {
    "all_but": "* exclude ({0})",
    "column_type": "{0}",
    "average_linkage": "(select * from {0})",
    "estimated_shares": "(select {0}.* from {0} cross join {1} cross join {2} cross join {3})",
    "explode_in_order": "{0} as {1}, {0} as {2}",
    "in_any_order": "order by null",
    "last_filled": "last_value({0} ignore nulls)",
    "materialized": "materialized",
    "read_dates": "(select * from {0})",
    "read_names": "(select * from {0})",
    "union_in_recursion": "union",
    "with_range": "(select * from {0} cross join {1})",
}


def dispatch(macro: str, package: str | None = None) -> Callable[..., str]:
    """A function that renders `macro(arguments)`."""

    def render(*arguments: object) -> str:
        texts = [_text(argument) for argument in arguments]
        call = f"{macro}({', '.join(text for text in texts if text)})"
        return FRAGMENTS[macro].format(*texts) if macro in FRAGMENTS else call

    return render


def _text(argument: object) -> str:
    if isinstance(argument, dict):
        return ", ".join(map(str, argument.values()))
    return ", ".join(map(str, argument)) if isinstance(argument, list) else str(argument)


def quote(name: str) -> str:
    """A name between quotes."""
    return f'"{name}"'
