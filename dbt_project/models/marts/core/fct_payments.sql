with

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

joined as (

    select
        payments.payment_key,
        customer_records.customer_id,
        payments.source,
        payments.payment_id,
        payments.order_key,
        payments.invoice_key,
        payments.payment_type,
        payments.status,
        payments.currency,
        payments.failure_reason,
        payments.amount,
        payments.net_amount,
        payments.paid_at,
        payments.loaded_at
    from payments
    left join customer_records
        on payments.customer_record_key = customer_records.record_key

)

select * from joined
