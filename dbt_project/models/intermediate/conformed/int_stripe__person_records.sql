with

customers as (

    select * from {{ ref('stg_stripe__customers') }}

),

unlisted_customers as (

    select * from {{ ref('int_stripe__unlisted_customers') }}

),

people as (

    select
        customer_id,
        full_name,
        email,
        coalesce(phone, shipping_phone) as phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        business_name,
        user_id,
        metadata,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from customers

    union all

    select
        customer_id,
        full_name,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        null as business_name,
        null as user_id,
        null as metadata,
        true as is_deleted,
        created_at,
        updated_at,
        loaded_at
    from unlisted_customers

),

conformed as (

    select
        'stripe:' || customer_id as record_key,
        'stripe' as source,
        customer_id as record_id,
        full_name,
        cast(null as string) as given_name,
        cast(null as string) as middle_name,
        cast(null as string) as family_name,
        cast(null as string) as name_suffix,
        cast(null as string) as birth_date,
        cast(null as string) as gender,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        business_name as company_name,
        cast(null as string) as job_title,
        cast(null as string) as time_zone,
        user_id,
        metadata as traits,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from people

)

select * from conformed
