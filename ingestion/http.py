"""How every REST and GraphQL source talks to its server: dlt's retries, by dlt's settings."""

from __future__ import annotations

from dlt.common.configuration.resolve import resolve_configuration
from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.sources.helpers.requests import Client, Session
from dlt.sources.helpers.requests.retry import RetryPredicate
from requests import Response


def session(*must_be_repeated: RetryPredicate) -> Session:
    """A session that repeats what may succeed the next time.

    That is 429 (after the time the server names), any 5xx, a lost connection, a time-out, and an
    error page sent as 200. How often and how patiently is set under `[runtime]` in
    `.dlt/config.toml`: a client of its own making would not read those settings.

    Args:
        must_be_repeated: what else is worth repeating, told by the response or the exception.
    """
    client = Client(raise_for_status=False, retry_condition=[is_error_page, *must_be_repeated])
    client.update_from_config(resolve_configuration(RuntimeConfiguration()))
    return client.session


def is_error_page(response: Response | None, exception: BaseException | None) -> bool:
    """Whether a server of JSON answered 200 with something else, such as a maintenance page."""
    if response is None or not response.ok:
        return False
    return "json" not in response.headers.get("content-type", "")
