with

deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

deal_contacts as (

    select * from {{ ref('stg_hubspot__deal_contacts') }}

),

deal_companies as (

    select * from {{ ref('stg_hubspot__deal_companies') }}

),

-- A deal that was merged into another is no longer sent, not even as archived.
merged_away as (

    select distinct {{ explode_list('merged_deal_ids') }} as deal_id
    from deals

),

associated_contacts as (

    select
        deal_id,
        {{ explode_json_array('contacts') }} as contact
    from deal_contacts

),

-- HubSpot has no main contact of a deal: where there are several, the one it knew first is taken.
first_contacts as (

    select
        deal_id,
        min(try_cast({{ json_text('contact', 'toObjectId') }} as bigint)) as contact_id
    from associated_contacts
    group by deal_id

),

associated_companies as (

    select
        deal_id,
        {{ explode_json_array('companies') }} as company
    from deal_companies

),

association_types as (

    select
        deal_id,
        {{ json_text('company', 'toObjectId') }} as company_id,
        {{ explode_json_array(json_part('company', 'associationTypes')) }} as association_type
    from associated_companies

),

-- The primary company first.
ranked_companies as (

    select
        deal_id,
        company_id,
        row_number() over (
            partition by deal_id
            order by
                coalesce(
                    bool_or({{ json_text('association_type', 'label') }} = 'Primary'), false
                ) desc,
                try_cast(company_id as bigint) asc nulls last,
                company_id asc
        ) as company_rank
    from association_types
    group by deal_id, company_id

),

conformed as (

    select
        'hubspot:' || deals.deal_id as deal_key,
        'hubspot' as source,
        deals.deal_id,
        'hubspot:' || first_contacts.contact_id as customer_record_key,
        'hubspot:' || ranked_companies.company_id as organization_record_key,
        deals.deal_name,
        deals.pipeline,
        deals.stage,
        coalesce(
            deals.currency,
            case
                when deals.amount is not null
                    then {{ currency_beside('deals.amount_as_written') }}
            end
        ) as currency,
        deals.amount_as_written,
        deals.amount,
        deals.is_archived or merged_away.deal_id is not null as is_deleted,
        deals.created_at,
        deals.updated_at,
        -- Until a deal is closed, its close date is a forecast.
        case when deals.is_closed then deals.close_date end as closed_at,
        deals.loaded_at
    from deals
    left join first_contacts
        on deals.deal_id = first_contacts.deal_id
    left join ranked_companies
        on
            deals.deal_id = ranked_companies.deal_id
            and ranked_companies.company_rank = 1
    left join merged_away
        on deals.deal_id = merged_away.deal_id

)

select * from conformed
