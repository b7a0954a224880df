with

events as (

    select * from {{ ref('stg_segment_events__events') }}

),

conformed as (

    select
        'segment_events:' || event_id as event_key,
        'segment_events' as source,
        event_id,
        'segment_events:' || user_id as customer_record_key,
        user_id,
        anonymous_id,
        event_type,
        event_name,
        page_url,
        page_path,
        referrer,
        utm_source,
        utm_medium,
        utm_campaign,
        device_type,
        time_zone,
        properties,
        occurred_at,
        received_at,
        loaded_at
    from events

)

select * from conformed
