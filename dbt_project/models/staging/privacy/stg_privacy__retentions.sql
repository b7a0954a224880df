with

source as (

    select * from {{ source('privacy', 'retentions') }}

),

renamed as (

    select
        ---------- ids
        retention_id,
        record_key,

        ---------- text
        pii,

        ---------- timestamps
        retained_at

    from source

)

select * from renamed
