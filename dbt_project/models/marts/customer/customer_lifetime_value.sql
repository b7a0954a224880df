with

purchases as (

    select * from {{ ref('int_purchases__summarized') }}

),

expected_values as (

    select * from {{ ref('int_lifetime_values__expected') }}

),

valued as (

    select
        ---------- ids
        purchases.customer_id,

        ---------- observed
        purchases.order_count,
        purchases.unconverted_order_count,
        purchases.reporting_amount as observed_amount,
        purchases.reporting_refunded_amount as refunded_amount,
        purchases.reporting_net_amount as observed_value,
        cast(
            purchases.reporting_refunded_amount as double
        ) / nullif(purchases.reporting_amount, 0) as refund_share,
        cast(
            {{ rounded(
                'cast(purchases.reporting_net_amount as double) / nullif(purchases.order_count, 0)', 4
            ) }} as decimal(18, 4)
        ) as average_order_value,

        ---------- what is expected of the year to come
        purchases.purchase_day_count - 1 as repeat_purchase_count,
        expected_values.probability_alive,
        expected_values.expected_purchases,
        expected_values.expected_purchase_value,
        expected_values.expected_value,

        ---------- dates and times
        purchases.first_ordered_at,
        purchases.last_ordered_at,
        purchases.as_of
    from purchases
    left join expected_values
        on purchases.customer_id = expected_values.customer_id

)

select * from valued
