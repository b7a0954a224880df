with

quarantined as (

    select * from {{ ref('stg_segment_events__quarantined_calls') }}
    where
        rule in (
            'missing_property', 'invalid_property', 'value_not_permitted', 'unplanned_event'
        )

),

events as (

    select * from {{ ref('stg_segment_events__events') }}
    where event_type = 'track'

),

tracking_plan as (

    select * from {{ ref('tracking_plan') }}

),

planned as (

    select distinct event_name from tracking_plan
    where event_name is not null

),

named as (

    select
        *,
        case
            when rule <> 'unplanned_event' then split_part(detail, ' of ', 1)
        end as property_name,
        case when event_type in ('identify', 'group') then traits else properties end as said
    from quarantined

),

-- What was sent is told by its shape alone.
shaped as (

    select
        *,
        {{ json_text_of('said', 'property_name') }} as value_sent
    from named

),

set_aside as (

    select
        'segment_events' as source,
        rule,
        event_type,
        event_name,
        property_name,
        count(*) as event_count,
        count(case when status = 'waiting' then 1 end) as waiting_count,
        count(case when status = 'replayed' then 1 end) as replayed_count,
        0 as kept_count,
        min({{ value_shape('value_sent') }}) as example_shape,
        min(loaded_at) as first_loaded_at,
        max(loaded_at) as last_loaded_at
    from shaped
    group by rule, event_type, event_name, property_name

),

unplanned as (

    select
        'segment_events' as source,
        'unplanned_event' as rule,
        events.event_type,
        events.event_name,
        cast(null as string) as property_name,
        count(*) as event_count,
        0 as waiting_count,
        0 as replayed_count,
        count(*) as kept_count,
        cast(null as string) as example_shape,
        min(events.loaded_at) as first_loaded_at,
        max(events.loaded_at) as last_loaded_at
    from events
    left join planned
        on events.event_name = planned.event_name
    where planned.event_name is null
    group by events.event_type, events.event_name

),

together as (

    select * from set_aside

    union all
    select * from unplanned

),

violations as (

    select
        source,
        rule,
        event_type,
        event_name,
        property_name,
        cast(sum(event_count) as bigint) as event_count,
        cast(sum(waiting_count) as bigint) as waiting_count,
        cast(sum(replayed_count) as bigint) as replayed_count,
        cast(sum(kept_count) as bigint) as kept_count,
        min(example_shape) as example_shape,
        min(first_loaded_at) as first_loaded_at,
        max(last_loaded_at) as last_loaded_at
    from together
    group by source, rule, event_type, event_name, property_name

)

select * from violations
