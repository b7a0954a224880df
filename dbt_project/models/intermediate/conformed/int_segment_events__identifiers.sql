with

events as (

    select * from {{ ref('stg_segment_events__events') }}

),

person_records as (

    select * from {{ ref('int_segment_events__person_records') }}

),

organizations as (

    select * from {{ ref('int_segment_events__organizations') }}

),

-- Once for each pair, however many calls there are.
devices as (

    select
        user_id,
        anonymous_id,
        max(loaded_at) as loaded_at
    from events
    where user_id is not null and anonymous_id is not null
    group by user_id, anonymous_id

),

traits as (

    select
        user_id,
        {{ json_text('traits', 'email') }} as email,
        {{ json_text('traits', 'phone') }} as phone,
        loaded_at
    from events
    where event_type = 'identify' and user_id is not null

),

aliases as (

    select
        events.user_id,
        events.previous_id,
        case
            when person_records.record_id is null then 'anonymous_id' else 'user_id'
        end as identifier_type,
        events.loaded_at
    from events
    left join person_records
        on events.previous_id = person_records.record_id
    where events.event_type = 'alias' and events.user_id is not null

),

collected as (

    select
        record_id,
        'person' as entity,
        'user_id' as identifier_type,
        record_id as identifier_value,
        loaded_at
    from person_records

    union all

    select
        user_id as record_id,
        'person' as entity,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from traits

    union all

    select
        user_id as record_id,
        'person' as entity,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from traits

    union all

    select
        user_id as record_id,
        'person' as entity,
        'anonymous_id' as identifier_type,
        anonymous_id as identifier_value,
        loaded_at
    from devices

    union all

    select
        user_id as record_id,
        'person' as entity,
        identifier_type,
        previous_id as identifier_value,
        loaded_at
    from aliases

    union all

    select
        record_id,
        'organization' as entity,
        'segment_group_id' as identifier_type,
        record_id as identifier_value,
        loaded_at
    from organizations

    union all

    select
        record_id,
        'organization' as entity,
        'domain' as identifier_type,
        domain as identifier_value,
        loaded_at
    from organizations

),

deduplicated as (

    select
        'segment_events:' || record_id as record_key,
        'segment_events' as source,
        record_id,
        entity,
        identifier_type,
        identifier_value,
        max(loaded_at) as loaded_at
    from collected
    where identifier_value is not null
    group by all

)

select * from deduplicated
