with

-- What a visitor does in front of a screen. Of calls that only say who it is, no visit is made.
-- Only what tells visits is put in order: sorting whole events takes twice as long.
visited as (

    select
        event_key,
        customer_id,
        event_type,
        occurred_at,
        coalesce(anonymous_id, customer_id, user_id) as visitor_id,
        nullif(concat_ws('|', utm_source, utm_medium, utm_campaign), '') as campaign
    from {{ ref('int_events__identified') }}
    where
        event_type in ('page', 'screen', 'track')
        and coalesce(anonymous_id, customer_id, user_id) is not null

),

compared as (

    select
        *,
        row_number() over visits as event_number,
        lag(occurred_at) over visits as previous_at,
        {{ last_filled('campaign') }} over visits_before as previous_campaign,
        {{ last_filled('customer_id') }} over visits_before as previous_customer_id
    from visited
    window
        visits as (
            partition by visitor_id
            order by occurred_at nulls last, event_key
        ),
        visits_before as (
            partition by visitor_id
            order by occurred_at nulls last, event_key
            rows between unbounded preceding and 1 preceding
        )

),

-- Midnight ends no visit. Another campaign does, and somebody else at the same browser.
begun as (

    select
        event_key,
        visitor_id,
        event_type,
        event_number,
        occurred_at,
        coalesce(
            previous_at is null
            or occurred_at > previous_at + interval {{ var('session_minutes') }} minute
            or campaign <> coalesce(previous_campaign, '')
            or customer_id <> previous_customer_id,
            false
        ) as begins_session
    from compared

),

sessionized as (

    select
        ---------- ids
        event_key,
        {{ last_filled('case when begins_session then event_key end') }} over (
            partition by visitor_id
            order by event_number
            rows between unbounded preceding and current row
        ) as session_key,

        ---------- text
        event_type,

        ---------- numbers
        event_number,

        ---------- times
        occurred_at
    from begun

)

select * from sessionized
