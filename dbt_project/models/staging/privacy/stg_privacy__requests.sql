with

source as (

    select * from {{ source('privacy', 'requests') }}

),

renamed as (

    select
        ---------- ids
        request_id,

        ---------- text
        kind,
        law,
        outcome,

        ---------- numbers
        records,

        ---------- timestamps
        received_at,
        acknowledged_at,
        extended_at,
        completed_at

    from source

)

select * from renamed
