with

subscriptions as (

    select * from {{ ref('int_subscriptions__unioned') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

money_records as (

    select * from {{ ref('int_money_records__converted') }}
    where entity = 'subscription'

),

-- Those of a whole period that asked for anything: for a trial nothing is asked.
invoices as (

    select * from {{ ref('int_invoices__unioned') }}
    where is_recurring and issued_at is not null and subtotal_amount > 0

),

last_invoices as (

    select
        subscription_key,
        {{ value_at_highest('subtotal_amount', '(issued_at, invoice_key)') }} as subtotal_amount,
        {{ value_at_highest('net_amount', '(issued_at, invoice_key)') }} as net_amount
    from invoices
    group by subscription_key

),

joined as (

    select
        subscriptions.*,
        last_invoices.subtotal_amount as invoiced_subtotal,
        last_invoices.net_amount as invoiced_net,
        identified.golden_id as customer_id,
        money_records.currency as currency_code,
        money_records.reporting_rate,
        coalesce(
            subscriptions.ended_at,
            case
                when not subscriptions.is_active
                    then coalesce(
                        subscriptions.canceled_at,
                        subscriptions.current_period_ended_at,
                        subscriptions.started_at
                    )
            end
        ) as over_at,
        {{ plausible_time('subscriptions.started_at', 'subscriptions.loaded_at') }}
            as plausible_started_at,
        {{ flaws([
            customer_flaws('subscriptions.customer_record_key', 'identified.golden_id'),
            time_flaws('subscriptions.started_at', 'subscriptions.loaded_at'),
            money_flaws('subscriptions.unit_amount', 'money_records')
        ]) }} as own_flaws
    from subscriptions
    left join identified
        on subscriptions.customer_record_key = identified.record_key
    left join money_records
        on subscriptions.subscription_key = money_records.record_key
    left join last_invoices
        on subscriptions.subscription_key = last_invoices.subscription_key

),

-- Until when the customer's subscriptions that began before this one have run, at the longest.
compared as (

    select
        *,
        max(coalesce(over_at, cast('9999-12-31' as timestamp))) over (
            partition by customer_id
            order by plausible_started_at nulls last, subscription_key
            rows between unbounded preceding and 1 preceding
        ) as others_over_at
    from joined

),

-- List prices, less what discounts and tax took of those on the last invoice. Where a price depends
-- on use, what the last invoice asked for.
valued as (

    select
        *,
        coalesce(
            invoiced_net * (cast(period_amount as double) / cast(invoiced_subtotal as double)),
            invoiced_net,
            period_amount
        ) * {{ billings_a_month('billing_interval', 'billing_interval_count') }} as present_mrr
    from compared

),

finished as (

    select
        ---------- ids
        subscription_key,
        customer_id,
        source,
        subscription_id,

        ---------- text
        plan_name,
        price_id,
        status,
        billing_interval,
        currency_code as currency,
        {{ flaws([
            'own_flaws',
            flaw(
                'overlapping_subscription',
                'customer_id is not null and others_over_at > plausible_started_at'
            )
        ]) }} as flaws,

        ---------- numbers
        billing_interval_count,
        quantity,
        unit_amount,
        -- On trial nothing is paid.
        cast(
            case when is_active and status <> 'trialing' then coalesce(present_mrr, 0) else 0 end
            as decimal(18, 4)
        ) as mrr,
        reporting_rate,

        ---------- booleans
        is_active,

        ---------- times
        plausible_started_at as started_at,
        current_period_started_at,
        current_period_ended_at,
        canceled_at,
        over_at,
        ended_at,
        loaded_at
    from valued

)

select * from finished
