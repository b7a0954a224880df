with

source as (

    select * from {{ source('klaviyo', 'metrics') }}

),

renamed as (

    select
        ---------- ids
        id as metric_id,

        ---------- text
        {{ json_text('attributes', 'name') }} as metric_name,
        {{ json_text('attributes', 'integration.name') }} as integration_name,

        ---------- timestamps
        {{ utc_timestamp(json_text('attributes', 'created')) }} as created_at,
        updated as updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
