with

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}
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
        invoices.amount_due,
        invoices.amount_paid,
        invoices.issued_at,
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
