with

source as (

    select * from {{ source('hubspot', 'deals') }}

),

renamed as (

    select
        ---------- ids
        id as deal_id,
        string_split({{ hubspot_property('hs_merged_object_ids') }}, ';') as merged_deal_ids,

        ---------- text
        {{ hubspot_property('dealname') }} as deal_name,
        {{ hubspot_property('pipeline') }} as pipeline,
        {{ hubspot_property('dealstage') }} as stage,
        upper({{ hubspot_property('deal_currency_code') }}) as currency,

        ---------- numbers
        cast({{ hubspot_property('amount') }} as decimal(18, 4)) as amount,

        ---------- booleans
        coalesce(cast({{ hubspot_property('hs_is_closed') }} as boolean), false) as is_closed,
        coalesce(cast({{ hubspot_property('hs_is_closed_won') }} as boolean), false) as is_won,
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
