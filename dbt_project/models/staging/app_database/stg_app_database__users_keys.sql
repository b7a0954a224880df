with

source as (

    select * from {{ source('app_database', 'users_keys') }}

),

renamed as (

    select
        ---------- ids
        id as user_id,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
