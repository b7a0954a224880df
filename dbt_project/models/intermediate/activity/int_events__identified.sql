with

events as (

    select * from {{ ref('int_events__unioned') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

visitors as (

    select * from {{ ref('int_anonymous_visitors__identified') }}

),

joined as (

    select
        ---------- ids
        events.event_key,
        -- Who was logged in; or whose browser it is, where it is one customer's alone.
        coalesce(identified.golden_id, visitors.customer_id) as customer_id,
        events.source,
        events.event_id,
        events.user_id,
        events.anonymous_id,

        ---------- text
        events.event_type,
        events.event_name,
        events.page_url,
        events.page_path,
        events.referrer,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.device_type,
        events.time_zone,
        events.properties,
        {{ flaws([
            flaw(
                'customer_unknown',
                'events.customer_record_key is not null and identified.golden_id is null'
            ),
            time_flaws('events.occurred_at', 'coalesce(events.received_at, events.loaded_at)')
        ]) }} as flaws,

        ---------- booleans
        identified.golden_id is not null as is_identified,

        ---------- times
        coalesce(
            {{ plausible_time(
                'events.occurred_at', 'coalesce(events.received_at, events.loaded_at)'
            ) }},
            {{ plausible_time('events.received_at', 'events.loaded_at') }},
            events.loaded_at
        ) as occurred_at,
        events.received_at,
        events.loaded_at
    from events
    left join identified
        on events.customer_record_key = identified.record_key
    left join visitors
        on
            case when events.customer_record_key is null then events.anonymous_id end
            = visitors.anonymous_id

)

select * from joined
