"""`cdi privacy`: what people ask of their data, done and proved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from ingestion import settings
from scripts.privacy import access as accessing
from scripts.privacy import erase as erasing
from scripts.privacy import rectify as rectifying
from scripts.privacy import requests as requested
from scripts.privacy import retain as retaining
from scripts.privacy import suppress as suppressing
from scripts.privacy.register import Asked, RequestError, moment, now
from scripts.privacy.requests import UNBUILT, Law, Received
from scripts.privacy.subjects import UnknownPersonError
from scripts.terminal import console, count, errors, refuse, shown

WHO = "E-mail address, telephone number, customer id, `source:record id` …"

FromFile = Annotated[
    Path | None,
    typer.Option("--from", exists=True, dir_okay=False, help="A file with one person a line."),
]
ForGood = Annotated[
    bool, typer.Option("--for-good/--dry-run", help="Do it; without, it is only shown.")
]

app = typer.Typer(help="What people ask of their data, done and proved.", no_args_is_help=True)


@app.callback()
def privacy_group() -> None:
    """What people ask of their data, done and proved."""


app.add_typer(requested.app, name="request")
app.command("status")(requested.status_command)


@app.command()
def access(
    identifier: Annotated[
        str,
        typer.Argument(help=WHO),
    ],
    law: Law = None,
    received: Received = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what is held; write and note nothing.")
    ] = False,
) -> None:
    """Write down everything that is held of a person: a page for them, and a file for machines.

    Members of their household are left out, and so is what names other people.
    """
    _need_warehouse()
    try:
        if dry_run:
            _show_held(accessing.tell(identifier))
            console.print("nothing was written")
            return
        answer = accessing.answer(identifier, Asked(law, moment("--received", received)))
    except (UnknownPersonError, RequestError) as error:
        refuse(str(error))
    except duckdb.CatalogException:
        refuse(UNBUILT)
    _show_held(answer.told)
    for file in (answer.page, answer.document):
        console.print(f"written: {shown(file)}", soft_wrap=True)
    console.print(
        f"when it has been sent: cdi privacy request close {answer.request_id} --outcome sent",
        soft_wrap=True,
    )


def _show_held(told: accessing.Document) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("category")
    table.add_column("values", justify="right")
    table.add_column("purposes")
    for one in told["categories"]:
        purposes = ", ".join(each["purpose"] for each in one["purposes"])
        table.add_row(one["category"], count(one["value_count"]), purposes)
    console.print(table)
    entries = sum(len(one["rows"]) for one in told["received"])
    sources = sorted({one["source"] for one in told["received"]})
    made = sum(len(one["rows"]) for one in told["made"])
    console.print(
        f"{count(len(told['records']))} records; {count(entries)} rows received from "
        f"{', '.join(sources)}, {count(made)} made of them"
    )
    if told["withheld"]:
        console.print(f"{count(told['withheld'])} mentions of other people are left out")


@app.command()
def suppress(
    identifiers: Annotated[list[str] | None, typer.Argument(help=WHO)] = None,
    file: FromFile = None,
    purpose: Annotated[
        list[str] | None, typer.Option(help="Only for this purpose; give it again for more.")
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Only by this channel; give it again for more.")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="End it again.")] = False,
    law: Law = None,
    received: Received = None,
    for_good: ForGood = False,
) -> None:
    """Leave people alone: they are not contacted, whatever they once agreed to.

    It holds for all their records, from the next build on. Without `--for-good` it is only shown.
    """
    asked = _asked(identifiers, file, "suppress")
    _need_warehouse()
    try:
        pairs = suppressing.pairs_of(purpose or (), channel or ())
        for planned in suppressing.plan(asked, pairs):
            _show_contact(planned, lift)
        if not for_good:
            console.print("nothing was changed; add --for-good to do it")
            return
        how = Asked(law, moment("--received", received))
        done = suppressing.change(asked, pairs, how, lift)
    except (UnknownPersonError, RequestError) as error:
        refuse(str(error))
    except duckdb.CatalogException:
        refuse(UNBUILT)
    if not done:
        console.print("nothing to lift" if lift else "that is in force already")
    for request_id in done:
        told = "lifted" if lift else "suppressed"
        console.print(f"{request_id}: {told}, from the next `cdi build` on", soft_wrap=True)


@app.command()
def rectify(
    identifier: Annotated[str, typer.Argument(help=WHO)],
    corrections: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ATTRIBUTE=VALUE", help="What is right; empty for nothing."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--from", exists=True, dir_okay=False, help="A file with one a line."),
    ] = None,
    law: Law = None,
    received: Received = None,
    for_good: ForGood = False,
) -> None:
    """Put right what is wrong of a person. It holds against every source, from the next build on.

    Without `--for-good` it is only shown. The sources keep what they have: put it right there, too.
    """
    _need_warehouse()
    try:
        lines = file.read_text("utf-8").splitlines() if file else []
        values = rectifying.read([*(corrections or []), *(one for one in lines if one.strip())])
        if not for_good:
            _show_correction(rectifying.plan(identifier, values))
            console.print("nothing was changed; add --for-good to do it")
            return
        how = Asked(law, moment("--received", received))
        request_id, done = rectifying.rectify(identifier, values, how)
    except (UnknownPersonError, RequestError) as error:
        refuse(str(error))
    except duckdb.CatalogException:
        refuse(UNBUILT)
    _show_correction(done)
    console.print(f"{request_id}: put right, from the next `cdi build` on", soft_wrap=True)


def _show_contact(planned: suppressing.Change, lift: bool) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("purpose", "channel", "may contact now", "then"):
        table.add_column(name)
    for (purpose, channel), may_contact in planned.may_contact.items():
        then = "as consent says" if lift else "no"
        table.add_row(purpose, channel, "yes" if may_contact else "no", then)
    console.print(table)
    subject = planned.subject
    console.print(f"{subject.customer_id}, {count(len(subject.records))} records")


def _show_correction(planned: rectifying.Correction) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("attribute", "now", "then"):
        table.add_column(name, overflow="fold")
    for attribute in [*planned.before, *(planned.after.keys() - planned.before.keys())]:
        before = planned.before.get(attribute)
        after = planned.after.get(attribute, before)
        then = escape(after or "")
        table.add_row(
            attribute, escape(before or ""), then if after == before else f"[bold]{then}[/bold]"
        )
    console.print(table)
    subject = planned.subject
    console.print(f"{subject.customer_id}, {count(len(subject.records))} records")


@app.command()
def erase(
    identifiers: Annotated[list[str] | None, typer.Argument(help=WHO)] = None,
    file: FromFile = None,
    law: Law = None,
    received: Received = None,
    for_good: ForGood = False,
) -> None:
    """Erase people from everything the project has written, and prove that nothing is left.

    Without `--for-good` it shows what would go. Members of their household stay.
    """
    asked = _asked(identifiers, file, "erase")
    _need_warehouse()
    try:
        if not for_good:
            _show(erasing.plan(asked))
            console.print("nothing was changed; add --for-good to do it")
            return
        how = Asked(law, moment("--received", received))
        receipts = erasing.erase(asked, how, lambda step: errors.print(f"[dim]{step} …[/dim]"))
    except (UnknownPersonError, RequestError, erasing.NotProvedError) as error:
        refuse(str(error))
    except duckdb.CatalogException:
        refuse(UNBUILT)
    for receipt in receipts:
        console.print(f"erased and proved: {shown(receipt)}", soft_wrap=True)


@app.command()
def retain(
    as_of: Annotated[
        str | None,
        typer.Option(help="Judge as of then (ISO 8601, UTC unless it says): now, by default."),
    ] = None,
    for_good: ForGood = False,
) -> None:
    """Take out what is past its time (retention.csv): people, or classes of their data.

    Without `--for-good` it shows what would go. Run `cdi build` afterwards.
    """
    _need_warehouse()
    try:
        judged_at = moment("--as-of", as_of, to_come=not for_good) or now()
        due, planned = retaining.plan(judged_at)
        _show_due(due, planned)
        if not for_good:
            console.print("nothing was changed; add --for-good to do it")
            return
        _, receipt = retaining.retain(judged_at, lambda step: errors.print(f"[dim]{step} …[/dim]"))
    except (RequestError, erasing.NotProvedError) as error:
        refuse(str(error))
    except duckdb.CatalogException:
        refuse(UNBUILT)
    if receipt:
        console.print(
            f"taken out and proved: {shown(receipt)}; now run `cdi build`", soft_wrap=True
        )


def _show_due(due: retaining.Due, planned: erasing.Plan) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("class")
    table.add_column("outcome")
    table.add_column("people", justify="right")
    for pii, people in due.by_class.items():
        table.add_row(pii, due.outcomes[pii], count(people))
    table.add_row("all of them", "erase", count(len(due.whole)))
    console.print(table)
    fields = sum(
        number for relation, number in planned.mentions.items() if relation.startswith("raw_")
    )
    raw = sum(number for relation, number in planned.rows.items() if relation.startswith("raw_"))
    console.print(
        f"past their time at {due.judged_at:%Y-%m-%d %H:%M:%S} UTC: {count(fields)} fields and "
        f"{count(raw)} rows that sources sent, and what was made of them"
    )


def _show(planned: erasing.Plan) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("mentions", justify="right")
    for relation in sorted(planned.rows | planned.mentions):
        table.add_row(
            relation,
            count(planned.rows.get(relation, 0)),
            count(planned.mentions[relation]) if relation in planned.mentions else "",
        )
    console.print(table)
    people, records = len(planned.subjects), sum(len(one.records) for one in planned.subjects)
    sources = sorted({source for one in planned.subjects for source, _ in one.records})
    console.print(
        f"{count(people)} {'person' if people == 1 else 'people'}, {count(records)} records; "
        f"known to {', '.join(sources)}, where they have to be erased, too"
    )
    if planned.shared:
        console.print(f"{count(planned.shared)} identifiers they share stay with the others")


def _asked(identifiers: list[str] | None, file: Path | None, command: str) -> list[str]:
    asked = [*(identifiers or []), *(file.read_text("utf-8").splitlines() if file else [])]
    asked = [one for one in asked if one.strip()]
    if not asked:
        refuse(f"name at least one person: cdi privacy {command} IDENTIFIER, or --from FILE")
    return asked


def _need_warehouse() -> None:
    if not settings.warehouse().exists():
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` and `cdi build`")
