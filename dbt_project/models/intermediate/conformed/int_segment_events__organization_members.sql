with

events as (

    select * from {{ ref('stg_segment_events__events') }}

),

memberships as (

    select
        user_id,
        group_id,
        max(occurred_at) as last_grouped_at,
        max(loaded_at) as loaded_at
    from events
    where event_type = 'group' and user_id is not null and group_id is not null
    group by user_id, group_id

),

conformed as (

    select
        'segment_events:' || user_id as person_record_key,
        'segment_events:' || group_id as organization_record_key,
        'segment_events' as source,
        row_number() over (
            partition by user_id
            order by last_grouped_at desc, group_id asc
        ) = 1 as is_primary,
        loaded_at
    from memberships

)

select * from conformed
