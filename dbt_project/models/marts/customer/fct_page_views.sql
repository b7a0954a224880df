with

events as (

    select * from {{ ref('int_events__identified') }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

-- Only what pages are numbered by is put in order: see the model of visits.
placed as (

    select
        event_key,
        session_key,
        event_number,
        event_type,
        lead(occurred_at) over (
            partition by session_key
            order by event_number
        ) as next_at
    from {{ ref('int_events__sessionized') }}

),

numbered as (

    select
        event_key,
        session_key,
        next_at,
        cast(
            row_number() over (
                partition by session_key
                order by event_number
            ) as bigint
        ) as page_number,
        count(*) over (partition by session_key) as page_count
    from placed
    where event_type in ('page', 'screen')

),

viewed as (

    select
        events.*,
        numbered.session_key,
        numbered.next_at,
        numbered.page_number,
        numbered.page_count
    from events
    inner join numbered
        on events.event_key = numbered.event_key

),

joined as (

    select
        ---------- ids
        viewed.event_key,
        viewed.session_key,
        -- Who logged in later in the visit was there before.
        sessions.customer_id,
        viewed.anonymous_id,
        viewed.source,

        ---------- text
        viewed.event_type as view_type,
        viewed.event_name as page_name,
        viewed.page_url,
        viewed.page_path,
        viewed.referrer,

        ---------- numbers
        viewed.page_number,
        {{ seconds_between('viewed.occurred_at', 'viewed.next_at') }} as seconds_until_next,

        ---------- booleans
        viewed.page_number = 1 as is_entrance,
        viewed.page_number = viewed.page_count as is_exit,

        ---------- times
        viewed.occurred_at as viewed_at,
        viewed.loaded_at
    from viewed
    inner join sessions
        on viewed.session_key = sessions.session_key

)

select * from joined
