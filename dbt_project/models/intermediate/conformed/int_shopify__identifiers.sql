with

person_records as (

    select * from {{ ref('int_shopify__person_records') }}

),

customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}
    where not is_test

),

collected as (

    select
        record_id,
        'shopify_customer_id' as identifier_type,
        record_id as identifier_value,
        loaded_at
    from person_records
    where record_id not like 'order:%'

    union all

    select
        record_id,
        'user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from person_records

    union all

    select
        record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from person_records

    union all

    select
        record_id,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from person_records

    union all

    select
        customer_id as record_id,
        'phone' as identifier_type,
        address_phone as identifier_value,
        loaded_at
    from customers

    union all

    {# What customers gave with an order may differ from what their account says. #}
    select
        customers.customer_id as record_id,
        'email' as identifier_type,
        orders.email as identifier_value,
        orders.loaded_at
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id

    union all

    select
        customers.customer_id as record_id,
        'phone' as identifier_type,
        orders.phone as identifier_value,
        orders.loaded_at
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id

),

deduplicated as (

    select
        'shopify:' || record_id as record_key,
        'shopify' as source,
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
