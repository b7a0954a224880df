with

source as (

    select * from {{ source('hubspot', 'contact_companies') }}

),

renamed as (

    select
        ---------- ids
        id as contact_id,

        ---------- text
        {{ adapter.quote('to') }} as companies,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
