with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

companies as (

    select * from {{ ref('stg_hubspot__companies') }}

),

collected as (

    select
        contact_id as record_id,
        'person' as entity,
        'hubspot_contact_id' as identifier_type,
        contact_id as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'hubspot_contact_id' as identifier_type,
        {{ explode_list('merged_contact_ids') }} as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'email' as identifier_type,
        {{ explode_list('additional_emails') }} as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'phone' as identifier_type,
        mobile_phone as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from contacts

    union all

    select
        contact_id as record_id,
        'person' as entity,
        'stripe_customer_id' as identifier_type,
        stripe_customer_id as identifier_value,
        loaded_at
    from contacts

    union all

    select
        company_id as record_id,
        'organization' as entity,
        'hubspot_company_id' as identifier_type,
        company_id as identifier_value,
        loaded_at
    from companies

    union all

    select
        company_id as record_id,
        'organization' as entity,
        'hubspot_company_id' as identifier_type,
        {{ explode_list('merged_company_ids') }} as identifier_value,
        loaded_at
    from companies

    union all

    select
        company_id as record_id,
        'organization' as entity,
        'domain' as identifier_type,
        domain as identifier_value,
        loaded_at
    from companies

    union all

    select
        company_id as record_id,
        'organization' as entity,
        'domain' as identifier_type,
        {{ explode_list('additional_domains') }} as identifier_value,
        loaded_at
    from companies

),

conformed as (

    select distinct
        'hubspot:' || record_id as record_key,
        'hubspot' as source,
        record_id,
        entity,
        identifier_type,
        trim(identifier_value) as identifier_value,
        loaded_at
    from collected
    where trim(identifier_value) <> ''

)

select * from conformed
