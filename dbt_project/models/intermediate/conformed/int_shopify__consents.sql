with

customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

states as (

    select
        customer_id,
        'email' as channel,
        email_marketing_state as marketing_state,
        email_marketing_opt_in_level as opt_in_level,
        email_marketing_updated_at is not null as is_dated,
        coalesce(email_marketing_updated_at, created_at) as recorded_at,
        loaded_at
    from customers

    union all

    select
        customer_id,
        'sms' as channel,
        sms_marketing_state as marketing_state,
        sms_marketing_opt_in_level as opt_in_level,
        sms_marketing_updated_at is not null as is_dated,
        coalesce(sms_marketing_updated_at, created_at) as recorded_at,
        loaded_at
    from customers

),

conformed as (

    select
        'shopify:' || customer_id || ':' || channel as consent_key,
        'shopify' as source,
        customer_id || ':' || channel as consent_id,
        'shopify:' || customer_id as customer_record_key,
        'marketing' as purpose,
        channel,
        case
            when marketing_state = 'SUBSCRIBED' then 'granted'
            when marketing_state in ('UNSUBSCRIBED', 'REDACTED') then 'withdrawn'
            when marketing_state = 'PENDING' then 'pending'
            else 'unknown'
        end as status,
        lower(opt_in_level) as evidence,
        is_dated,
        recorded_at,
        loaded_at
    from states
    where marketing_state is not null

)

select * from conformed
