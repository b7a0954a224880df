with

source as (

    select * from {{ source('app_database', 'logins') }}

),

renamed as (

    select
        ---------- ids
        id as login_id,
        user_id,
        device_id,

        ---------- text
        device_type,
        user_agent,
        ip as ip_address,

        ---------- timestamps
        logged_in_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
