"""`cdi privacy request` and `status`: requests that are noted, and what is due of them."""

from __future__ import annotations

from typing import Annotated, Any

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from ingestion import privacy
from ingestion.lock import exclusive
from scripts.incident.exposure import is_impersonal
from scripts.privacy import register
from scripts.privacy.register import RequestError
from scripts.privacy.subjects import Subject, UnknownPersonError, find
from scripts.terminal import console, count, errors, refuse

app = typer.Typer(help="Note requests, and what the person was told of them.", no_args_is_help=True)

UNBUILT = "people are found through who is who: run `cdi build` first"

RequestId = Annotated[str, typer.Argument(metavar="ID", help="The request.")]
At = Annotated[
    str | None,
    typer.Option("--at", help="When (ISO 8601, UTC unless it says): now, by default."),
]
Law = Annotated[
    str | None, typer.Option(help="Law it is asked under (privacy_laws.csv): gdpr, by default.")
]
Received = Annotated[
    str | None,
    typer.Option(help="When it came (ISO 8601, UTC unless it says): now, by default."),
]


@app.callback()
def request_group() -> None:
    """Note requests, and what the person was told of them."""


@app.command("open")
def open_command(
    kind: Annotated[str, typer.Argument(help="access, erase, suppress or rectify.")],
    identifier: Annotated[str, typer.Argument(help="Whose it is, as for the command itself.")],
    law: Law = None,
    received: Received = None,
) -> None:
    """Note a request that is not carried out at once, so that its term is watched.

    `cdi privacy access`, `erase`, `suppress` and `rectify` find it again, and note themselves what
    was not noted before.
    """
    try:
        if kind not in register.KINDS:
            raise RequestError(f"{kind} is none of {', '.join(register.KINDS)}")
        asked = register.Asked(law, register.moment("--received", received))
        with register.opened(read_only=True) as connection:
            subject = _subject(connection, identifier)
        with exclusive("cdi privacy request"), register.opened() as connection:
            row = _noted(connection, kind, subject, identifier, asked)
            privacy.write_request(connection, row)
            noted = register.one(connection, row["request_id"])
    except (RequestError, UnknownPersonError) as error:
        refuse(str(error))
    except duckdb.CatalogException:
        refuse(UNBUILT)
    known = "" if noted["record_count"] else "; nothing is known of them: answer that"
    console.print(f"{row['request_id']} noted{known}; {_due(noted)}", soft_wrap=True)


@app.command()
def acknowledge(request_id: RequestId, at: At = None) -> None:
    """Note that the person was told that their request came."""
    _mark(request_id, "acknowledged_at", at)


@app.command()
def extend(request_id: RequestId, at: At = None) -> None:
    """Note that the person was told that it takes longer, and why."""
    _mark(request_id, "extended_at", at)


@app.command()
def close(
    request_id: RequestId,
    outcome: Annotated[str, typer.Option(help="What came of it; without personal data.")],
    at: At = None,
) -> None:
    """Note that a request was answered, or refused."""
    if not outcome.strip() or not is_impersonal(outcome):
        refuse("--outcome says what came of it, without an e-mail address or a phone number")
    _mark(request_id, "completed_at", at, outcome)


def status_command() -> None:
    """List requests with what is due of them. Nothing is said of a person."""
    try:
        with register.opened(read_only=True) as connection:
            found = register.judged(connection)
    except RequestError as error:
        refuse(str(error))
    if not found:
        console.print("no request is written down")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("request", "kind", "law", "received (UTC)", "state", "due (UTC)", ""):
        table.add_column(name, no_wrap=bool(name), overflow="fold")
    for row in found:
        if row["is_overdue"]:
            told = "[red]overdue[/red]"
        elif row["completed_at"]:
            told = escape(row["outcome"] or "") + (" [red](late)[/red]" if row["was_late"] else "")
        else:
            told = "extended" if row["is_extended"] else ""
        due = row["completed_at"] or row["next_due_at"]
        table.add_row(
            row["request_id"], row["kind"], row["law"], _time(row["received_at"]), row["state"],
            _time(due), told,
        )  # fmt: skip
    console.print(table)
    unanswered = [row for row in found if not row["completed_at"]]
    late = sum(row["is_overdue"] for row in unanswered)
    console.print(f"{count(len(unanswered))} to answer, {count(late)} overdue")


def _subject(connection: duckdb.DuckDBPyConnection, identifier: str) -> Subject | None:
    """Who is known by an identifier; nobody has a right to be told so, within the same term."""
    try:
        (subject,) = find(connection, [identifier])
    except UnknownPersonError as unknown:
        if not unknown.is_nobody:
            raise
        return None
    return subject


def _noted(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    subject: Subject | None,
    identifier: str,
    asked: register.Asked,
) -> dict[str, Any]:
    if subject is not None:
        return register.note(connection, kind, subject, asked)
    law = asked.law or "gdpr"
    register.check_law(law, kind)
    return {
        "request_id": register.new_id(connection),
        "kind": kind,
        "law": law,
        "subject": register.hash_of(identifier),
        "records": 0,
        "received_at": asked.received_at or register.now(),
    }


def _mark(request_id: str, column: str, at: str | None, outcome: str | None = None) -> None:
    try:
        when = register.moment("--at", at) or register.now()
        with exclusive("cdi privacy request"), register.opened() as connection:
            request = register.one(connection, request_id)
            if request["completed_at"]:
                raise RequestError(
                    f"{request_id} is answered since {_time(request['completed_at'])} UTC"
                )
            if when < request["received_at"]:
                raise RequestError(f"--at is before it came: {_time(request['received_at'])} UTC")
            row = {"request_id": request_id, column: when}
            privacy.write_request(connection, row | ({"outcome": outcome} if outcome else {}))
            marked = register.one(connection, request_id)
    except RequestError as error:
        refuse(str(error))
    if column == "extended_at" and not marked["is_extended"]:
        errors.print(
            "that does not extend it: the law knows no such term, or the first one was over",
            soft_wrap=True,
        )
    console.print(f"{request_id}: {_due(marked)}", soft_wrap=True)


def _due(row: dict[str, Any]) -> str:
    if row["completed_at"]:
        return "answered late" if row["was_late"] else "answered in time"
    overdue = " (overdue)" if row["is_overdue"] else ""
    return f"{row['state']} until {_time(row['next_due_at'])} UTC{overdue}"


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "no term"
