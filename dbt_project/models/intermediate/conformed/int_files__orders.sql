with

orders as (

    select * from {{ ref('int_files__orders_grouped') }}

),

customers as (

    select * from {{ ref('stg_files__customers') }}

),

conformed as (

    select
        'files:' || orders.order_id as order_key,
        'files' as source,
        orders.order_id,
        -- An organization is no person record.
        case
            when coalesce(customers.record_type, 'person') = 'person'
                then 'files:' || orders.customer_record_id
        end as customer_record_key,
        orders.status,
        orders.currency,
        cast(orders.amount as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as refunded_amount,
        orders.is_guest,
        orders.ordered_at,
        orders.time_zone,
        cast(null as timestamp) as updated_at,
        cast(null as timestamp) as cancelled_at,
        orders.loaded_at
    from orders
    left join customers on orders.customer_record_id = customers.record_id

)

select * from conformed
