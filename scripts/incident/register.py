"""The register of incidents: written to raw tables, read for status, and ended there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from ingestion import bookkeeping, incidents, settings, storage
from ingestion.bookkeeping import now
from ingestion.incidents import SCHEMA
from ingestion.sql import literal, rows_of
from scripts.incident.exposure import IncidentError
from scripts.incident.people import load_seed


@dataclass(frozen=True)
class Law:
    """A law on breaches, and how many of those affected live under it.

    Args:
        law: its short name, as in the seed `breach_laws`.
        law_name: its name.
        authority: who is to be told.
        threshold: from what risk on.
        remark: what else to know of its terms.
        source: where to read it.
        people_count: customers affected who live under it.
        authority_people: how many these have to be before the authority is told.
        authority_due_at: until when it is to be told; none where the law gives no number.
        people_due_at: until when the people are; none where the law gives no number.
    """

    law: str
    law_name: str
    authority: str
    threshold: str
    remark: str
    source: str
    people_count: int
    authority_people: int
    authority_due_at: datetime.datetime | None
    people_due_at: datetime.datetime | None

    def due_at(self, whom: str) -> datetime.datetime | None:
        """Until when `authority` or `people` are to be told."""
        return self.authority_due_at if whom == "authority" else self.people_due_at


@dataclass
class Incident:
    """An incident as the register has it.

    Args:
        row: its row of `incidents`.
        steps: rows of `incident_steps`, in their order.
        classes: columns exposed of each class of personal data.
        laws: those that apply.
    """

    row: dict[str, Any]
    steps: list[dict[str, Any]] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    laws: list[Law] = field(default_factory=list)

    @property
    def open_steps(self) -> list[dict[str, Any]]:
        """Steps not done yet; none of an incident that is closed."""
        if self.row["closed_at"]:
            return []
        return [step for step in self.steps if not step["done_at"]]


def next_id(connection: duckdb.DuckDBPyConnection, opened_at: datetime.datetime) -> str:
    """An id no incident has yet: the day it was written down, and a number."""
    start = f"inc_{opened_at:%Y%m%d}_"
    ((number,),) = connection.execute(
        f"select coalesce(max(try_cast(substr(incident_id, ?) as integer)), 0) + 1 "
        f"from {SCHEMA}.incidents where starts_with(incident_id, ?)",
        [len(start) + 1, start],
    ).fetchall()
    return f"{start}{number}"


def place_people(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `placed`: each customer affected, with the law of where they live.

    A region's law comes before its country's; who lives nowhere known is under the law `*`.
    """
    load_seed(connection, "breach_laws", "governance")
    connection.execute(
        """
        create or replace temp table placed as
        with places as (
            select law, unnest(string_split(places, ' ')) as place from breach_laws
        )
        select
            affected.customer_id,
            coalesce(of_region.law, of_country.law, elsewhere.law) as law
        from affected
        left join marts.dim_customers as customers using (customer_id)
        left join places as of_region on customers.region_code = of_region.place
        left join places as of_country on customers.country_code = of_country.place
        left join places as elsewhere on elsewhere.place = '*'
        """
    )


def laws(
    connection: duckdb.DuckDBPyConnection,
    people: str,
    noticed_at: datetime.datetime,
) -> list[Law]:
    """The laws that apply, most people first, with their deadlines.

    Args:
        connection: the seed `breach_laws` is a table of it.
        people: table with a row a customer, and the `law` of each.
        noticed_at: what deadlines count from, UTC.
    """
    found = []
    for law in rows_of(
        connection,
        f"""
        select law, law_name, authority, threshold, remark, source, count(*) as people_count,
            authority_people, authority_hours, authority_from, people_hours
        from {people}
        inner join breach_laws using (law)
        group by all
        order by people_count desc, law asc
        """,
    ):
        people_due = _after(noticed_at, law.pop("people_hours"))
        start = people_due if law.pop("authority_from") == "people" else noticed_at
        authority_due = _after(start, law.pop("authority_hours"))
        found.append(Law(**law, authority_due_at=authority_due, people_due_at=people_due))
    return found


def _after(start: datetime.datetime | None, hours: int | None) -> datetime.datetime | None:
    if start is None or hours is None:
        return None
    return start + datetime.timedelta(hours=hours)


def steps(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    noticed_at: datetime.datetime,
    applying: Sequence[Law] = (),
) -> list[dict[str, Any]]:
    """The steps of the policy for a kind of incident, those for each law one by one.

    Where a law gives no number of hours, the policy's count.
    """
    load_seed(connection, "incident_policies", "governance")
    planned = []
    for step in rows_of(
        connection,
        "select step, position, what, owner_role, due_hours, is_obligatory, for_each_law "
        "from incident_policies where kind = ? order by position",
        [kind],
    ):
        whom = step.pop("for_each_law")
        usual = _after(noticed_at, step.pop("due_hours"))
        if not whom:
            planned.append(step | {"law": None, "due_at": usual})
            continue
        planned += [
            step
            | {
                "step": f"{step['step']}:{law.law}",
                "what": f"{step['what']} ({law.authority if whom == 'authority' else law.law})",
                "law": law.law,
                "due_at": law.due_at(whom) or usual,
            }
            for law in applying
            if whom == "people" or law.people_count >= law.authority_people
        ]
    return planned


