with

source as (

    select * from {{ source('shopify', 'deleted_customers') }}

),

renamed as (

    select
        ---------- ids
        split_part(id, '/', 5) as customer_id,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
