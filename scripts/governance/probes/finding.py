"""What a probe is held to, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from scripts.seeds import seed_rows
from scripts.terminal import count

Status = Literal["pass", "warn", "fail", "not run"]

Thing = TypeVar("Thing")

DRILL = "restore_drill_run"
"""Row of the seed `probes` that is no probe: findings of the drill itself are of it."""

NAMED = 3
"""Names a detail gives of many."""


@dataclass(frozen=True)
class Finding:
    """What a probe found of one thing.

    Args:
        check_name: the probe, a row of the seed `probes`, which says dimension and owner.
        subject: the relation, file or folder it is about, by its short name.
        column_name: the column, where it is about one.
        status: `pass`, `warn`, `fail`, or `not run` where it could not be looked at.
        failures: how many things are wrong.
        observed: what was measured, in the unit of the seed; none where nothing was.
        threshold: what is allowed, for people, such as `at most 90 days`.
        detail: what was seen, in a line, without personal data, secrets or places of the machine.
    """

    check_name: str
    subject: str
    column_name: str | None
    status: Status
    failures: int
    observed: float | None
    threshold: str | None
    detail: str


@dataclass(frozen=True)
class Probe:
    """A row of the seed `probes`: it says what is a failure, and how much is allowed.

    Args:
        name: the probe.
        is_required: whether what is wrong fails; otherwise it warns.
        threshold: how much may be observed at most, if that counts.
        unit: what is counted.
    """

    name: str
    is_required: bool
    threshold: float | None
    unit: str | None

    def found(
        self,
        subject: str,
        failures: int,
        detail: str,
        *,
        observed: float | None = None,
        is_required: bool | None = None,
    ) -> Finding:
        """A finding: passed where nothing is wrong.

        Args:
            subject: what it is about.
            failures: how many things are wrong, the threshold left aside.
            detail: what was seen.
            observed: what was measured; more than the threshold allows is one more failure.
            is_required: whether a failure fails, where that is for the probe to say.
        """
        if observed is not None and self.threshold is not None:
            failures += observed > self.threshold
        required = self.is_required if is_required is None else is_required
        status: Status = "pass" if not failures else "fail" if required else "warn"
        return Finding(self.name, subject, None, status, failures, observed, self.limit, detail)

    def not_run(self, subject: str, why: str) -> Finding:
        """A finding of what could not be looked at. It is no pass."""
        return Finding(self.name, subject, None, "not run", 0, None, self.limit, why)

    @property
    def limit(self) -> str | None:
        """What is allowed, for people."""
        return None if self.threshold is None else f"at most {self.threshold:g} {self.unit}"


def probes() -> dict[str, Probe]:
    """The rows of the seed `probes`, by name."""
    return {
        row["probe"]: Probe(
            row["probe"],
            row["is_required"] == "true",
            float(row["threshold"]) if row["threshold"] else None,
            row["unit"] or None,
        )
        for row in seed_rows("probes")
    }


def some(things: Sequence[Thing], name: Callable[[Thing], str] = str) -> str:
    """The names of the first few of many things, for a detail."""
    more = f" and {count(len(things) - NAMED)} more" if len(things) > NAMED else ""
    return ", ".join(map(name, things[:NAMED])) + more
