{# A purchase that is in the facts and in no customer's number, or in two, shows nowhere else. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

orders as (

    select orders.*
    from {{ ref('fct_orders') }} as orders
    cross join {{ ref('int_reporting_day__found') }} as reporting_day
    where
        orders.customer_id is not null
        and coalesce(cast(orders.ordered_at as date) <= reporting_day.as_of, true)

),

buyers as (

    select distinct customer_id from orders
    where is_purchase

),

expected as (

    select
        count(case when orders.is_purchase then 1 end) as order_count,
        sum(
            case
                when orders.order_state = 'sale' and buyers.customer_id is not null
                    then orders.reporting_net_amount
            end
        ) as reporting_net_amount
    from orders
    left join buyers
        on orders.customer_id = buyers.customer_id

),

sums as (

    select
        'customer_360' as mart,
        sum(order_count) as order_count,
        sum(reporting_net_amount) as reporting_net_amount
    from {{ ref('customer_360') }}

    union all

    select
        'customer_rfm' as mart,
        sum(frequency) as order_count,
        sum(monetary) as reporting_net_amount
    from {{ ref('customer_rfm') }}

    union all

    select
        'customer_lifetime_value' as mart,
        sum(order_count) as order_count,
        sum(observed_value) as reporting_net_amount
    from {{ ref('customer_lifetime_value') }}

    union all

    -- A cohort has purchases alone, no corrections of them.
    select
        'cohort_retention' as mart,
        sum(order_count) as order_count,
        null as reporting_net_amount
    from {{ ref('cohort_retention') }}

)

select sums.*
from sums
cross join expected
where
    coalesce(sums.order_count, 0) <> coalesce(expected.order_count, 0)
    or coalesce(sums.reporting_net_amount, 0)
    <> case
        when sums.reporting_net_amount is null then 0
        else coalesce(expected.reporting_net_amount, 0)
    end
