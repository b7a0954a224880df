with

source as (

    select * from {{ source('segment_events', 'events') }}

),

renamed as (

    select
        ---------- ids
        message_id as event_id,
        user_id,
        anonymous_id,
        group_id,
        previous_id,

        ---------- text
        type as event_type,
        coalesce(event, name) as event_name,
        channel,
        version,
        {{ json_text('context', 'page.url') }} as page_url,
        {{ json_text('context', 'page.path') }} as page_path,
        {{ json_text('context', 'page.title') }} as page_title,
        {{ json_text('context', 'page.referrer') }} as referrer,
        {{ json_text('context', 'campaign.source') }} as utm_source,
        {{ json_text('context', 'campaign.medium') }} as utm_medium,
        {{ json_text('context', 'campaign.name') }} as utm_campaign,
        {{ json_text('context', 'device.type') }} as device_type,
        {{ json_text('context', 'userAgent') }} as user_agent,
        {{ json_text('context', 'ip') }} as ip_address,
        {{ json_text('context', 'timezone') }} as time_zone,
        context,
        properties,
        traits,
        integrations,
        extra,

        ---------- timestamps
        coalesce(
            timestamp,
            -- By how much the clock of the device is wrong, the moment of sending shows.
            received_at - (sent_at - original_timestamp),
            original_timestamp,
            sent_at,
            received_at,
            {{ load_time('_dlt_load_id') }}
        ) as occurred_at,
        original_timestamp as originally_occurred_at,
        sent_at,
        received_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
