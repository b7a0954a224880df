with

orders as (

    select * from {{ ref('stg_files__orders') }}

),

order_lines as (

    select
        *,
        -- A row without an order's id is an order of its own.
        coalesce(dataset || ':' || order_id, record_id) as qualified_order_id
    from orders

),

-- What the lines of an order say of it as a whole is taken from the first one that says it.
grouped as (

    select
        qualified_order_id as order_id,
        min(dataset) as dataset,
        {{ value_at_lowest('customer_record_id', 'record_id') }} as customer_record_id,
        {{ value_at_lowest('email', 'record_id') }} as email,
        {{ value_at_lowest('phone', 'record_id') }} as phone,
        {{ value_at_lowest('status', 'record_id') }} as status,
        {{ value_at_lowest('currency', 'record_id') }} as currency,
        {{ value_at_lowest('time_zone', 'record_id') }} as time_zone,
        sum(amount) as amount,
        min(ordered_at) as ordered_at,
        max(loaded_at) as loaded_at
    from order_lines
    group by qualified_order_id

),

identified as (

    select
        {{ all_but(['customer_record_id']) }},
        coalesce(
            customer_record_id,
            case
                when coalesce(email, phone) is not null
                    then dataset || ':order:' || substr(order_id, length(dataset) + 2)
            end
        ) as customer_record_id,
        customer_record_id is null as is_guest
    from grouped

)

select * from identified
