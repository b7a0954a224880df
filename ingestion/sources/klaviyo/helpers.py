"""What Klaviyo's JSON:API asks of a connector."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator
from dlt.sources.rest_api.typing import IncrementalConfig
from pydantic import TypeAdapter
from requests import Response

from ingestion.pipeline import SourceError

_MOMENT = TypeAdapter(datetime.datetime)
_BEGINNING = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class NextLinkPaginator(JSONLinkPaginator):
    """Follows `links.next`, as long as it leads on."""

    def __init__(self) -> None:
        super().__init__(next_url_path="links.next")

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Reads the link to the next page.

        Raises:
            SourceError: the link leads to the page it stands on.
        """
        before = self._next_reference
        super().update_state(response, data)
        if self._has_next_page and self._next_reference == before:
            raise SourceError("the link to the next page leads to the same page again")


def lifted(attribute: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A step that copies a moment among the attributes to the top, where dlt can compare it.

    Args:
        attribute: name of the attribute, which becomes the name of the field.

    Returns:
        A function of a record, which adds the moment in UTC, or null where there is none.
    """

    def lift(record: dict[str, Any]) -> dict[str, Any]:
        value = (record.get("attributes") or {}).get(attribute)
        moment = None
        if value is not None:
            moment = _MOMENT.validate_python(value)
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
            moment = zoned.astimezone(datetime.UTC)
        return {**record, attribute: moment}

    return lift


def since_last(attribute: str) -> IncrementalConfig:
    """Dlt's cursor on a lifted attribute.

    Profiles can be asked for by `greater-than` alone, so a load asks for one second more than is
    new, and what was delivered before is recognised by id and content: a record that changed again
    within the second of the last load is not mistaken for it.
    """
    return {
        "cursor_path": attribute,
        "initial_value": _BEGINNING,
        "convert": a_second_before,
        "on_cursor_value_missing": "include",
        "primary_key": ["id", "attributes"],
    }


def a_second_before(moment: datetime.datetime) -> str:
    """The whole second before a moment, as Klaviyo's filters write it."""
    before = moment.replace(microsecond=0) - datetime.timedelta(seconds=1)
    return before.strftime("%Y-%m-%dT%H:%M:%SZ")
