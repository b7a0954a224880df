with

users as (

    select * from {{ ref('stg_app_database__users') }}

),

collected as (

    select
        user_id as record_id,
        'user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from users

    union all

    select
        user_id as record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from users

    union all

    select
        user_id as record_id,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from users

),

conformed as (

    select
        'app_database:' || record_id as record_key,
        'app_database' as source,
        record_id,
        'person' as entity,
        identifier_type,
        identifier_value,
        loaded_at
    from collected
    where identifier_value is not null

)

select * from conformed
