with

customers as (

    select * from {{ ref('stg_stripe__customers') }}

),

unlisted_customers as (

    select * from {{ ref('int_stripe__unlisted_customers') }}

),

collected as (

    select
        customer_id as record_id,
        'stripe_customer_id' as identifier_type,
        customer_id as identifier_value,
        loaded_at
    from customers

    union all

    select
        customer_id as record_id,
        'user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from customers

    union all

    select
        customer_id as record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from customers

    union all

    select
        customer_id as record_id,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from customers

    union all

    select
        customer_id as record_id,
        'phone' as identifier_type,
        shipping_phone as identifier_value,
        loaded_at
    from customers

    union all

    select
        customer_id as record_id,
        'stripe_customer_id' as identifier_type,
        customer_id as identifier_value,
        loaded_at
    from unlisted_customers

    union all

    select
        customer_id as record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from unlisted_customers

    union all

    select
        customer_id as record_id,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from unlisted_customers

),

deduplicated as (

    select
        'stripe:' || record_id as record_key,
        'stripe' as source,
        record_id,
        'person' as entity,
        identifier_type,
        identifier_value,
        max(loaded_at) as loaded_at
    from collected
    where identifier_value is not null
    group by all

)

select * from deduplicated
