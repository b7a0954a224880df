with

source as (

    select * from {{ source('hubspot', 'companies') }}

),

currency_aliases as (

    select * from {{ ref('currency_aliases') }}

),

renamed as (

    select
        ---------- ids
        id as company_id,
        split({{ hubspot_property('hs_merged_object_ids') }}, ';') as merged_company_ids,

        ---------- text
        {{ hubspot_property('name') }} as name,
        {{ hubspot_property('domain') }} as domain,
        split({{ hubspot_property('hs_additional_domains') }}, ';') as additional_domains,
        {{ hubspot_property('phone') }} as phone,
        {{ hubspot_property('address') }} as street_address,
        {{ hubspot_property('address2') }} as street_address_2,
        {{ hubspot_property('city') }} as city,
        {{ hubspot_property('state') }} as region,
        {{ hubspot_property('zip') }} as postcode,
        {{ hubspot_property('country') }} as country,
        {{ hubspot_property('industry') }} as industry,
        properties,

        ---------- numbers
        cast({{ parse_money(hubspot_property('numberofemployees')) }} as bigint) as employees,

        ---------- booleans
        coalesce(archived, false) as is_archived,

        ---------- timestamps
        created_at,
        updated_at,
        archived_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
