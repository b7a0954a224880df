with

events as (

    select * from {{ ref('stg_klaviyo__events') }}

),

metrics as (

    select * from {{ ref('stg_klaviyo__metrics') }}

),

campaigns as (

    select * from {{ ref('stg_klaviyo__campaigns') }}

),

email_metrics as (

    select * from {{ ref('klaviyo_email_metrics') }}

),

campaign_message_parts as (

    select
        campaign_id,
        {{ explode_json_array('messages') }} as message
    from campaigns

),

campaign_messages as (

    select
        {{ json_text('message', 'id') }} as message_id,
        min(campaign_id) as campaign_id
    from campaign_message_parts
    group by 1

),

events_with_type as (

    {# An event of a metric nobody has told us of may be an e-mail event: it is kept. #}
    select
        events.*,
        case when metrics.metric_id is null then 'unknown' else email_metrics.event_type end
            as event_type
    from events
    left join metrics
        on events.metric_id = metrics.metric_id
    left join email_metrics
        on metrics.metric_name = email_metrics.metric_name

),

conformed as (

    select
        'klaviyo:' || events_with_type.event_id as email_event_key,
        'klaviyo' as source,
        events_with_type.event_id as email_event_id,
        'klaviyo:' || events_with_type.profile_id as customer_record_key,
        campaigns.campaign_id,
        coalesce(campaigns.campaign_name, events_with_type.campaign_name) as campaign_name,
        events_with_type.event_type,
        events_with_type.url,
        events_with_type.occurred_at,
        events_with_type.loaded_at
    from events_with_type
    left join campaign_messages
        on events_with_type.message_id = campaign_messages.message_id
    left join campaigns
        on campaign_messages.campaign_id = campaigns.campaign_id
    where events_with_type.event_type is not null

)

select * from conformed
