"""Libraries that only some commands take: what to install where one is missing."""

from __future__ import annotations

import re
from importlib.metadata import requires

PROJECT = "customer-data-infrastructure"


def needed(error: ModuleNotFoundError) -> str:
    """Which library is missing, and the extra of this project that brings it.

    >>> needed(ModuleNotFoundError("No module named 'faker'", name="faker"))
    "needs the library faker, which is not installed: pip install -e '.[sandbox]'"
    """
    module = (error.name or str(error)).split(".")[0]
    told = f"needs the library {module}, which is not installed"
    name = module.replace("_", "-")
    for requirement in requires(PROJECT) or []:
        # A package may be called somewhat longer than its module: graphql-core.
        found = re.match(rf"{re.escape(name)}\b.*extra == [\"'](\w+)", requirement, re.IGNORECASE)
        if found:
            return f"{told}: pip install -e '.[{found[1]}]'"
    return told
