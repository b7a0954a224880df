with

events as (

    select * from {{ ref('int_events__identified') }}

),

sessionized as (

    select * from {{ ref('int_events__sessionized') }}

),

joined as (

    select
        events.*,
        sessionized.session_key
    from events
    left join sessionized
        on events.event_key = sessionized.event_key

)

select * from joined
