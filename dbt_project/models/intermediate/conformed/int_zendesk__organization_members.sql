with

users as (

    select * from {{ ref('stg_zendesk__users') }}

),

conformed as (

    select
        'zendesk:' || user_id as person_record_key,
        'zendesk:' || organization_id as organization_record_key,
        'zendesk' as source,
        true as is_primary,
        loaded_at
    from users
    where organization_id is not null

)

select * from conformed
