with

orders as (

    select * from {{ ref('fct_orders') }}
    where is_purchase and customer_id is not null

),

reporting_day as (

    select * from {{ ref('int_reporting_day__found') }}

),

purchases as (

    select
        orders.customer_id,
        orders.order_key,
        orders.reporting_net_amount,
        cast(date_trunc('month', orders.ordered_at) as date) as month_start,
        min(cast(date_trunc('month', orders.ordered_at) as date)) over (
            partition by orders.customer_id
        ) as cohort_month
    from orders
    cross join reporting_day
    where cast(orders.ordered_at as date) <= reporting_day.as_of

),

cohorts as (

    select
        cohort_month,
        count(distinct customer_id) as customer_count
    from purchases
    group by cohort_month

),

-- Months in which nobody came back are rows, too.
months as (

    select
        cohorts.cohort_month,
        cohorts.customer_count,
        {{ each_month('cohorts.cohort_month', 'reporting_day.as_of') }} as month_start
    from cohorts
    cross join reporting_day

),

active as (

    select
        cohort_month,
        month_start,
        count(distinct customer_id) as active_customer_count,
        count(*) as order_count,
        sum(reporting_net_amount) as reporting_net_amount,
        count(case when reporting_net_amount is null then 1 end) as unconverted_order_count
    from purchases
    group by cohort_month, month_start

),

retained as (

    select
        ---------- ids
        months.cohort_month,
        {{ months_between('months.cohort_month', 'months.month_start') }} as months_since,

        ---------- numbers
        months.customer_count,
        coalesce(active.active_customer_count, 0) as active_customer_count,
        coalesce(active.active_customer_count, 0) / cast(months.customer_count as double)
            as retention_rate,
        coalesce(active.order_count, 0) as order_count,
        cast(coalesce(active.reporting_net_amount, 0) as decimal(18, 4)) as reporting_net_amount,
        coalesce(active.unconverted_order_count, 0) as unconverted_order_count,

        ---------- dates
        cast(months.month_start as date) as month_start
    from months
    left join active
        on
            months.cohort_month = active.cohort_month
            and months.month_start = active.month_start

)

select * from retained
