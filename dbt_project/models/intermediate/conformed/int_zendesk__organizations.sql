with

organizations as (

    select * from {{ ref('stg_zendesk__organizations') }}

),

conformed as (

    select
        'zendesk:' || organization_id as record_key,
        'zendesk' as source,
        organization_id as record_id,
        name,
        {{ item_of('domain_names', 1) }} as domain,
        cast(null as string) as email,
        phone,
        street_address,
        city,
        region,
        postcode,
        country,
        industry,
        employees,
        {{ json_of({
            'tags': 'tags',
            'domain_names': 'domain_names',
            'organization_fields': 'organization_fields',
        }, documents=['organization_fields']) }} as traits,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from organizations

)

select * from conformed
