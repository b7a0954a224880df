with

charges as (

    select * from {{ ref('stg_stripe__charges') }}

),

refunds as (

    select * from {{ ref('stg_stripe__refunds') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

invoice_payments as (

    select
        invoice_id,
        {{ explode_json_array('payments') }} as payment
    from invoices

),

{# Charges do not name their invoice: invoices name the intent, or the charge, that pays them. #}
paid_invoices as (

    select
        coalesce(
            {{ json_text('payment', 'payment.payment_intent') }},
            {{ json_text('payment', 'payment.charge') }}
        ) as paid_by,
        min(invoice_id) as invoice_id
    from invoice_payments
    group by all

),

invoiced_charges as (

    select
        charges.*,
        coalesce(by_charge.invoice_id, by_intent.invoice_id) as invoice_id
    from charges
    left join paid_invoices as by_charge
        on charges.charge_id = by_charge.paid_by
    left join paid_invoices as by_intent
        on charges.payment_intent_id = by_intent.paid_by

),

charged as (

    select
        charge_id as payment_id,
        customer_id,
        invoice_id,
        'charge' as payment_type,
        status,
        currency,
        failure_code as failure_reason,
        amount,
        {# Money that is only held has not been paid. #}
        case when status = 'succeeded' and is_captured then amount else 0 end as net_amount,
        created_at,
        loaded_at
    from invoiced_charges

),

refunded as (

    select
        refunds.refund_id as payment_id,
        invoiced_charges.customer_id,
        invoiced_charges.invoice_id,
        'refund' as payment_type,
        refunds.status,
        refunds.currency,
        refunds.failure_reason,
        refunds.amount,
        {# Letting go of money that was only held is noted as a refund too, and gives none back. #}
        case
            when refunds.status = 'succeeded' and coalesce(invoiced_charges.is_captured, true)
                then -refunds.amount
            else 0
        end as net_amount,
        refunds.created_at,
        refunds.loaded_at
    from refunds
    left join invoiced_charges
        on refunds.charge_id = invoiced_charges.charge_id

),

payments as (

    select * from charged
    union all
    select * from refunded

),

conformed as (

    select
        'stripe:' || payment_id as payment_key,
        'stripe' as source,
        payment_id,
        'stripe:' || customer_id as customer_record_key,
        cast(null as string) as order_key,
        'stripe:' || invoice_id as invoice_key,
        payment_type,
        status,
        currency,
        failure_reason,
        amount,
        cast(net_amount as decimal(18, 4)) as net_amount,
        created_at as paid_at,
        loaded_at
    from payments

)

select * from conformed
