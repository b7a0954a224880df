with

orders as (

    select * from {{ ref('stg_shopify__orders') }}
    where not is_test

),

person_records as (

    select * from {{ ref('int_shopify__person_records') }}

),

conformed as (

    select
        'shopify:' || orders.order_id as order_key,
        'shopify' as source,
        orders.order_id,
        coalesce(customers.record_key, guests.record_key) as customer_record_key,
        case
            when orders.cancelled_at is not null then 'cancelled'
            else lower(orders.financial_status)
        end as status,
        orders.currency,
        orders.total_amount as amount,
        orders.refunded_amount,
        orders.customer_id is null as is_guest,
        orders.processed_at as ordered_at,
        cast(null as string) as time_zone,
        orders.updated_at,
        orders.cancelled_at,
        orders.loaded_at
    from orders
    left join person_records as customers
        on orders.customer_id = customers.record_id
    left join person_records as guests
        on 'order:' || orders.order_id = guests.record_id

)

select * from conformed
