"""`cdi`: load the sources, build the models, look at the result."""

from __future__ import annotations

import os
import sys

import duckdb
import typer
from rich.markup import escape

from ingestion import settings
from ingestion.lock import BusyError
from ingestion.pipeline import first_line
from ingestion.storage import StorageError
from scripts import (
    bench,
    build,
    contracts,
    docs,
    identity,
    incident,
    load,
    quarantine,
    reference,
    sandbox_command,
    status,
    strategy,
)
from scripts.audit.cli import audit_command
from scripts.encrypt import command as encrypt
from scripts.extras import needed
from scripts.governance import command as governance
from scripts.pii import command as pii
from scripts.privacy import command as privacy
from scripts.share import command as share
from scripts.storage import command as storage
from scripts.terminal import errors

app = typer.Typer(
    help=(
        "Customer data infrastructure on a laptop: dlt loads raw records from every tool that "
        "knows a customer, dbt works out who is who and builds the marts, one DuckDB file holds "
        "it all."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
)


@app.callback()
def environment() -> None:
    """Makes every command work from any folder, and keeps the tools from calling home.

    Whatever is written is its owner's alone.
    """
    os.umask(0o077)
    os.environ.setdefault("DLT_PROJECT_DIR", str(settings.PROJECT))
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ["CDI_WAREHOUSE"] = str(settings.warehouse())


app.command("load")(load.load_command)
app.command("build", context_settings=build.PASS_THROUGH)(build.build_command)
app.command("audit")(audit_command)
app.command("docs")(docs.docs_command)
app.command("status")(status.status_command)
app.command("strategy")(strategy.strategy_command)
app.add_typer(governance.app, name="governance")
app.add_typer(identity.app, name="identity")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(sandbox_command.app, name="sandbox")
app.add_typer(bench.app, name="bench")
app.add_typer(contracts.app, name="contracts")
app.add_typer(reference.app, name="reference")
app.add_typer(pii.app, name="pii")
app.add_typer(privacy.app, name="privacy")
app.add_typer(share.app, name="share")
app.add_typer(incident.app, name="incident")
app.add_typer(encrypt.app, name="encrypt")
app.add_typer(storage.app, name="storage")


def main() -> None:
    """Runs `cdi`; a warehouse that cannot be opened, or a library missing, is told in a line."""
    try:
        app()
    except (BusyError, StorageError) as refused:
        errors.print(f"[red]{escape(str(refused))}[/red]", soft_wrap=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        if os.environ.get("CDI_DEBUG"):
            raise
        errors.print(f"[red]this {escape(needed(error))}[/red]", soft_wrap=True)
        sys.exit(1)
    except duckdb.Error as error:
        if os.environ.get("CDI_DEBUG"):
            raise
        told = escape(first_line(error))
        errors.print(f"[red]the warehouse cannot be used[/red]: {told}", soft_wrap=True)
        if isinstance(error, duckdb.IOException):
            errors.print("Close what else has it open: DuckDB lets one process write at a time.")
        else:
            errors.print("If it is damaged, nothing was written to it. CDI_DEBUG=1 tells more.")
        sys.exit(1)


if __name__ == "__main__":
    main()
