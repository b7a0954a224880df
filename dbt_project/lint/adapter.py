"""Stands in for dbt's `adapter` while sqlfluff renders models: a dispatched macro reads as a call."""

from collections.abc import Callable


def dispatch(macro: str, package: str | None = None) -> Callable[..., str]:
    """A function that renders `macro(arguments)`."""

    def render(*arguments: object) -> str:
        return f"{macro}({', '.join(str(argument) for argument in arguments)})"

    return render
