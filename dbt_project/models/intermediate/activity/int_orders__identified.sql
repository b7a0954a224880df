with

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

money_records as (

    select * from {{ ref('int_money_records__converted') }}
    where entity = 'order'

),

order_statuses as (

    select * from {{ ref('order_statuses') }}

),

joined as (

    select
        orders.*,
        identified.golden_id as customer_id,
        money_records.currency as currency_code,
        money_records.reporting_rate,
        money_records.rate_date,
        coalesce(order_statuses.order_state, 'sale') as order_state,
        cast(
            orders.amount - coalesce(orders.refunded_amount, 0) as decimal(18, 4)
        ) as net_amount,
        {{ plausible_time('orders.ordered_at', 'orders.loaded_at') }} as plausible_ordered_at,
        {{ flaws([
            customer_flaws('orders.customer_record_key', 'identified.golden_id'),
            time_flaws('orders.ordered_at', 'orders.loaded_at'),
            money_flaws('orders.amount', 'money_records'),
            flaw('refund_above_amount', 'orders.refunded_amount > orders.amount'),
            flaw('status_unknown', 'order_statuses.status is null')
        ]) }} as flaws
    from orders
    left join identified
        on orders.customer_record_key = identified.record_key
    left join money_records
        on orders.order_key = money_records.record_key
    left join order_statuses
        on lower(orders.status) = order_statuses.status

),

ordered as (

    select
        ---------- ids
        order_key,
        customer_id,
        source,
        order_id,

        ---------- text
        status,
        order_state,
        currency_code as currency,
        time_zone,
        flaws,

        ---------- numbers
        amount,
        refunded_amount,
        net_amount,
        {{ reporting_amount('amount', 'reporting_rate') }} as reporting_amount,
        {{ reporting_amount('net_amount', 'reporting_rate') }} as reporting_net_amount,

        ---------- booleans
        is_guest,
        order_state = 'sale'
        and coalesce(amount >= 0, false)
        and plausible_ordered_at is not null as is_purchase,

        ---------- dates and times
        rate_date,
        plausible_ordered_at as ordered_at,
        updated_at,
        cancelled_at,
        loaded_at
    from joined

)

select * from ordered
