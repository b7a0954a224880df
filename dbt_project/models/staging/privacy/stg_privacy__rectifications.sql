with

source as (

    select * from {{ source('privacy', 'rectifications') }}

),

renamed as (

    select
        ---------- ids
        request_id,
        record_key,

        ---------- text
        attribute,
        value,

        ---------- timestamps
        rectified_at

    from source

)

select * from renamed
