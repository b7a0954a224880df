with

users as (

    select * from {{ ref('stg_app_database__users') }}

),

users_keys as (

    select * from {{ ref('stg_app_database__users_keys') }}

),

conformed as (

    select
        'app_database:' || users.user_id as record_key,
        'app_database' as source,
        users.user_id as record_id,
        cast(null as string) as full_name,
        users.given_name,
        cast(null as string) as middle_name,
        users.family_name,
        cast(null as string) as name_suffix,
        cast(users.birth_date as string) as birth_date,
        cast(null as string) as gender,
        users.email,
        users.phone,
        cast(null as string) as street_address,
        cast(null as string) as unit,
        cast(null as string) as city,
        cast(null as string) as region,
        cast(null as string) as postcode,
        users.country,
        cast(null as string) as company_name,
        cast(null as string) as job_title,
        cast(null as string) as time_zone,
        users.user_id,
        {{ as_json('null') }} as traits,
        users.deleted_at is not null or users_keys.user_id is null as is_deleted,
        users.created_at,
        users.updated_at,
        users.loaded_at
    from users
    left join users_keys
        on users.user_id = users_keys.user_id

)

select * from conformed
