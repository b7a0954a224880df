"""Mail domains, from `disposable-email-domains`."""

from __future__ import annotations

from disposable_email_domains import blocklist


def seeds() -> dict[str, list[dict[str, str]]]:
    """Rows of each seed, by its path below `dbt_project/seeds`."""
    return {"reference/disposable_email_domains": [{"domain": name} for name in sorted(blocklist)]}
