with

subscriptions as (

    select * from {{ ref('stg_stripe__subscriptions') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

items as (

    select
        subscription_id,
        billing_interval,
        billing_interval_count,
        {{ explode_json_array(json_part('items', 'data')) }} as item
    from subscriptions

),

-- Items may bill at intervals of their own: each is told for that of the first. Of less than the
-- smallest coin a line of an invoice knows nothing.
priced_items as (

    select
        subscription_id,
        {{ rounded(
            "try_cast(" ~ json_text('item', 'quantity') ~ " as double) * try_cast(coalesce("
            ~ json_text('item', 'price.unit_amount_decimal') ~ ", "
            ~ json_text('item', 'price.unit_amount') ~ ") as double)",
            0
        ) }}
        * {{ billings_a_month(
            json_text('item', 'price.recurring.interval'),
            "coalesce(try_cast("
            ~ json_text('item', 'price.recurring.interval_count') ~ " as bigint), 1)"
        ) }}
        / ({{ billings_a_month('billing_interval', 'coalesce(billing_interval_count, 1)') }})
            as period_amount
    from items

),

period_sums as (

    select
        subscription_id,
        case when count(period_amount) = count(*) then sum(period_amount) end as period_amount
    from priced_items
    group by subscription_id

),

conformed as (

    select
        'stripe:' || subscriptions.subscription_id as subscription_key,
        'stripe' as source,
        subscriptions.subscription_id,
        'stripe:' || subscriptions.customer_id as customer_record_key,
        subscriptions.plan_name,
        subscriptions.price_id,
        subscriptions.status,
        subscriptions.billing_interval,
        coalesce(subscriptions.billing_interval_count, 1) as billing_interval_count,
        subscriptions.currency,
        subscriptions.quantity,
        subscriptions.unit_amount,
        {# Of many items Stripe sends the first ten. #}
        case
            when coalesce({{ json_text('subscriptions.items', 'has_more') }}, 'false') = 'false'
                then {{ major_units(
                    'period_sums.period_amount', 'currencies.stripe_minor_unit_digits'
                ) }}
        end as period_amount,
        {# Past due: a renewal has failed, and Stripe is still trying to collect it. #}
        coalesce(subscriptions.status in ('active', 'trialing', 'past_due'), false) as is_active,
        subscriptions.started_at,
        subscriptions.current_period_started_at,
        subscriptions.current_period_ended_at,
        subscriptions.canceled_at,
        subscriptions.ended_at,
        subscriptions.loaded_at
    from subscriptions
    left join period_sums
        on subscriptions.subscription_id = period_sums.subscription_id
    left join currencies
        on subscriptions.currency = currencies.currency_code

)

select * from conformed
