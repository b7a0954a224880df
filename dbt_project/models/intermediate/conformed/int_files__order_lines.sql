with

orders as (

    select * from {{ ref('stg_files__orders') }}

),

conformed as (

    select
        'files:' || record_id as order_line_key,
        'files:' || coalesce(dataset || ':' || order_id, record_id) as order_key,
        'files' as source,
        record_id as order_line_id,
        product_id,
        product_name,
        cast(null as string) as sku,
        currency,
        quantity,
        cast(
            {{ rounded('cast(amount as double) / nullif(quantity, 0)', 4) }} as decimal(18, 4)
        ) as unit_price,
        amount,
        loaded_at
    from orders

)

select * from conformed
