with

order_line_items as (

    select * from {{ ref('stg_shopify__order_line_items') }}

),

orders as (

    select * from {{ ref('int_shopify__orders') }}

),

conformed as (

    select
        'shopify:' || order_line_items.order_line_item_id as order_line_key,
        orders.order_key,
        'shopify' as source,
        order_line_items.order_line_item_id as order_line_id,
        order_line_items.product_id,
        order_line_items.product_name,
        order_line_items.sku,
        order_line_items.currency,
        cast(order_line_items.quantity as decimal(18, 4)) as quantity,
        order_line_items.unit_price,
        order_line_items.amount,
        order_line_items.loaded_at
    from order_line_items
    inner join orders
        on order_line_items.order_id = orders.order_id

)

select * from conformed
