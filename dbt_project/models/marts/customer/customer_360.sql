{#- A column whose yml has `meta: {trait: {source: …, name: …}}` is made of that trait. -#}
{%- set promoted = model.columns.values() | selectattr('config.meta.trait') | list -%}
with

customers as (

    select * from {{ ref('dim_customers') }}

),

households as (

    select * from {{ ref('int_households__identified') }}

),

memberships as (

    select * from {{ ref('xref_customer_accounts') }}
    where is_owner

),

accounts as (

    select * from {{ ref('dim_accounts') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

identifiers as (

    select * from {{ ref('xref_customer_identifiers') }}

),

consents as (

    select * from {{ ref('int_consents__current') }}

),

purchases as (

    select * from {{ ref('int_purchases__summarized') }}

),

rfm as (

    select * from {{ ref('customer_rfm') }}

),

lifetime_values as (

    select * from {{ ref('customer_lifetime_value') }}

),

churn_signals as (

    select * from {{ ref('customer_churn_signals') }}

),

touches as (

    select * from {{ ref('fct_customer_timeline') }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

email_events as (

    select * from {{ ref('fct_email_events') }}

),

payments as (

    select * from {{ ref('fct_payments') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

subscriptions as (

    select * from {{ ref('fct_subscriptions') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

deals as (

    select * from {{ ref('fct_deals') }}

),

traits as (

    select * from {{ ref('customer_traits') }}

),

promoted_traits as (

    select
        {% for column in promoted %}
            try_cast(
                max(
                    case
                        when
                            source = '{{ column.config.meta.trait.source }}'
                            and trait_name = '{{ column.config.meta.trait.name }}'
                            then trait_value
                    end
                ) as {{ column_type(column.data_type) }}
            ) as {{ column.name }},
        {% endfor %}
        customer_id
    from traits
    group by customer_id

),

record_sums as (

    select
        customer_id,
        {{ join_sorted('distinct source', "', '") }} as sources
    from customer_records
    group by customer_id

),

identifier_sums as (

    select
        customer_id,
        count(*) as identifier_count,
        count(case when identifier_type = 'email' then 1 end) as email_count,
        count(case when identifier_type = 'phone' then 1 end) as phone_count,
        count(case when identifier_type = 'anonymous_id' then 1 end) as device_count
    from identifiers
    group by customer_id

),

consent_states as (

    select
        customer_id,
        max(case when purpose = 'marketing' and channel = 'email' then status end)
            as email_marketing_consent,
        max(case when purpose = 'marketing' and channel = 'sms' then status end)
            as sms_marketing_consent,
        max(case when purpose = 'analytics' and channel = 'any' then status end)
            as analytics_consent
    from consents
    group by customer_id

),

touch_sums as (

    select
        customer_id,
        count(*) as touch_count,
        min(occurred_at) as first_touch_at,
        {{ value_at_lowest('touch_type', 'touch_number') }} as first_touch_type,
        max(occurred_at) as last_touch_at,
        {{ value_at_lowest(
            'case when occurred_at is not null then touch_type end', '-touch_number'
        ) }} as last_touch_type
    from touches
    group by customer_id

),

session_sums as (

    select
        customer_id,
        count(*) as session_count,
        sum(page_view_count) as page_view_count,
        min(started_at) as first_session_at,
        max(started_at) as last_session_at,
        {{ value_at_lowest(
            'case when has_campaign then channel end', '(started_at, session_key)'
        ) }} as first_campaign_channel
    from sessions
    where customer_id is not null
    group by customer_id

),

email_sums as (

    select
        customer_id,
        count(case when event_type = 'received' then 1 end) as email_received_count,
        count(case when event_type = 'opened' then 1 end) as email_opened_count,
        count(case when event_type = 'clicked' then 1 end) as email_clicked_count
    from email_events
    where customer_id is not null
    group by customer_id

),

payment_sums as (

    select
        customer_id,
        count(case when net_amount <> 0 then 1 end) as payment_count,
        sum(reporting_net_amount) as reporting_paid_amount
    from payments
    where customer_id is not null
    group by customer_id

),

invoice_sums as (

    select
        customer_id,
        count(*) as invoice_count
    from invoices
    where customer_id is not null
    group by customer_id

),

subscription_sums as (

    select
        customer_id,
        count(*) as subscription_count,
        sum(reporting_mrr) as reporting_mrr
    from subscriptions
    where customer_id is not null
    group by customer_id

),

ticket_sums as (

    select
        customer_id,
        count(*) as ticket_count
    from tickets
    where customer_id is not null and not is_deleted
    group by customer_id

),

deal_sums as (

    select
        customer_id,
        count(*) as deal_count
    from deals
    where customer_id is not null and not is_deleted
    group by customer_id

),

joined as (

    select
        ---------- ids
        customers.customer_id,
        households.household_id,
        memberships.account_id,

        ---------- who they are
        customers.full_name,
        customers.given_name,
        customers.family_name,
        customers.gender,
        customers.birth_date,
        customers.email,
        customers.phone,
        customers.street_address,
        customers.city,
        customers.region_code,
        customers.postcode,
        customers.country_code,
        customers.time_zone,
        customers.job_title,
        coalesce(accounts.account_name, customers.company_name) as company_name,
        record_sums.sources,
        {% for column in promoted %}
            promoted_traits.{{ column.name }},
        {% endfor %}

        ---------- what they agreed to
        coalesce(consent_states.email_marketing_consent, 'unknown') as email_marketing_consent,
        coalesce(consent_states.sms_marketing_consent, 'unknown') as sms_marketing_consent,
        coalesce(consent_states.analytics_consent, 'unknown') as analytics_consent,

        ---------- what they are to us
        rfm.segment,
        rfm.rfm_score,
        churn_signals.subscription_state,
        churn_signals.signals,
        touch_sums.first_touch_type,
        touch_sums.last_touch_type,
        session_sums.first_campaign_channel,

        ---------- how many
        customers.record_count,
        customers.source_count,
        coalesce(identifier_sums.identifier_count, 0) as identifier_count,
        coalesce(identifier_sums.email_count, 0) as email_count,
        coalesce(identifier_sums.phone_count, 0) as phone_count,
        coalesce(identifier_sums.device_count, 0) as device_count,
        coalesce(touch_sums.touch_count, 0) as touch_count,
        churn_signals.active_day_count,
        coalesce(session_sums.session_count, 0) as session_count,
        cast(coalesce(session_sums.page_view_count, 0) as bigint) as page_view_count,
        coalesce(email_sums.email_received_count, 0) as email_received_count,
        coalesce(email_sums.email_opened_count, 0) as email_opened_count,
        coalesce(email_sums.email_clicked_count, 0) as email_clicked_count,
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.unconverted_order_count, 0) as unconverted_order_count,
        coalesce(payment_sums.payment_count, 0) as payment_count,
        churn_signals.failed_payment_count,
        coalesce(invoice_sums.invoice_count, 0) as invoice_count,
        coalesce(subscription_sums.subscription_count, 0) as subscription_count,
        churn_signals.active_subscription_count,
        coalesce(ticket_sums.ticket_count, 0) as ticket_count,
        churn_signals.open_ticket_count,
        coalesce(deal_sums.deal_count, 0) as deal_count,

        ---------- how much, in the reporting currency
        '{{ var("reporting_currency") }}' as reporting_currency,
        coalesce(purchases.reporting_amount, 0) as reporting_amount,
        coalesce(purchases.reporting_refunded_amount, 0) as reporting_refunded_amount,
        coalesce(purchases.reporting_net_amount, 0) as reporting_net_amount,
        cast(coalesce(payment_sums.reporting_paid_amount, 0) as decimal(18, 4))
            as reporting_paid_amount,
        cast(coalesce(subscription_sums.reporting_mrr, 0) as decimal(18, 4)) as reporting_mrr,
        lifetime_values.expected_value,

        ---------- booleans
        customers.is_deleted,
        customers.is_incomplete,
        customers.is_stale,
        customers.is_legacy_only,

        ---------- dates and times
        customers.first_seen_at,
        customers.last_updated_at,
        touch_sums.first_touch_at,
        touch_sums.last_touch_at,
        session_sums.first_session_at,
        session_sums.last_session_at,
        purchases.first_ordered_at,
        purchases.last_ordered_at,
        churn_signals.last_active_on,
        churn_signals.as_of
    from customers
    left join churn_signals
        on customers.customer_id = churn_signals.customer_id
    left join households
        on customers.customer_id = households.customer_id
    left join memberships
        on customers.customer_id = memberships.customer_id
    left join accounts
        on memberships.account_id = accounts.account_id
    left join promoted_traits
        on customers.customer_id = promoted_traits.customer_id
    left join record_sums
        on customers.customer_id = record_sums.customer_id
    left join identifier_sums
        on customers.customer_id = identifier_sums.customer_id
    left join consent_states
        on customers.customer_id = consent_states.customer_id
    left join purchases
        on customers.customer_id = purchases.customer_id
    left join rfm
        on customers.customer_id = rfm.customer_id
    left join lifetime_values
        on customers.customer_id = lifetime_values.customer_id
    left join touch_sums
        on customers.customer_id = touch_sums.customer_id
    left join session_sums
        on customers.customer_id = session_sums.customer_id
    left join email_sums
        on customers.customer_id = email_sums.customer_id
    left join payment_sums
        on customers.customer_id = payment_sums.customer_id
    left join invoice_sums
        on customers.customer_id = invoice_sums.customer_id
    left join subscription_sums
        on customers.customer_id = subscription_sums.customer_id
    left join ticket_sums
        on customers.customer_id = ticket_sums.customer_id
    left join deal_sums
        on customers.customer_id = deal_sums.customer_id

)

select * from joined
-- In order, so that the one of an id is read from one place.
order by customer_id
