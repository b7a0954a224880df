"""`cdi privacy`: what people ask of their data, done and proved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.table import Table

from ingestion import settings
from scripts.privacy import access as accessing
from scripts.privacy import erase as erasing
from scripts.privacy import requests as requested
from scripts.privacy.register import Asked, RequestError, moment
from scripts.privacy.requests import UNBUILT, Law, Received, refuse
from scripts.privacy.subjects import UnknownPersonError
from scripts.terminal import console, count, errors, shown

WHO = "E-mail address, telephone number, customer id, `source:record id` …"

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
def erase(
    identifiers: Annotated[
        list[str] | None,
        typer.Argument(help=WHO),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--from", exists=True, dir_okay=False, help="A file with one a line."),
    ] = None,
    law: Law = None,
    received: Received = None,
    for_good: Annotated[
        bool, typer.Option("--for-good/--dry-run", help="Do it; without, it is only shown.")
    ] = False,
) -> None:
    """Erase people from everything the project has written, and prove that nothing is left.

    Without `--for-good` it shows what would go. Members of their household stay.
    """
    asked = [*(identifiers or []), *(file.read_text("utf-8").splitlines() if file else [])]
    asked = [one for one in asked if one.strip()]
    if not asked:
        refuse("name at least one person: cdi privacy erase IDENTIFIER, or --from FILE")
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


def _need_warehouse() -> None:
    if not settings.warehouse().exists():
        refuse(f"no warehouse at {shown(settings.warehouse())}: run `cdi load` and `cdi build`")
