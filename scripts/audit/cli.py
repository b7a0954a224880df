"""`cdi audit`: what files and sources hold, and what is to be mended."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ingestion import settings
from ingestion.pipeline import SourceError
from ingestion.sources import SOURCES
from scripts.audit import files, proposal, suspicion, warehouse
from scripts.audit.edits import edits_of
from scripts.audit.findings import Audit
from scripts.audit.page import page
from scripts.audit.profile import profiled
from scripts.audit.report import shown_audit
from scripts.terminal import console, count, errors, shown


def audit_command(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE|FILE]...",
            help="Sources, files, or patterns of files; by default every source that holds rows. "
            f"Sources: {', '.join(SOURCES)}.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with charts, too.")
    ] = None,
    cells: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="List the cells of a file that look wrong: a CSV."),
    ] = None,
    fix_list: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what the owner of a source is to mend, with the values: a CSV.",
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Add the proposed entry of a file to files.yml.")
    ] = False,
) -> None:
    """Show how data is stored, how complete, valid, distinct and old it is, and what to mend.

    A file is audited before any load, a source as it was last built. No value is shown but as its
    shape, such as `Aaaa 99`; only the list for a source's owner holds values.
    """
    sources, paths = _resolved(targets or [])
    if fix_list and (len(sources), len(paths)) != (1, 0):
        raise typer.BadParameter("name one source", param_hint="--fix-list")
    if cells and (len(sources), len(paths)) != (0, 1):
        raise typer.BadParameter("name one file", param_hint="--cells")
    if write and not paths:
        raise typer.BadParameter("name a file", param_hint="--write")
    try:
        audits = [_of_file(path, cells, write) for path in paths]
        if sources or not targets:
            audits += warehouse.audited(sources or list(SOURCES), with_empty=bool(sources))
        fixes = warehouse.write_fix_list(sources[0], fix_list) if fix_list else None
        if html:
            html.write_text(page(audits), "utf-8")
    except (SourceError, warehouse.NotBuiltError, OSError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        console.out(json.dumps({"audits": [dataclasses.asdict(a) for a in audits]},
                               default=str, ensure_ascii=False, indent=2))  # fmt: skip
        return
    for number, audit in enumerate(audits):
        if number:
            console.print()
        console.print(shown_audit(audit, with_columns=bool(targets), width=min(console.width, 120)))
    if not audits:
        console.print("no source holds rows: run `cdi load` and `cdi build`, or name a file")
    if cells:
        console.print(f"cells that look wrong: {shown(cells.absolute())}", soft_wrap=True)
    if fixes is not None and fix_list:
        console.print(
            f"{count(fixes)} values to mend, for the owner alone: {shown(fix_list.absolute())}",
            soft_wrap=True,
        )
    if html:
        console.print(f"page: {shown(html.absolute())}", soft_wrap=True)


def _resolved(targets: list[str]) -> tuple[list[str], list[str]]:
    """Targets as names of sources, and files.

    Raises:
        typer.BadParameter: one of them is neither.
    """
    sources, paths = [], []
    for target in dict.fromkeys(targets):
        if target in SOURCES:
            sources.append(target)
            continue
        try:
            found = files.found(target)
        except (OSError, ImportError, ValueError) as error:
            raise typer.BadParameter(f"{target}: {error}") from None
        if not found:
            known = ", ".join(SOURCES)
            what = "is a folder: name its files" if Path(target).is_dir() else "no such file, nor"
            what += "" if Path(target).is_dir() else f" a source; the sources are {known}"
            raise typer.BadParameter(f"{target}: {what}")
        paths += found
    by_place = {path if "://" in path else str(Path(path).resolve()): path for path in paths}
    return sources, list(by_place.values())


def _of_file(path: str, cells: Path | None, write: bool) -> Audit:
    """Audit of one file.

    Raises:
        SourceError: it cannot be read, or its entry cannot be added to files.yml.
    """
    as_of = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    with files.opened(path) as raw:
        profile = profiled(raw, as_of)
        entry = proposal.proposed(raw, profile)
        audit = Audit(
            name=path if "://" in path else shown(Path(path).absolute()),
            kind="file",
            tables=[profile.table],
            edits=[],
            written=raw.written,
            unreadable=dict(raw.unreadable),
            remarks=raw.remarks,
            suspicions=suspicion.suspected(raw, profile),
            proposal=proposal.as_yaml(entry) if raw.columns else None,
        )
        if cells:
            suspicion.write_suspects(raw, cells)
    if write:
        name = proposal.add(entry, settings.files_mapping())
        errors.print(f"added to {shown(settings.files_mapping())}: {name}", soft_wrap=True)
    return dataclasses.replace(audit, edits=edits_of(audit, profile.key))
