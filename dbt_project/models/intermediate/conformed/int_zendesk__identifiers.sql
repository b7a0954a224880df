with

users as (

    select * from {{ ref('stg_zendesk__users') }}

),

user_identities as (

    select * from {{ ref('stg_zendesk__user_identities') }}

),

organizations as (

    select * from {{ ref('stg_zendesk__organizations') }}

),

organization_domains as (

    select
        organization_id,
        loaded_at,
        {{ explode_list('domain_names') }} as domain_name
    from organizations

),

collected as (

    select
        user_id as record_id,
        'person' as entity,
        'zendesk_user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from users

    union all

    select
        user_id as record_id,
        'person' as entity,
        'user_id' as identifier_type,
        external_id as identifier_value,
        loaded_at
    from users

    union all

    select
        user_id as record_id,
        'person' as entity,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from users

    union all

    select
        user_id as record_id,
        'person' as entity,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from users

    union all

    select
        user_id as record_id,
        'person' as entity,
        case identity_type when 'phone_number' then 'phone' else identity_type end
            as identifier_type,
        identity_value as identifier_value,
        loaded_at
    from user_identities
    where identity_type in ('email', 'phone_number')

    union all

    select
        organization_id as record_id,
        'organization' as entity,
        'zendesk_organization_id' as identifier_type,
        organization_id as identifier_value,
        loaded_at
    from organizations

    union all

    select
        organization_id as record_id,
        'organization' as entity,
        'external_id' as identifier_type,
        external_id as identifier_value,
        loaded_at
    from organizations

    union all

    select
        organization_id as record_id,
        'organization' as entity,
        'domain' as identifier_type,
        domain_name as identifier_value,
        loaded_at
    from organization_domains

),

deduplicated as (

    select
        'zendesk:' || record_id as record_key,
        'zendesk' as source,
        record_id,
        entity,
        identifier_type,
        identifier_value,
        max(loaded_at) as loaded_at
    from collected
    where identifier_value is not null
    group by all

)

select * from deduplicated
