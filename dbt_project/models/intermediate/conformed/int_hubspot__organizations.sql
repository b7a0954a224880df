with

companies as (

    select * from {{ ref('stg_hubspot__companies') }}

),

-- A company that was merged into another is no longer sent, not even as archived.
merged_away as (

    select distinct {{ explode_list('merged_company_ids') }} as company_id
    from companies

),

conformed as (

    select
        'hubspot:' || companies.company_id as record_key,
        'hubspot' as source,
        companies.company_id as record_id,
        companies.name,
        companies.domain,
        cast(null as string) as email,
        companies.phone,
        nullif(
            concat_ws(', ', companies.street_address, companies.street_address_2), ''
        ) as street_address,
        companies.city,
        companies.region,
        companies.postcode,
        companies.country,
        companies.industry,
        companies.employees,
        -- What no column above holds: a null takes a property out, be it HubSpot's or one here.
        {{ json_without('companies.properties', [
            'hs_object_id', 'createdate', 'hs_lastmodifieddate', 'name', 'domain',
            'hs_additional_domains', 'phone', 'address', 'address2', 'city', 'state',
            'zip', 'country', 'industry', 'numberofemployees', 'hs_merged_object_ids',
        ]) }} as traits,
        companies.is_archived or merged_away.company_id is not null as is_deleted,
        companies.created_at,
        companies.updated_at,
        companies.loaded_at
    from companies
    left join merged_away
        on companies.company_id = merged_away.company_id

)

select * from conformed
