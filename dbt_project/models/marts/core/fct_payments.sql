with

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__converted') }}
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
        {{ flaws([
            customer_flaws('payments.customer_record_key', 'customer_records.customer_id'),
            time_flaws('payments.paid_at', 'payments.loaded_at'),
            money_flaws('payments.amount', 'money_records')
        ]) }} as flaws,
        payments.amount,
        payments.net_amount,
        {{ reporting_amount('payments.net_amount', 'money_records.reporting_rate') }}
            as reporting_net_amount,
        {{ plausible_time('payments.paid_at', 'payments.loaded_at') }} as paid_at,
        payments.loaded_at
    from payments
    left join customer_records
        on payments.customer_record_key = customer_records.record_key
    left join money_records
        on payments.payment_key = money_records.record_key

)

select * from joined
