with

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}
    where entity = 'order'

),

joined as (

    select
        orders.order_key,
        customer_records.customer_id,
        orders.source,
        orders.order_id,
        orders.status,
        money_records.currency,
        orders.amount,
        orders.refunded_amount,
        orders.is_guest,
        orders.ordered_at,
        orders.updated_at,
        orders.cancelled_at,
        orders.loaded_at
    from orders
    left join customer_records
        on orders.customer_record_key = customer_records.record_key
    left join money_records
        on orders.order_key = money_records.record_key

)

select * from joined
