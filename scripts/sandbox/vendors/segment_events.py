"""The company's Segment calls: a gzipped file a month, one call a line.

As in life, some calls are delivered twice, and a few lines are no calls at all. Those are extra
lines: no call is lost with them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from ingestion.sql import literal

FOLDER = "events"

_CALLS = """
create temp view calls as
select
    message_id,
    received_at,
    -- A merge patch leaves out members without a value, as the libraries do.
    json_merge_patch('{}', to_json({
        'messageId': message_id,
        'type': event_type,
        'event': case when event_type = 'track' then event_name end,
        'name': case when event_type in ('page', 'screen') then event_name end,
        'userId': user_id,
        'anonymousId': anonymous_id,
        'groupId': group_id,
        'previousId': previous_id,
        'timestamp': strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%gZ'),
        'originalTimestamp': strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%gZ'),
        'sentAt': strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%gZ'),
        'receivedAt': strftime(received_at, '%Y-%m-%dT%H:%M:%S.%gZ'),
        'channel': 'client',
        'version': 2,
        'context': {
            'library': {'name': 'analytics.js', 'version': '2.11.1'},
            'ip': ip,
            'userAgent': user_agent,
            'device': {'type': device_type},
            'page': {
                'url': page_url, 'path': page_path, 'title': page_title, 'referrer': referrer
            },
            'campaign': {'source': utm_source, 'medium': utm_medium, 'name': utm_campaign}
        },
        'properties': case when event_type in ('track', 'page', 'screen') then properties end,
        'traits': case when event_type in ('identify', 'group') then traits end,
        'integrations': {'All': true}
    })) as call
from world.web_events
"""

_LINES = """
create temp view lines as
select received_at, message_id, 0 as place, cast(call as varchar) as line
from calls
union all by name
select received_at, message_id, 1 as place, cast(call as varchar) as line
from calls
where md5_number_lower(message_id || ' again') % 500 = 0
union all by name
select
    received_at,
    message_id,
    2 as place,
    case md5_number_lower(message_id || ' fault') % 4
        when 0 then left(cast(call as varchar), 200)
        when 1 then cast(json_merge_patch(call, '{"messageId": null}') as varchar)
        when 2 then cast(json_merge_patch(call, '{"timestamp": "yesterday"}') as varchar)
        else cast(json_merge_patch(call, '{"type": "heartbeat"}') as varchar)
    end as line
from calls
where md5_number_lower(message_id || ' broken') % 500 = 0
union all by name
-- A release of the app that the tracking plan did not know of.
select
    received_at,
    message_id || '-unplanned' as message_id,
    3 as place,
    cast(json_merge_patch(
        call,
        json_object(
            'messageId', message_id || '-unplanned',
            'properties',
            case
                when call ->> '$.event' = 'Trial Started' then json_object('plan', 'Enterprise')
                when md5_number_lower(message_id || ' unplanned') % 2 = 0
                    then json_object('price', '46,00')
                else json_object('product_id', null)
            end
        )
    ) as varchar) as line
from calls
where
    call ->> '$.event' in ('Product Viewed', 'Product Added', 'Trial Started')
    and md5_number_lower(message_id || ' unplanned') % 100 < 3
"""


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes `folder/events/YYYY/MM/calls.jsonl.gz` from the tables of the schema `world`."""
    root = folder / FOLDER
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    with connection.cursor() as cursor:
        cursor.execute(_CALLS)
        cursor.execute(_LINES)
        months = cursor.execute(
            "select distinct date_trunc('month', received_at) from world.web_events order by all"
        ).fetchall()
        for (month,) in months:
            file = root / f"{month:%Y}" / f"{month:%m}" / "calls.jsonl.gz"
            file.parent.mkdir(parents=True)
            # As CSV of one column, with no character to quote, escape or part fields with.
            cursor.execute(
                f"""
                copy (
                    select line from lines
                    where received_at >= '{month}'
                        and received_at < timestamp '{month}' + interval 1 month
                    order by received_at, message_id, place
                ) to {literal(file)} (
                    format csv, header false, quote '', escape '', delimiter '\x1f',
                    compression gzip
                )
                """
            )


def settings(folder: Path) -> dict[str, str]:
    """Environment variables that point the connector at the files in `folder`."""
    return {"SOURCES__SEGMENT_EVENTS__BUCKET_URL": str((folder / FOLDER).resolve())}
