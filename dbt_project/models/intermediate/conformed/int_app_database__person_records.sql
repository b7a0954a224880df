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
        cast(null as varchar) as full_name,
        users.given_name,
        cast(null as varchar) as middle_name,
        users.family_name,
        cast(null as varchar) as name_suffix,
        cast(users.birth_date as varchar) as birth_date,
        cast(null as varchar) as gender,
        users.email,
        users.phone,
        cast(null as varchar) as street_address,
        cast(null as varchar) as unit,
        cast(null as varchar) as city,
        cast(null as varchar) as region,
        cast(null as varchar) as postcode,
        users.country,
        cast(null as varchar) as company_name,
        cast(null as varchar) as job_title,
        cast(null as varchar) as time_zone,
        users.user_id,
        cast(null as json) as traits,
        users.deleted_at is not null or users_keys.user_id is null as is_deleted,
        users.created_at,
        users.updated_at,
        users.loaded_at
    from users
    left join users_keys
        on users.user_id = users_keys.user_id

)

select * from conformed
