with

source as (

    select * from {{ source('app_database', 'consents') }}

),

renamed as (

    select
        ---------- ids
        id as consent_id,
        user_id,

        ---------- text
        purpose,
        channel,
        status,
        evidence,

        ---------- timestamps
        recorded_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
