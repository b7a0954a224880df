with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

money_records as (

    select * from {{ ref('int_money_records__converted') }}
    where entity = 'order_line'

),

joined as (

    select
        order_lines.order_line_key,
        order_lines.order_key,
        orders.customer_id,
        order_lines.source,
        order_lines.order_line_id,
        order_lines.product_id,
        order_lines.product_name,
        order_lines.sku,
        money_records.currency,
        {{ flaws([
            flaw('order_unknown', 'orders.order_key is null'),
            money_flaws('order_lines.amount', 'money_records')
        ]) }} as flaws,
        order_lines.quantity,
        order_lines.unit_price,
        order_lines.amount,
        {{ reporting_amount('order_lines.amount', 'money_records.reporting_rate') }}
            as reporting_amount,
        order_lines.loaded_at
    from order_lines
    left join orders
        on order_lines.order_key = orders.order_key
    left join money_records
        on order_lines.order_line_key = money_records.record_key

)

select * from joined
