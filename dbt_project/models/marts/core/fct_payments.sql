with

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}
    where entity = 'payment'

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
        money_records.currency,
        payments.failure_reason,
        payments.amount,
        payments.net_amount,
        payments.paid_at,
        payments.loaded_at
    from payments
    left join customer_records
        on payments.customer_record_key = customer_records.record_key
    left join money_records
        on payments.payment_key = money_records.record_key

)

select * from joined
