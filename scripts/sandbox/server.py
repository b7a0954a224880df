"""Serves the sandbox company over HTTP, as the real tools would."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from scripts.sandbox.store import Store

API_VENDORS = ("hubspot", "stripe", "shopify", "zendesk", "klaviyo")
FILE_VENDORS = ("segment_events", "app_database", "files")


@dataclass
class Fault:
    """One way for the server to misbehave.

    Args:
        path: start of the paths it applies to, such as `/hubspot`.
        kind: `status` answers `status`; `drop` closes the connection in the middle of the body;
            `hang` answers only after `seconds`; `page` answers 200 with an HTML error page.
        times: how many requests it spoils before it stops.
        skip: how many requests it lets through first.
        status: for `status`.
        headers: for `status`, such as `{"retry-after": "1"}`.
        seconds: for `hang`.
    """

    path: str
    kind: str = "status"
    times: int = 1
    skip: int = 0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 5.0


def parse_fault(text: str) -> Fault:
    """A fault from the command line: `/hubspot=429:3` spoils three requests.

    Raises:
        ValueError: the text is not `PATH=KIND[:TIMES]`.
    """
    path, separator, told = text.partition("=")
    kind, _, times = told.partition(":")
    if not (path.startswith("/") and separator and (times or "1").isdigit()):
        raise ValueError(f"{text!r} is not PATH=KIND[:TIMES], such as /hubspot=429:3")
    if kind.isdigit():
        return Fault(path, "status", int(times or 1), status=int(kind))
    if kind not in ("drop", "hang", "page"):
        raise ValueError(f"{kind!r} is no status, drop, hang or page")
    return Fault(path, kind, int(times or 1))


class Misbehaviour:
    """Middleware that applies the faults it is given, and remembers every request's path.

    Args:
        app: the application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.faults: list[Fault] = []
        self.requests: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or spoils it when a fault is due."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode()
        self.requests.append(scope["path"] + (f"?{query}" if query else ""))
        fault = self._due(scope["path"])
        if fault is None:
            await self.app(scope, receive, send)
        elif fault.kind == "drop":
            # More is promised than sent: the client sees the connection break in mid-body.
            headers = [(b"content-type", b"application/json"), (b"content-length", b"1000000")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"results": [', "more_body": True})
            raise ConnectionResetError("the sandbox was told to drop this connection")
        else:
            if fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
                await self.app(scope, receive, send)
                return
            response: Response
            if fault.kind == "page":
                response = Response("<html>Scheduled maintenance</html>", media_type="text/html")
            else:
                response = JSONResponse(
                    {"message": "the sandbox was told to fail"}, fault.status, fault.headers
                )
            await response(scope, receive, send)

    def _due(self, path: str) -> Fault | None:
        for fault in self.faults:
            if path.startswith(fault.path) and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None


@dataclass
class Sandbox:
    """A running sandbox.

    Args:
        url: where it listens, such as `http://127.0.0.1:49152`.
        store: its objects; change them to change what the tools answer.
        misbehaviour: add `Fault`s to `misbehaviour.faults` to make it fail.
    """

    url: str
    store: Store
    misbehaviour: Misbehaviour

    def settings(self, folder: Path | None = None) -> dict[str, str]:
        """Environment variables that point every connector at this server.

        Args:
            folder: where the generator wrote the files and the database of the sources that
                have no API; left out, those stay unconfigured.
        """
        variables: dict[str, str] = {}
        for name in API_VENDORS:
            variables |= vendor(name).settings(f"{self.url}/{name}")
        for name in FILE_VENDORS if folder else ():
            variables |= vendor(name).settings(folder)
        return variables


def vendor(name: str) -> ModuleType:
    """The module that renders and serves a vendor."""
    return import_module(f"scripts.sandbox.vendors.{name}")


def application(store: Store) -> Starlette:
    """All five APIs, each under its vendor's name."""
    return Starlette(
        routes=[Mount(f"/{name}", routes=vendor(name).routes(store)) for name in API_VENDORS],
        exception_handlers={Exception: _unexpected},
    )


@contextmanager
def serving(store: Store, host: str = "127.0.0.1", port: int = 0) -> Iterator[Sandbox]:
    """Serves in a thread for as long as the context lasts; port 0 takes a free one.

    Raises:
        RuntimeError: the server did not start, for instance because the port is taken.
    """
    app = Misbehaviour(application(store))
    config = uvicorn.Config(app, host=host, port=port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError(f"the sandbox could not listen on {host}:{port}: is it taken?")
        thread.join(0.01)
    listening = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Sandbox(f"http://{host}:{listening}", store, app)
    finally:
        server.should_exit = True
        thread.join(10)


async def _unexpected(request: Request, error: Exception) -> Response:
    return JSONResponse({"message": f"{type(error).__name__}: {error}"}, 500)
