with

source as (

    select * from {{ source('app_database', 'users') }}

),

renamed as (

    select
        ---------- ids
        id as user_id,

        ---------- text
        given_name,
        family_name,
        email,
        phone,
        country,

        ---------- dates
        birth_date,

        ---------- timestamps
        created_at,
        updated_at,
        deleted_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
