with

source as (

    select * from {{ source('shopify', 'customers') }}

),

renamed as (

    select
        ---------- ids
        split_part(id, '/', 5) as customer_id,
        {{ json_text('user_id_metafield', 'value') }} as user_id,

        ---------- text
        first_name,
        last_name,
        {{ json_text('default_email_address', 'emailAddress') }} as email,
        {{ json_text('default_email_address', 'marketingState') }} as email_marketing_state,
        {{ json_text('default_email_address', 'marketingOptInLevel') }}
            as email_marketing_opt_in_level,
        {{ json_text('default_phone_number', 'phoneNumber') }} as phone,
        {{ json_text('default_phone_number', 'marketingState') }} as sms_marketing_state,
        {{ json_text('default_phone_number', 'marketingOptInLevel') }}
            as sms_marketing_opt_in_level,
        {{ json_text('default_address', 'company') }} as company_name,
        {{ json_text('default_address', 'address1') }} as street_address,
        {{ json_text('default_address', 'address2') }} as unit,
        {{ json_text('default_address', 'city') }} as city,
        {{ json_text('default_address', 'province') }} as region,
        {{ json_text('default_address', 'zip') }} as postcode,
        {{ json_text('default_address', 'country') }} as country,
        {{ json_text('default_address', 'countryCodeV2') }} as country_code,
        {{ json_text('default_address', 'phone') }} as address_phone,
        locale,
        note,
        state as account_state,
        tags,
        {{ json_text('amount_spent', 'currencyCode') }} as currency,

        ---------- numbers
        number_of_orders,
        try_cast({{ json_text('amount_spent', 'amount') }} as decimal(18, 4)) as amount_spent,

        ---------- booleans
        tax_exempt as is_tax_exempt,
        verified_email as is_email_verified,

        ---------- timestamps
        {{ utc_timestamp(json_text('default_email_address', 'marketingUpdatedAt')) }}
            as email_marketing_updated_at,
        {{ utc_timestamp(json_text('default_phone_number', 'marketingUpdatedAt')) }}
            as sms_marketing_updated_at,
        created_at,
        updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
