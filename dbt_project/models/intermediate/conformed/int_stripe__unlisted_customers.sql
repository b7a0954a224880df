with

customers as (

    select * from {{ ref('stg_stripe__customers') }}

),

subscriptions as (

    select * from {{ ref('stg_stripe__subscriptions') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

charges as (

    select * from {{ ref('stg_stripe__charges') }}

),

named as (

    select
        customer_id,
        customer_name as full_name,
        customer_email as email,
        customer_phone as phone,
        customer_address as address,
        created_at,
        loaded_at,
        1 as preference,
        invoice_id as named_by
    from invoices

    union all

    select
        customer_id,
        null as full_name,
        null as email,
        null as phone,
        null as address,
        created_at,
        loaded_at,
        2 as preference,
        subscription_id as named_by
    from subscriptions

    union all

    select
        customer_id,
        null as full_name,
        null as email,
        null as phone,
        null as address,
        created_at,
        loaded_at,
        2 as preference,
        charge_id as named_by
    from charges

),

unlisted as (

    select
        *,
        min(created_at) over (partition by customer_id) as first_named_at,
        row_number() over (
            partition by customer_id
            order by preference asc, created_at desc, named_by asc
        ) as recency
    from named
    where
        customer_id is not null
        and customer_id not in (select customers.customer_id from customers)

),

last_known as (

    select
        customer_id,
        full_name,
        email,
        phone,
        {{ json_text('address', 'line1') }} as street_address,
        {{ json_text('address', 'line2') }} as unit,
        {{ json_text('address', 'city') }} as city,
        {{ json_text('address', 'state') }} as region,
        {{ json_text('address', 'postal_code') }} as postcode,
        {{ json_text('address', 'country') }} as country,
        first_named_at as created_at,
        created_at as updated_at,
        loaded_at
    from unlisted
    where recency = 1

)

select * from last_known
