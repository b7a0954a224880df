with

orders as (

    select * from {{ ref('int_orders__identified') }}
    where order_state = 'sale' and customer_id is not null

),

reporting_day as (

    select * from {{ ref('int_reporting_day__found') }}

),

known_by_then as (

    select
        orders.*,
        cast(orders.ordered_at as date) as ordered_on
    from orders
    cross join reporting_day
    where coalesce(cast(orders.ordered_at as date) <= reporting_day.as_of, true)

),

-- Several orders of one day are one occasion.
days as (

    select
        customer_id,
        ordered_on,
        sum(reporting_net_amount) as reporting_net_amount,
        row_number() over (partition by customer_id order by ordered_on) as day_number
    from known_by_then
    where is_purchase
    group by customer_id, ordered_on

),

repeats as (

    select
        customer_id,
        count(*) as purchase_day_count,
        avg(case when day_number > 1 then cast(reporting_net_amount as double) end)
            as repeat_amount
    from days
    group by customer_id

),

summed as (

    select
        customer_id,
        count(case when is_purchase then 1 end) as order_count,
        count(case when net_amount <> 0 and reporting_net_amount is null then 1 end)
            as unconverted_order_count,
        sum(reporting_amount) as reporting_amount,
        sum(reporting_amount - reporting_net_amount) as reporting_refunded_amount,
        sum(reporting_net_amount) as reporting_net_amount,
        min(case when is_purchase then ordered_at end) as first_ordered_at,
        max(case when is_purchase then ordered_at end) as last_ordered_at
    from known_by_then
    group by customer_id

),

summarized as (

    select
        ---------- ids
        summed.customer_id,

        ---------- numbers
        summed.order_count,
        repeats.purchase_day_count,
        summed.unconverted_order_count,
        cast(coalesce(summed.reporting_amount, 0) as decimal(18, 4)) as reporting_amount,
        cast(coalesce(summed.reporting_refunded_amount, 0) as decimal(18, 4))
            as reporting_refunded_amount,
        cast(coalesce(summed.reporting_net_amount, 0) as decimal(18, 4)) as reporting_net_amount,
        repeats.repeat_amount,
        {{ days_between('cast(summed.last_ordered_at as date)', 'reporting_day.as_of') }}
            as recency_days,
        {{ days_between(
            'cast(summed.first_ordered_at as date)', 'cast(summed.last_ordered_at as date)'
        ) }} as active_days,
        {{ days_between('cast(summed.first_ordered_at as date)', 'reporting_day.as_of') }}
            as age_days,

        ---------- dates and times
        summed.first_ordered_at,
        summed.last_ordered_at,
        reporting_day.as_of
    from summed
    inner join repeats
        on summed.customer_id = repeats.customer_id
    cross join reporting_day

)

select * from summarized
