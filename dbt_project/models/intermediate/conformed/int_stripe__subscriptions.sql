with

subscriptions as (

    select * from {{ ref('stg_stripe__subscriptions') }}

),

conformed as (

    select
        'stripe:' || subscription_id as subscription_key,
        'stripe' as source,
        subscription_id,
        'stripe:' || customer_id as customer_record_key,
        plan_name,
        price_id,
        status,
        billing_interval,
        coalesce(billing_interval_count, 1) as billing_interval_count,
        currency,
        quantity,
        unit_amount,
        {# Past due: a renewal has failed, and Stripe is still trying to collect it. #}
        coalesce(status in ('active', 'trialing', 'past_due'), false) as is_active,
        started_at,
        current_period_started_at,
        current_period_ended_at,
        canceled_at,
        ended_at,
        loaded_at
    from subscriptions

)

select * from conformed
