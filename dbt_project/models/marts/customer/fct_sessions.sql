with

events as (

    select
        events.*,
        sessionized.session_key,
        sessionized.event_number
    from {{ ref('int_events__identified') }} as events
    inner join {{ ref('int_events__sessionized') }} as sessionized
        on events.event_key = sessionized.event_key

),

traffic_channels as (

    select * from {{ ref('traffic_channels') }}

),

grouped as (

    select
        session_key,
        -- One at most: somebody else at the same browser begins a session of their own.
        max(customer_id) as customer_id,
        max(anonymous_id) as anonymous_id,
        min(source) as source,
        {{ value_at_lowest('page_path', 'event_number') }} as landing_page_path,
        {{ value_at_lowest('page_path', '-event_number') }} as exit_page_path,
        -- Of later pages the referrer is the page before.
        max(case when event_key = session_key then page_url end) as landing_page_url,
        max(case when event_key = session_key then referrer end) as landing_referrer,
        max(utm_source) as utm_source,
        max(utm_medium) as utm_medium,
        max(utm_campaign) as utm_campaign,
        {{ value_at_lowest('device_type', 'event_number') }} as device_type,
        {{ value_at_lowest('time_zone', 'event_number') }} as time_zone,
        count(*) as event_count,
        count(case when event_type in ('page', 'screen') then 1 end) as page_view_count,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        max(loaded_at) as loaded_at
    from events
    group by session_key

),

named as (

    select
        *,
        coalesce(utm_source, utm_medium, utm_campaign) is not null as has_campaign,
        lower(utm_medium) as medium,
        {{ normalize_domain('landing_referrer') }} as referrer_domain,
        {{ normalize_domain('landing_page_url') }} as own_domain
    from grouped

),

-- A visit resumed at a later page did not come from our own site.
referred as (

    select
        *,
        nullif(referrer_domain, own_domain) as outer_domain
    from named

),

joined as (

    select
        ---------- ids
        referred.session_key,
        referred.customer_id,
        referred.anonymous_id,
        referred.source,

        ---------- text
        case
            when mediums.channel is not null then mediums.channel
            when referred.has_campaign then 'other campaign'
            when referred.outer_domain is null then 'direct'
            else coalesce(referrers.channel, 'referral')
        end as channel,
        referred.utm_source,
        referred.utm_medium,
        referred.utm_campaign,
        referred.outer_domain as referrer_domain,
        referred.landing_page_path,
        referred.exit_page_path,
        referred.device_type,
        referred.time_zone,

        ---------- numbers
        referred.event_count,
        referred.page_view_count,
        {{ seconds_between('referred.started_at', 'referred.ended_at') }} as duration_seconds,

        ---------- booleans
        referred.has_campaign,
        referred.event_count = 1 as is_bounce,

        ---------- times
        referred.started_at,
        referred.ended_at,
        referred.loaded_at
    from referred
    left join traffic_channels as mediums
        on
            mediums.known_by = 'medium'
            and referred.medium = mediums.name
    left join traffic_channels as referrers
        on
            referrers.known_by = 'referrer'
            and referred.outer_domain = referrers.name

)

select * from joined
