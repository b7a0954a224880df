with

campaigns as (

    select * from {{ ref('int_campaigns__unioned') }}

),

email_events as (

    select * from {{ ref('fct_email_events') }}

),

-- A message opened five times is one opened message of one customer.
counted as (

    select
        campaign_key,
        count(distinct case when event_type = 'received' then customer_id end) as received_count,
        count(distinct case when event_type = 'opened' then customer_id end) as opened_count,
        count(distinct case when event_type = 'clicked' then customer_id end) as clicked_count,
        count(distinct case when event_type = 'bounced' then customer_id end) as bounced_count,
        count(distinct case when event_type = 'unsubscribed' then customer_id end)
            as unsubscribed_count
    from email_events
    where campaign_key is not null
    group by campaign_key

),

joined as (

    select
        ---------- ids
        campaigns.campaign_key,
        campaigns.source,
        campaigns.campaign_id,

        ---------- text
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.status,

        ---------- numbers
        coalesce(counted.received_count, 0) as received_count,
        coalesce(counted.opened_count, 0) as opened_count,
        coalesce(counted.clicked_count, 0) as clicked_count,
        coalesce(counted.bounced_count, 0) as bounced_count,
        coalesce(counted.unsubscribed_count, 0) as unsubscribed_count,

        ---------- booleans
        campaigns.is_archived,

        ---------- times
        campaigns.created_at,
        campaigns.scheduled_at,
        campaigns.sent_at,
        campaigns.loaded_at
    from campaigns
    left join counted
        on campaigns.campaign_key = counted.campaign_key

)

select * from joined
