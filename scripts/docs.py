"""`cdi docs`: the lineage site, and the pages beside it, as static files."""

from __future__ import annotations

import functools
import http.server
from pathlib import Path
from typing import Annotated

import typer

from ingestion import settings, storage
from scripts.dbt_runner import dbt
from scripts.site import write_pages
from scripts.terminal import console, shown


def site() -> Path:
    """The lineage site."""
    return settings.dbt_target() / "site" / "index.html"


def docs_command(
    serve: Annotated[bool, typer.Option("--serve", help="Then serve the site.")] = False,
    port: Annotated[int, typer.Option(help="Port to serve on; 0 takes a free one.")] = 8080,
) -> None:
    """Write the lineage site, the data dictionary, the diagram and the tracking plan."""
    if settings.warehouse().exists():
        # That it cannot be opened is told in a line here, and in several by dbt.
        storage.connect(settings.warehouse(), read_only=True).close()
    # A target of its own: `run_results.json` goes on telling of the last build.
    folder = site().parent
    parsed = settings.dbt_target() / "partial_parse.msgpack"
    code = dbt(
        "docs generate",
        *("--static", "--quiet", "--target-path", str(folder)),
        *("--partial-parse-file-path", str(parsed)),
    )
    if code:
        raise typer.Exit(code)
    (folder / "static_index.html").replace(site())
    write_pages(folder)
    console.print(f"lineage site: {shown(site())}", soft_wrap=True)
    if serve:
        handler = functools.partial(QuietHandler, directory=str(site().parent))
        with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            console.print(f"serving at http://127.0.0.1:{server.server_address[1]} (Ctrl-C stops)")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                raise typer.Exit from None


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each request."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""
