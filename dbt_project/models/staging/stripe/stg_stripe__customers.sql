with

source as (

    select * from {{ source('stripe', 'customers') }}

),

renamed as (

    select
        ---------- ids
        id as customer_id,
        {{ json_text('metadata', 'user_id') }} as user_id,

        ---------- text
        coalesce(name, individual_name) as full_name,
        business_name,
        email,
        phone,
        {{ json_text('address', 'line1') }} as street_address,
        {{ json_text('address', 'line2') }} as unit,
        {{ json_text('address', 'city') }} as city,
        {{ json_text('address', 'state') }} as region,
        {{ json_text('address', 'postal_code') }} as postcode,
        {{ json_text('address', 'country') }} as country,
        {{ json_text('shipping', 'phone') }} as shipping_phone,
        description,
        upper(currency) as currency,
        metadata,

        ---------- booleans
        coalesce(deleted, false) as is_deleted,
        coalesce(delinquent, false) as is_delinquent,

        ---------- timestamps
        {{ from_unix_time('created') }} as created_at,
        {{ from_unix_time('coalesce(event_created, created)') }} as updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
