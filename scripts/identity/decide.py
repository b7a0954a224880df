"""`cdi identity unmerge` and `link`: decisions of people, which outrank all evidence."""

from __future__ import annotations

import csv
import datetime
import getpass
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from ingestion import settings
from ingestion.macros import project_macros
from ingestion.sql import literal
from scripts.identity import evidence
from scripts.identity.evidence import Groups, IdentityError
from scripts.terminal import console, errors, shown

DECISIONS = settings.PROJECT / "dbt_project" / "seeds" / "identity" / "decisions.csv"
COLUMNS = ("decision", "record_key", "other_record_key", "actor", "reason", "decided_on")

Records = Annotated[list[str], typer.Argument(help="The two records (source:record_id).")]
Reason = Annotated[str, typer.Option("--reason", help="Why; without personal data.")]
Actor = Annotated[str | None, typer.Option("--actor", help="Who decides; else who runs this.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def unmerge_command(
    records: Records, reason: Reason, actor: Actor = None, yes: Yes = False
) -> None:
    """Decide that two records are not one, after showing what that changes.

    The records they are with go where their evidence takes them. It holds from the next
    `cdi build` on, and through every rebuild.
    """
    _decide("separate", records, reason, actor, yes)


def link_command(records: Records, reason: Reason, actor: Actor = None, yes: Yes = False) -> None:
    """Decide that two records are one, after showing what that changes."""
    _decide("link", records, reason, actor, yes)


def _decide(
    decision: str, records: Sequence[str], reason: str, actor: str | None, yes: bool
) -> None:
    try:
        if not reason.strip():
            raise IdentityError("--reason is empty: whoever reads it next year must know why")
        with evidence.warehouse() as connection:
            entity, (one, other) = evidence.resolve_pair(connection, records)
            _check(read_decisions(), decision, one, other)
            for line in _changes(connection, entity, one, other, decision):
                console.print(escape(line), soft_wrap=True)
    except IdentityError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from error
    if not yes and not typer.confirm("write the decision?"):
        raise typer.Exit(1)
    row = (decision, one, other, actor or getpass.getuser(), reason.strip(), _today())
    write_decision(row)
    console.print(
        f"written to {shown(DECISIONS)}: it holds from the next `cdi build` on", soft_wrap=True
    )


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def read_decisions() -> list[dict[str, str]]:
    """The decisions written so far.

    Raises:
        IdentityError: the file is not what it should be.
    """
    with DECISIONS.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise IdentityError(f"{DECISIONS.name} must have the columns {', '.join(COLUMNS)}")
        return list(reader)


def write_decision(row: Sequence[str]) -> None:
    """Adds a decision at the end of the file, whether or not that ends with a line break."""
    text = DECISIONS.read_text("utf-8")
    with DECISIONS.open("a", encoding="utf-8", newline="") as file:
        if text and not text.endswith("\n"):
            file.write("\n")
        csv.writer(file, lineterminator="\n").writerow(row)


def _check(decisions: Sequence[dict[str, str]], decision: str, one: str, other: str) -> None:
    """Refuses what has been decided already, or contradicts it.

    Raises:
        IdentityError: so it is.
    """
    groups = Groups()
    for made in decisions:
        if {made["record_key"], made["other_record_key"]} == {one, other}:
            raise IdentityError(
                f"{made['actor']} decided on these two on {made['decided_on']}: "
                f"{made['decision']}. Take that row out of {DECISIONS.name} first"
            )
        if made["decision"] == "link":
            groups.join(made["record_key"], made["other_record_key"])
    if decision == "separate" and groups.root(one) == groups.root(other):
        raise IdentityError(f"decisions in {DECISIONS.name} link these two by way of others")
    for made in decisions:
        sides = {groups.root(made["record_key"]), groups.root(made["other_record_key"])}
        if (
            decision == "link"
            and made["decision"] == "separate"
            and sides == {groups.root(one), groups.root(other)}
        ):
            raise IdentityError(
                f"{made['actor']} decided on {made['decided_on']} that {made['record_key']} and "
                f"{made['other_record_key']} are not one, and these two are linked with them"
            )


def _changes(connection: Any, entity: str, one: str, other: str, decision: str) -> list[str]:
    """What the decision changes, worked out as the build will."""
    macros = project_macros()
    sign = 1 if decision == "link" else -1
    connection.execute(
        "create or replace temp table concerned as "
        f"select record_number, record_key, cluster_key from {evidence.CLUSTERS} "
        f"where entity = {literal(entity)} and record_number in ("
        "  select theirs.record_number from intermediate.int_records__connected as mine "
        "  inner join intermediate.int_records__connected as theirs using (component) "
        f"  inner join {evidence.CLUSTERS} as clusters "
        "  on mine.record_number = clusters.record_number "
        f"  where clusters.record_key in ({literal(one)}, {literal(other)})"
        f"  union select record_number from {evidence.CLUSTERS} "
        f"  where record_key in ({literal(one)}, {literal(other)}))"
    )
    connection.execute(
        "create or replace temp table tried as "
        "select 0 as component, pairs.record_number, pairs.other_record_number, "
        f"pairs.linkage_weight from {evidence.COMPONENT_PAIRS} as pairs "
        "semi join concerned using (record_number) "
        "union all select 0, least(mine.record_number, theirs.record_number), "
        f"greatest(mine.record_number, theirs.record_number), {sign * 10**9} "
        "from concerned as mine, concerned as theirs "
        f"where mine.record_key = {literal(one)} and theirs.record_key = {literal(other)}"
    )
    connection.execute(
        f"create or replace temp table merged as select * from {macros['average_linkage']('tried')}"
    )
    rows = connection.execute(
        "select concerned.record_key, concerned.cluster_key, "
        "coalesce(groups.component, concerned.record_number) as after, identified.golden_id "
        f"from concerned inner join {evidence.IDENTIFIED} as identified "
        "on concerned.record_key = identified.record_key "
        f"and identified.entity = {literal(entity)} "
        f"left join {macros['connected_components']('merged')} as groups "
        "on concerned.record_number = groups.node order by concerned.record_key"
    ).fetchall()
    before: dict[str, set[str]] = {}
    after: dict[int, set[str]] = {}
    ids = {}
    for record, cluster, group, golden_id in rows:
        before.setdefault(cluster, set()).add(record)
        after.setdefault(group, set()).add(record)
        ids[record] = golden_id
    kept = {frozenset(records) for records in before.values()}
    changed = [records for records in after.values() if frozenset(records) not in kept]
    if not changed:
        return ["nothing changes now; the decision will hold when more is known"]
    lines = []
    for records in sorted(changed, key=lambda group: (-len(group), min(group))):
        of = sorted({ids[record] for record in records})
        lines.append(f"{len(records)} records, now of {', '.join(of)}, will be one customer:")
        lines += [f"  {record}" for record in sorted(records)]
    return lines
