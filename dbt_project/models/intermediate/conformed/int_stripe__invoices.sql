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
        total_amount as amount,
        subtotal_amount,
        coalesce(total_amount_excluding_tax, total_amount) as net_amount,
        amount_due,
        amount_paid,
        -- What a change of plan brings meanwhile bills a part of a period.
        coalesce(
            billing_reason in ('subscription_create', 'subscription_cycle')
            and subscription_id is not null
            and status in ('open', 'paid', 'uncollectible')
            and not is_deleted,
            false
        ) as is_recurring,
        finalized_at as issued_at,
        due_at,
        paid_at,
        loaded_at
    from invoices

)

select * from conformed
