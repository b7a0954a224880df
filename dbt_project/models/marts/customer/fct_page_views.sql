with

events as (

    select * from {{ ref('int_events__sessionized') }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

-- Only what pages are numbered by is put in order: sorting whole events takes twice as long.
placed as (

    select
        event_key,
        lead(occurred_at) over visits as next_at,
        count(case when event_type in ('page', 'screen') then 1 end) over visits as page_number,
        count(case when event_type in ('page', 'screen') then 1 end) over whole_visits as page_count
    from {{ ref('int_events__sessionized') }}
    window
        visits as (
            partition by session_key
            order by event_number
        ),
        whole_visits as (
            partition by session_key
            order by event_number
            rows between unbounded preceding and unbounded following
        )

),

viewed as (

    select
        events.*,
        placed.next_at,
        placed.page_number,
        placed.page_count
    from events
    inner join placed
        on events.event_key = placed.event_key
    where events.event_type in ('page', 'screen')

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
