{#- What a customer did themselves tells that they are there; what was done to them does not. -#}
with

customer_records as (

    select
        xref.customer_id,
        xref.record_key,
        xref.source,
        {{ plausible_time('records.created_at', 'records.loaded_at') }} as created_at
    from {{ ref('xref_customer_records') }} as xref
    inner join {{ ref('int_person_records__unioned') }} as records
        on xref.record_key = records.record_key
    where records.created_at is not null

),

orders as (

    select * from {{ ref('fct_orders') }}

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

consents as (

    select * from {{ ref('fct_consents') }}

),

email_events as (

    select * from {{ ref('fct_email_events') }}

),

events as (

    select * from {{ ref('fct_events') }}

),

touches as (

    select
        customer_id,
        'record_created' as touch_type,
        created_at as occurred_at,
        source,
        record_key as ref,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        'known to ' || source as summary,
        false as is_own_action
    from customer_records

    union all

    select
        customer_id,
        'order_placed' as touch_type,
        ordered_at as occurred_at,
        source,
        order_key as ref,
        currency,
        amount,
        reporting_amount,
        'order placed, now ' || coalesce(lower(status), 'of no known state') as summary,
        order_state <> 'void' as is_own_action
    from orders

    union all

    select
        customer_id,
        'order_cancelled' as touch_type,
        cancelled_at as occurred_at,
        source,
        order_key as ref,
        currency,
        -amount as amount,
        -reporting_amount as reporting_amount,
        'order cancelled' as summary,
        false as is_own_action
    from orders
    where cancelled_at is not null

    union all

    select
        customer_id,
        case
            when payment_type = 'refund' then 'refund'
            when status = 'failed' then 'payment_failed'
            else 'payment'
        end as touch_type,
        paid_at as occurred_at,
        source,
        payment_key as ref,
        currency,
        net_amount as amount,
        reporting_net_amount as reporting_amount,
        payment_type || ' ' || coalesce(status, 'of no known state') as summary,
        false as is_own_action
    from payments

    union all

    select
        customer_id,
        'invoice_issued' as touch_type,
        issued_at as occurred_at,
        source,
        invoice_key as ref,
        currency,
        amount,
        reporting_amount,
        'invoice issued, now ' || coalesce(status, 'of no known state') as summary,
        false as is_own_action
    from invoices

    union all

    select
        customer_id,
        'subscription_started' as touch_type,
        started_at as occurred_at,
        source,
        subscription_key as ref,
        currency,
        mrr as amount,
        reporting_mrr as reporting_amount,
        'subscribed to ' || coalesce(plan_name, 'a plan') as summary,
        true as is_own_action
    from subscriptions

    union all

    select
        customer_id,
        'subscription_cancelled' as touch_type,
        canceled_at as occurred_at,
        source,
        subscription_key as ref,
        currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        'cancelled ' || coalesce(plan_name, 'a plan') as summary,
        true as is_own_action
    from subscriptions
    where canceled_at is not null

    union all

    select
        customer_id,
        'subscription_ended' as touch_type,
        ended_at as occurred_at,
        source,
        subscription_key as ref,
        currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        'end of ' || coalesce(plan_name, 'a plan') as summary,
        false as is_own_action
    from subscriptions
    where ended_at is not null

    union all

    select
        customer_id,
        'ticket_opened' as touch_type,
        created_at as occurred_at,
        source,
        ticket_key as ref,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        'ticket opened, now ' || coalesce(status, 'of no known state') as summary,
        true as is_own_action
    from tickets

    union all

    select
        customer_id,
        'ticket_solved' as touch_type,
        solved_at as occurred_at,
        source,
        ticket_key as ref,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        'ticket solved' as summary,
        false as is_own_action
    from tickets
    where solved_at is not null

    union all

    select
        customer_id,
        'deal_created' as touch_type,
        created_at as occurred_at,
        source,
        deal_key as ref,
        currency,
        amount,
        reporting_amount,
        'deal created, now ' || coalesce(stage, 'at no known stage') as summary,
        false as is_own_action
    from deals

    union all

    select
        customer_id,
        'consent_' || status as touch_type,
        recorded_at as occurred_at,
        source,
        consent_key as ref,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        purpose || ' by ' || channel || ' ' || status as summary,
        true as is_own_action
    from consents
    where status in ('granted', 'withdrawn')

    union all

    select
        customer_id,
        'email_' || event_type as touch_type,
        occurred_at,
        source,
        email_event_key as ref,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        'e-mail ' || event_type || coalesce(': ' || campaign_name, '') as summary,
        event_type in ('opened', 'clicked', 'unsubscribed') as is_own_action
    from email_events

    union all

    select
        customer_id,
        event_type as touch_type,
        occurred_at,
        source,
        event_key as ref,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as reporting_amount,
        coalesce(event_name, page_path, event_type) as summary,
        true as is_own_action
    from events
    where event_type not in ('identify', 'group', 'alias')

),

-- What has no time comes last: nothing says where it belongs.
ordered as (

    select
        ---------- ids
        touch_type || ':' || ref as touch_key,
        customer_id,
        cast(
            row_number() over (
                partition by customer_id
                order by occurred_at nulls last, touch_type, ref
            ) as bigint
        ) as touch_number,
        source,
        ref,

        ---------- text
        touch_type,
        summary,
        currency,

        ---------- numbers
        amount,
        reporting_amount,

        ---------- booleans
        coalesce(is_own_action, false) as is_own_action,

        ---------- times
        occurred_at
    from touches
    where customer_id is not null

)

select * from ordered
