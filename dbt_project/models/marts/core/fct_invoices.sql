with

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

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
        invoices.currency,
        invoices.amount_due,
        invoices.amount_paid,
        invoices.issued_at,
        invoices.due_at,
        invoices.paid_at,
        invoices.loaded_at
    from invoices
    left join customer_records
        on invoices.customer_record_key = customer_records.record_key

)

select * from joined
