with

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__converted') }}
    where entity = 'invoice'

),

joined as (

    select
        invoices.invoice_key,
        customer_records.customer_id,
        invoices.source,
        invoices.invoice_id,
        invoices.subscription_key,
        invoices.invoice_number,
        invoices.status,
        money_records.currency,
        {{ flaws([
            customer_flaws('invoices.customer_record_key', 'customer_records.customer_id'),
            time_flaws('invoices.issued_at', 'invoices.loaded_at'),
            money_flaws('invoices.amount', 'money_records')
        ]) }} as flaws,
        invoices.amount,
        invoices.amount_due,
        invoices.amount_paid,
        {{ reporting_amount('invoices.amount', 'money_records.reporting_rate') }}
            as reporting_amount,
        invoices.is_recurring,
        {{ plausible_time('invoices.issued_at', 'invoices.loaded_at') }} as issued_at,
        invoices.due_at,
        invoices.paid_at,
        invoices.loaded_at
    from invoices
    left join customer_records
        on invoices.customer_record_key = customer_records.record_key
    left join money_records
        on invoices.invoice_key = money_records.record_key

)

select * from joined
