with

campaigns as (

    select * from {{ ref('stg_klaviyo__campaigns') }}

),

conformed as (

    select
        'klaviyo:' || campaign_id as campaign_key,
        'klaviyo' as source,
        campaign_id,
        campaign_name,
        'email' as channel,
        lower(status) as status,
        is_archived,
        created_at,
        scheduled_at,
        sent_at,
        loaded_at
    from campaigns

)

select * from conformed
