with

profiles as (

    select * from {{ ref('stg_klaviyo__profiles') }}

),

collected as (

    select
        profile_id,
        'klaviyo_profile_id' as identifier_type,
        profile_id as identifier_value,
        loaded_at
    from profiles

    union all

    select
        profile_id,
        'user_id' as identifier_type,
        external_id as identifier_value,
        loaded_at
    from profiles

    union all

    select
        profile_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from profiles

    union all

    select
        profile_id,
        'phone' as identifier_type,
        phone_number as identifier_value,
        loaded_at
    from profiles

),

conformed as (

    select
        'klaviyo:' || profile_id as record_key,
        'klaviyo' as source,
        profile_id as record_id,
        'person' as entity,
        identifier_type,
        identifier_value,
        loaded_at
    from collected
    where identifier_value is not null

)

select * from conformed
