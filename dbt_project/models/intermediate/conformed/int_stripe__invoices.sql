with

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

conformed as (

    select
        'stripe:' || invoice_id as invoice_key,
        'stripe' as source,
        invoice_id,
        'stripe:' || customer_id as customer_record_key,
        'stripe:' || subscription_id as subscription_key,
        invoice_number,
        case when is_deleted then 'deleted' else status end as status,
        currency,
        amount_due,
        amount_paid,
        finalized_at as issued_at,
        due_at,
        paid_at,
        loaded_at
    from invoices

)

select * from conformed
