with

source as (

    select * from {{ source('hubspot', 'deals') }}

),

currency_aliases as (

    select * from {{ ref('currency_aliases') }}

),

boolean_words as (

    select * from {{ ref('boolean_words') }}

),

renamed as (

    select
        ---------- ids
        id as deal_id,
        split({{ hubspot_property('hs_merged_object_ids') }}, ';') as merged_deal_ids,

        ---------- text
        {{ hubspot_property('dealname') }} as deal_name,
        {{ hubspot_property('pipeline') }} as pipeline,
        {{ hubspot_property('dealstage') }} as stage,
        {{ hubspot_property('deal_currency_code') }} as currency,
        {{ hubspot_property('amount') }} as amount_as_written,

        ---------- numbers
        {{ parse_money(hubspot_property('amount')) }} as amount,

        ---------- booleans
        coalesce({{ parse_boolean(hubspot_property('hs_is_closed')) }}, false) as is_closed,
        coalesce({{ parse_boolean(hubspot_property('hs_is_closed_won')) }}, false)
            as is_won,
        coalesce(archived, false) as is_archived,

        ---------- timestamps
        {{ utc_timestamp(hubspot_property('closedate')) }} as close_date,
        created_at,
        updated_at,
        archived_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
