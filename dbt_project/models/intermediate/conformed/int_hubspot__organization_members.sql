with

contact_companies as (

    select * from {{ ref('stg_hubspot__contact_companies') }}

),

person_records as (

    select * from {{ ref('int_hubspot__person_records') }}

),

organizations as (

    select * from {{ ref('int_hubspot__organizations') }}

),

associated as (

    select
        contact_id,
        {{ explode_json_array('companies') }} as company,
        loaded_at
    from contact_companies

),

association_types as (

    select
        contact_id,
        {{ json_text('company', 'toObjectId') }} as company_id,
        {{ explode_json_array(json_part('company', 'associationTypes')) }} as association_type,
        loaded_at
    from associated

),

memberships as (

    select
        contact_id,
        company_id,
        coalesce(
            bool_or({{ json_text('association_type', 'label') }} = 'Primary'), false
        ) as is_primary,
        loaded_at
    from association_types
    group by contact_id, company_id, loaded_at

),

-- HubSpot ends the associations of what is deleted, without a word about the other side.
conformed as (

    select
        person_records.record_key as person_record_key,
        organizations.record_key as organization_record_key,
        'hubspot' as source,
        memberships.is_primary,
        memberships.loaded_at
    from memberships
    inner join person_records
        on memberships.contact_id = person_records.record_id
    inner join organizations
        on memberships.company_id = organizations.record_id
    where
        not person_records.is_deleted
        and not organizations.is_deleted

)

select * from conformed
