with

subscriptions as (

    select * from {{ ref('int_subscriptions__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}
    where entity = 'subscription'

),

joined as (

    select
        subscriptions.subscription_key,
        customer_records.customer_id,
        subscriptions.source,
        subscriptions.subscription_id,
        subscriptions.plan_name,
        subscriptions.price_id,
        subscriptions.status,
        subscriptions.billing_interval,
        money_records.currency,
        subscriptions.quantity,
        subscriptions.unit_amount,
        subscriptions.is_active,
        subscriptions.started_at,
        subscriptions.current_period_started_at,
        subscriptions.current_period_ended_at,
        subscriptions.canceled_at,
        subscriptions.ended_at,
        subscriptions.loaded_at
    from subscriptions
    left join customer_records
        on subscriptions.customer_record_key = customer_records.record_key
    left join money_records
        on subscriptions.subscription_key = money_records.record_key

)

select * from joined
