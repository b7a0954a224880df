with

source as (

    select * from {{ source('stripe', 'invoices') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

renamed as (

    select
        ---------- ids
        source.id as invoice_id,
        source.customer as customer_id,
        {{ json_text('source.parent', 'subscription_details.subscription') }} as subscription_id,

        ---------- text
        source.number as invoice_number,
        source.status,
        source.billing_reason,
        source.collection_method,
        upper(source.currency) as currency,
        source.customer_name,
        source.customer_email,
        source.customer_phone,
        source.customer_address,
        {{ json_part('source.payments', 'data') }} as payments,
        source.metadata,

        ---------- numbers
        {{ major_units('source.amount_due', 'currencies.stripe_minor_unit_digits') }}
            as amount_due,
        {{ major_units('source.amount_paid', 'currencies.stripe_minor_unit_digits') }}
            as amount_paid,
        {{ major_units('source.amount_remaining', 'currencies.stripe_minor_unit_digits') }}
            as amount_remaining,
        {{ major_units('source.subtotal', 'currencies.stripe_minor_unit_digits') }}
            as subtotal_amount,
        {{ major_units('source.total', 'currencies.stripe_minor_unit_digits') }} as total_amount,
        {{ major_units('source.total_excluding_tax', 'currencies.stripe_minor_unit_digits') }}
            as total_amount_excluding_tax,

        ---------- booleans
        coalesce(source.deleted, false) as is_deleted,

        ---------- timestamps
        {{ from_unix_time('source.period_start') }} as period_started_at,
        {{ from_unix_time('source.period_end') }} as period_ended_at,
        {{ from_unix_time(json_text('source.status_transitions', 'finalized_at')) }}
            as finalized_at,
        {{ from_unix_time('source.due_date') }} as due_at,
        {{ from_unix_time(json_text('source.status_transitions', 'paid_at')) }} as paid_at,
        {{ from_unix_time(json_text('source.status_transitions', 'voided_at')) }} as voided_at,
        {{ from_unix_time(json_text('source.status_transitions', 'marked_uncollectible_at')) }}
            as marked_uncollectible_at,
        {{ from_unix_time('source.created') }} as created_at,
        {{ from_unix_time('coalesce(source.event_created, source.created)') }} as updated_at,

        ---------- load metadata
        {{ load_time('source._dlt_load_id') }} as loaded_at

    from source
    left join currencies
        on upper(source.currency) = currencies.currency_code

)

select * from renamed
