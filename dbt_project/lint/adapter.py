"""Stands in for dbt's `adapter` while sqlfluff renders models: a dispatched macro reads as a call."""

from collections.abc import Callable

# What a macro renders that is more than an expression.
FRAGMENTS = {
    "average_linkage": "(select * from {0})",
    "estimated_shares": "(select {0}.* from {0} cross join {1} cross join {2} cross join {3})",
    "join_ranges": "left join {0} on {3} and {1} >= {2}",
    "read_dates": "(select * from {0})",
    "read_names": "(select * from {0})",
}


def dispatch(macro: str, package: str | None = None) -> Callable[..., str]:
    """A function that renders `macro(arguments)`."""

    def render(*arguments: object) -> str:
        call = f"{macro}({', '.join(str(argument) for argument in arguments)})"
        return FRAGMENTS[macro].format(*arguments) if macro in FRAGMENTS else call

    return render
