"""What a role sees of a column: by its class, and what the policy says of the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ingestion.sql import literal, quoted
from scripts.seeds import seed_rows

Treatment = Literal["plain", "masked", "pseudonym", "generalised", "dropped"]
TREATMENTS: tuple[str, ...] = get_args(Treatment)

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
TIMES = ("DATE", "TIMESTAMP")
PSEUDONYM_DIGITS = 32


class PolicyError(Exception):
    """A policy cannot be followed. The message says which row, and how to mend it."""


@dataclass(frozen=True)
class Shown:
    """A column of a public table.

    Args:
        name: its name.
        type: its type in DuckDB, such as `DECIMAL(18,4)`.
        pii: its class of personal data.
    """

    name: str
    type: str
    pii: str


def policies() -> dict[str, dict[str, str]]:
    """Treatment by role and class, from the seed `access_policies`.

    Raises:
        PolicyError: an unknown treatment or class, or two rows for one role and class.
    """
    known = {row["pii"] for row in seed_rows("pii_classes")}
    found: dict[str, dict[str, str]] = {}
    for line, row in enumerate(seed_rows("access_policies"), start=2):
        role, pii, treatment = row["role"], row["pii"], row["treatment"]
        where = f"access_policies.csv, line {line}"
        if treatment not in TREATMENTS:
            raise PolicyError(f"{where}: `{treatment}` is none of {', '.join(TREATMENTS)}")
        if pii not in known or pii == "none":
            raise PolicyError(f"{where}: `{pii}` is no class of pii_classes.csv to have a policy")
        if not role.isidentifier():
            raise PolicyError(f"{where}: `{role}` is no name for a role: letters, digits and _")
        if pii in found.setdefault(role, {}):
            raise PolicyError(f"{where}: {role} has a row for {pii} already")
        found[role][pii] = treatment
    return found


def kept_characters() -> dict[str, int]:
    """How many characters text columns keep that are generalised, by their names."""
    return {row["column_name"]: int(row["keep_characters"]) for row in seed_rows("generalisations")}


def selected(
    columns: Sequence[Shown], policy: Mapping[str, str], kept: Mapping[str, int]
) -> list[str]:
    """What a role's table is selected as, an expression a column; those dropped are missing.

    Args:
        columns: columns of the public table.
        policy: treatment by class. A class it does not have is dropped.
        kept: as `kept_characters` gives them.
    """
    expressions = []
    for column in columns:
        treatment = "plain" if column.pii == "none" else policy.get(column.pii, "dropped")
        expression = treated(column, treatment, kept)
        if expression is not None:
            expressions.append(f"{expression} as {quoted(column.name)}")
    return expressions


def treated(column: Shown, treatment: str, kept: Mapping[str, int]) -> str | None:
    """SQL for what is shown of a column; none where the treatment leaves nothing of its type."""
    name, kind = quoted(column.name), column.type.split("(")[0]
    is_text = kind in ("VARCHAR", "UUID")
    if treatment == "plain":
        return name
    if treatment == "pseudonym" and (is_text or kind in (*TIMES, *NUMBERS)):
        # The class goes in: an address and a name that read the same are not to be told the same.
        salted = f"{literal(column.pii + ':')} || cast({name} as varchar)"
        return f"left(keyed_hash({salted}), {PSEUDONYM_DIGITS})"
    if treatment == "masked" and is_text:
        return f"left({name}, 1) || '***'"
    if treatment == "generalised":
        if kind in TIMES:
            return f"cast(date_trunc('month', {name}) as {column.type})"
        if kind in NUMBERS:
            # 1,234 becomes 1,000: its order of magnitude, and hardly whose it is.
            digits = f"cast(floor(log10(abs({name}))) as integer)"
            rounded = f"round(cast({name} as double), -{digits})"
            return f"case when {name} = 0 then {name} else cast({rounded} as {column.type}) end"
        if kind == "BOOLEAN":
            return name
        if is_text and column.name in kept:
            return f"left({name}, {kept[column.name]})"
    # Documents, lists and whatever has no such form are not shown at all.
    return None
