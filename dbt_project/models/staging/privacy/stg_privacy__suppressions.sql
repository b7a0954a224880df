with

source as (

    select * from {{ source('privacy', 'suppressions') }}

),

renamed as (

    select
        ---------- ids
        request_id,
        record_key,

        ---------- text
        purpose,
        channel,

        ---------- timestamps
        suppressed_at,
        lifted_at

    from source

)

select * from renamed
