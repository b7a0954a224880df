with

source as (

    select * from {{ source('klaviyo', 'events') }}

),

renamed as (

    select
        ---------- ids
        id as event_id,
        {{ json_text('relationships', 'profile.data.id') }} as profile_id,
        {{ json_text('relationships', 'metric.data.id') }} as metric_id,
        {{ json_text('attributes', 'event_properties."$message"') }} as message_id,
        {{ json_text('attributes', 'event_properties."$flow"') }} as flow_id,

        ---------- text
        {{ json_text('attributes', 'event_properties."Campaign Name"') }} as campaign_name,
        {{ json_text('attributes', 'event_properties.Subject') }} as subject,
        {{ json_text('attributes', 'event_properties.URL') }} as url,
        {{ json_part('attributes', 'event_properties') }} as event_properties,

        ---------- timestamps
        datetime as occurred_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
