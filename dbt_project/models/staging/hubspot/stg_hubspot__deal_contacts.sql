with

source as (

    select * from {{ source('hubspot', 'deal_contacts') }}

),

renamed as (

    select
        ---------- ids
        id as deal_id,

        ---------- text
        {{ adapter.quote('to') }} as contacts,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
