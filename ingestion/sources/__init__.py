"""One package a source. `SOURCES` is the only list of them."""

from __future__ import annotations

SOURCES: tuple[str, ...] = (
    "hubspot",
    "stripe",
    "shopify",
    "zendesk",
    "klaviyo",
    "segment_events",
    "app_database",
    "files",
)
