"""Reading HubSpot: paging that no change can upset, and associations in batches."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, cast

import pydantic
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.client import raise_for_status
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response

from ingestion.pipeline import SourceError

KEYSET = "hs_object_id"
BATCH_SIZE = 1000

_MOMENT = pydantic.TypeAdapter(datetime.datetime)


class IdKeysetPaginator(BasePaginator):
    """Pages through a search sorted by id: each page asks for the ids after the last one read.

    HubSpot's own `after` is an offset. It ends at 10,000 results, and when an object that was read
    already leaves the results, all later ones move up and one is missed at the next page's edge.
    Ids do not change, so with them neither can happen. The request must have a filter on the id.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last_id: str | None = None

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Remembers the last id of a page.

        Raises:
            SourceError: the page goes back to ids already read.
        """
        self._has_next_page = bool(data) and "paging" in response.json()
        if data:
            last_id = data[-1]["id"]
            if self._last_id is not None and int(last_id) <= int(self._last_id):
                raise SourceError(f"the search does not get past {KEYSET} {self._last_id}")
            self._last_id = last_id

    def update_request(self, request: Request) -> None:
        """Asks for what comes after the last id."""
        body = cast(dict[str, Any], request.json)
        for condition in body["filterGroups"][0]["filters"]:
            if condition["propertyName"] == KEYSET:
                condition["value"] = self._last_id


def search(
    properties: list[str], last_modified: str, before: datetime.datetime, page_size: int
) -> dict[str, Any]:
    """Body of a search for the objects last modified from the cursor to `before`, in order of id.

    Args:
        properties: names of the properties to send.
        last_modified: name of the property that holds when an object was last modified.
        before: end of the window, itself not included.
        page_size: results a page, up to 200.
    """
    return {
        "filterGroups": [
            {
                "filters": [
                    {
                        "propertyName": last_modified,
                        "operator": "GTE",
                        "value": "{incremental.start_value}",
                    },
                    {
                        "propertyName": last_modified,
                        "operator": "LT",
                        "value": milliseconds(before),
                    },
                    {"propertyName": KEYSET, "operator": "GT", "value": "0"},
                ]
            }
        ],
        "sorts": [{"propertyName": KEYSET, "direction": "ASCENDING"}],
        "properties": properties,
        "limit": page_size,
    }


def milliseconds(moment: datetime.datetime) -> str:
    """A moment as searches compare it: milliseconds since 1970, as text."""
    return str(round(moment.timestamp() * 1000))


def with_times(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its cursors as times: as text they do not sort, for `.000` is left out."""
    for field in ("updatedAt", "archivedAt"):
        if record.get(field):
            record[field] = _MOMENT.validate_python(record[field])
    return record


def associations(
    client: RESTClient, from_type: str, to_type: str, ids: list[str]
) -> Iterator[dict[str, Any]]:
    """All associations of some objects with objects of another type.

    Args:
        client: client of the API.
        from_type: plural name of the type of the objects, such as `contacts`.
        to_type: plural name of the associated type, such as `companies`.
        ids: ids of the objects.

    Yields:
        `{"id": …, "to": [{"toObjectId": …, "associationTypes": […]}, …]}` for each id.

    Raises:
        SourceError: HubSpot could not read the associations of an object.
    """
    for start in range(0, len(ids), BATCH_SIZE):
        found: dict[str, list[dict[str, Any]]] = {
            object_id: [] for object_id in ids[start : start + BATCH_SIZE]
        }
        inputs: list[dict[str, str]] = [{"id": object_id} for object_id in found]
        while inputs:
            response = client.post(
                f"crm/v4/associations/{from_type}/{to_type}/batch/read",
                json={"inputs": inputs},
                hooks={"response": [raise_for_status]},
            )
            batch = response.json()
            for error in batch.get("errors", []):
                # An object without associations, or gone meanwhile, is reported as not found.
                if error["category"] != "OBJECT_NOT_FOUND":
                    raise SourceError(f"{error['category']} in a batch answered 207")
            inputs = []
            for result in batch["results"]:
                object_id = result["from"]["id"]
                found[object_id].extend(result["to"])
                if "paging" in result:
                    inputs.append({"id": object_id, "after": result["paging"]["next"]["after"]})
        for object_id, to in found.items():
            yield {"id": object_id, "to": to}
