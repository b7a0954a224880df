with

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

subscriptions as (

    select * from {{ ref('int_subscriptions__unioned') }}

),

deals as (

    select * from {{ ref('int_deals__unioned') }}

),

keyed as (

    select * from {{ ref('int_records__keyed') }}

),

records as (

    select
        'order' as entity,
        order_key as record_key,
        source,
        order_id as record_id,
        customer_record_key,
        cast(null as string) as organization_record_key,
        currency,
        cast(null as string) as raw_amount,
        cast(null as decimal(18, 4)) as amount,
        ordered_at as occurred_at,
        loaded_at
    from orders

    union all

    select
        'order_line' as entity,
        order_lines.order_line_key as record_key,
        order_lines.source,
        order_lines.order_line_id as record_id,
        orders.customer_record_key,
        null as organization_record_key,
        order_lines.currency,
        null as raw_amount,
        null as amount,
        orders.ordered_at as occurred_at,
        order_lines.loaded_at
    from order_lines
    left join orders
        on order_lines.order_key = orders.order_key

    union all

    select
        'invoice' as entity,
        invoice_key as record_key,
        source,
        invoice_id as record_id,
        customer_record_key,
        null as organization_record_key,
        currency,
        null as raw_amount,
        null as amount,
        issued_at as occurred_at,
        loaded_at
    from invoices

    union all

    select
        'payment' as entity,
        payment_key as record_key,
        source,
        payment_id as record_id,
        customer_record_key,
        null as organization_record_key,
        currency,
        null as raw_amount,
        null as amount,
        paid_at as occurred_at,
        loaded_at
    from payments

    union all

    select
        'subscription' as entity,
        subscription_key as record_key,
        source,
        subscription_id as record_id,
        customer_record_key,
        null as organization_record_key,
        currency,
        null as raw_amount,
        null as amount,
        started_at as occurred_at,
        loaded_at
    from subscriptions

    union all

    select
        'deal' as entity,
        deal_key as record_key,
        source,
        deal_id as record_id,
        customer_record_key,
        organization_record_key,
        currency,
        amount_as_written as raw_amount,
        amount,
        coalesce(closed_at, created_at) as occurred_at,
        loaded_at
    from deals

),

located as (

    select
        records.entity,
        records.record_key,
        records.source,
        records.record_id,
        records.currency as raw_currency,
        records.raw_amount,
        records.amount,
        -- Without a time of its own, it is of the day it was loaded.
        cast(
            coalesce(
                {{ plausible_time('records.occurred_at', 'records.loaded_at') }},
                records.loaded_at
            ) as date
        ) as occurred_on,
        coalesce(people.country_code, organizations.country_code) as country_code
    from records
    left join keyed as people
        on
            records.customer_record_key = people.record_key
            and people.entity = 'person'
    left join keyed as organizations
        on
            records.organization_record_key = organizations.record_key
            and organizations.entity = 'organization'

)

select * from located
