with

permitted as (

    select * from {{ ref('customer_contactability') }}
    where may_contact and purpose = 'marketing' and channel = 'email'

),

churn_signals as (

    select * from {{ ref('customer_churn_signals') }}
    where signal_count > 0

),

customers as (

    select * from {{ ref('customer_360') }}

),

audience as (

    select
        ---------- ids
        customers.customer_id,

        ---------- text
        customers.email,
        customers.given_name,
        customers.locale,
        churn_signals.signals,
        churn_signals.subscription_state,
        customers.reporting_currency,

        ---------- numbers
        churn_signals.signal_count,
        customers.reporting_mrr,

        ---------- dates and times
        churn_signals.last_active_on,
        permitted.judged_at
    from permitted
    inner join churn_signals
        on permitted.customer_id = churn_signals.customer_id
    inner join customers
        on permitted.customer_id = customers.customer_id

)

select * from audience