def write(
    connection: duckdb.DuckDBPyConnection,
    row: Mapping[str, Any],
    planned: Sequence[Mapping[str, Any]],
    classes: Mapping[str, int] | None = None,
) -> None:
    """Writes an incident, and the customers in `placed`: all of it, or nothing.

    Args:
        connection: to the warehouse.
        row: its row of `incidents`.
        planned: its steps.
        classes: columns exposed of each class of personal data.
    """
    incident_id = row["incident_id"]
    connection.execute("begin")
    try:
        _insert(connection, "incidents", row)
        for step in planned:
            _insert(connection, "incident_steps", {"incident_id": incident_id, **step})
        for pii, columns in (classes or {}).items():
            of_class = {"incident_id": incident_id, "pii": pii, "column_count": columns}
            _insert(connection, "incident_classes", of_class)
        if classes is not None:
            connection.execute(
                f"insert into {SCHEMA}.incident_people (incident_id, customer_id, law) "
                "select ?, customer_id, law from placed",
                [incident_id],
            )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    connection.execute(
        f"insert into {SCHEMA}.{table} ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )


@contextmanager
def opened(read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, with the register in it.

    Raises:
        IncidentError: there is no warehouse.
    """
    if not settings.warehouse().exists():
        raise IncidentError("there is no warehouse, so no incident is written down: `cdi load`")
    if not read_only:
        incidents.declare()
    with storage.connect(settings.warehouse(), read_only=read_only) as connection:
        yield connection


def read(connection: duckdb.DuckDBPyConnection, incident_id: str | None = None) -> list[Incident]:
    """Incidents, the latest first; one of them, where its id is given.

    Raises:
        IncidentError: there is none of that id.
    """
    if not bookkeeping.is_declared_in(connection, SCHEMA, incidents.TABLES):
        if incident_id:
            raise IncidentError(f"no incident {incident_id}: none is written down")
        return []
    found = {
        row["incident_id"]: Incident(row)
        for row in rows_of(
            connection,
            f"from {SCHEMA}.incidents where coalesce(incident_id = $id, true) "
            "order by opened_at desc, length(incident_id) desc, incident_id desc",
            {"id": incident_id},
        )
    }
    if incident_id and not found:
        raise IncidentError(f"no incident {incident_id}: `cdi incident status` lists them")
    for step in rows_of(
        connection,
        f"from {SCHEMA}.incident_steps where coalesce(incident_id = $id, true) "
        "order by position, due_at, step",
        {"id": incident_id},
    ):
        found[step["incident_id"]].steps.append(step)
    for row in rows_of(
        connection,
        f"from {SCHEMA}.incident_classes where coalesce(incident_id = $id, true) order by pii",
        {"id": incident_id},
    ):
        found[row["incident_id"]].classes[row["pii"]] = row["column_count"]
    load_seed(connection, "breach_laws", "governance")
    for incident in found.values():
        people = (
            f"(from {SCHEMA}.incident_people "
            f"where incident_id = {literal(incident.row['incident_id'])})"
        )
        incident.laws = laws(connection, people, incident.row["noticed_at"])
    return list(found.values())


def finish_step(
    connection: duckdb.DuckDBPyConnection, incident: Incident, name: str, note: str | None
) -> datetime.datetime:
    """Writes down that a step is done; when that was.

    Where a law counts the authority's hours from when the people were told, they begin now.

    Raises:
        IncidentError: it has no such step, the step is done, or the incident is closed.
    """
    incident_id = incident.row["incident_id"]
    if incident.row["closed_at"]:
        raise IncidentError(f"{incident_id} is closed since {incident.row['closed_at']} UTC")
    step = next((step for step in incident.steps if step["step"] == name), None)
    if step is None:
        names = ", ".join(step["step"] for step in incident.steps)
        raise IncidentError(f"{incident_id} has no step {name}: it has {names}")
    if step["done_at"]:
        raise IncidentError(f"{name} of {incident_id} is done since {step['done_at']} UTC")
    done_at = now()
    connection.execute(
        f"update {SCHEMA}.incident_steps set done_at = ?, note = ? "
        "where incident_id = ? and step = ?",
        [done_at, note, incident_id, name],
    )
    connection.execute(
        f"""
        update {SCHEMA}.incident_steps as steps
        set due_at = $done_at + to_hours(laws.authority_hours)
        from breach_laws as laws
        where
            laws.authority_from = 'people'
            and 'tell_people:' || laws.law = $step
            and steps.step = 'tell_authority:' || laws.law
            and steps.incident_id = $incident_id
            and steps.done_at is null
        """,
        {"done_at": done_at, "step": name, "incident_id": incident_id},
    )
    return done_at


def close(
    connection: duckdb.DuckDBPyConnection,
    incident: Incident,
    outcome: str,
    forced_reason: str | None,
) -> datetime.datetime:
    """Ends an incident; when that was.

    Raises:
        IncidentError: it is closed, or obligatory steps are not done and no reason is given.
    """
    incident_id = incident.row["incident_id"]
    if incident.row["closed_at"]:
        raise IncidentError(f"{incident_id} is closed since {incident.row['closed_at']} UTC")
    undone = [step["step"] for step in incident.open_steps if step["is_obligatory"]]
    if undone and not forced_reason:
        raise IncidentError(
            f"{incident_id} cannot be closed: not done are {', '.join(undone)}. "
            f"`cdi incident step {incident_id} STEP --done` for each, or --force REASON"
        )
    closed_at = now()
    connection.execute(
        f"update {SCHEMA}.incidents set closed_at = ?, outcome = ?, forced_reason = ? "
        "where incident_id = ?",
        [closed_at, outcome, forced_reason if undone else None, incident_id],
    )
    return closed_at
