"""Paging of Zendesk's incremental exports, of which there are two kinds."""

from __future__ import annotations

from typing import Any

import dlt
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response

from ingestion.pipeline import SourceError


class ExportPaginator(BasePaginator):
    """Follows an export until it says `end_of_stream`.

    Args:
        position_field: field of a page that says where the export stands.
        position_param: parameter that asks for what comes after it.
    """

    def __init__(self, position_field: str, position_param: str) -> None:
        super().__init__()
        self._field = position_field
        self._param = position_param
        self._position: Any = None

    def init_request(self, request: Request) -> None:
        """Starts from the parameters of the request."""
        self._position = request.params.get(self._param)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Reads from a page where the export stands.

        Raises:
            SourceError: the body is not a page of an export, or the export goes round in circles.
        """
        page = response.json()
        if not isinstance(page, dict) or "end_of_stream" not in page:
            raise SourceError("the answer is not a page of an incremental export")
        before, self._position = self._position, page.get(self._field) or self._position
        self._has_next_page = not page["end_of_stream"]
        if self._has_next_page and str(self._position) == str(before):
            raise SourceError(f"the export does not get past {self._field} {before}")

    def update_request(self, request: Request) -> None:
        """Asks for the next page."""
        request.params[self._param] = self._position


class CursorExportPaginator(ExportPaginator):
    """Follows a cursor-based export, and goes on in the next load where this one ended.

    The cursor is kept with the resource's state, which is saved only when the whole load succeeds.
    """

    def __init__(self) -> None:
        super().__init__("after_cursor", "cursor")

    def init_request(self, request: Request) -> None:
        """Starts from the cursor of the last load, if there is one."""
        super().init_request(request)
        self._position = dlt.current.resource_state().get("after_cursor")
        if self._position:
            self.update_request(request)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Reads the cursor of a page, and remembers it."""
        super().update_state(response, data)
        dlt.current.resource_state()["after_cursor"] = self._position

    def update_request(self, request: Request) -> None:
        """Asks for the next page; a cursor stands in for the start time."""
        super().update_request(request)
        request.params.pop("start_time", None)


class TimeExportPaginator(ExportPaginator):
    """Follows a time-based export, whose pages overlap by the records of one second."""

    def __init__(self) -> None:
        super().__init__("end_time", "start_time")
