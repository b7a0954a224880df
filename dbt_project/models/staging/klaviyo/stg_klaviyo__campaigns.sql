with

source as (

    select * from {{ source('klaviyo', 'campaigns') }}

),

renamed as (

    select
        ---------- ids
        id as campaign_id,

        ---------- text
        {{ json_text('attributes', 'name') }} as campaign_name,
        {{ json_text('attributes', 'status') }} as status,
        {{ json_part('relationships', '"campaign-messages".data') }} as messages,

        ---------- booleans
        coalesce({{ json_text('attributes', 'archived') }} = 'true', false) as is_archived,

        ---------- timestamps
        {{ utc_timestamp(json_text('attributes', 'created_at')) }} as created_at,
        {{ utc_timestamp(json_text('attributes', 'scheduled_at')) }} as scheduled_at,
        {{ utc_timestamp(json_text('attributes', 'send_time')) }} as sent_at,
        updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
