with

source as (

    select * from {{ source('stripe', 'charges') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

renamed as (

    select
        ---------- ids
        source.id as charge_id,
        source.customer as customer_id,
        source.payment_intent as payment_intent_id,

        ---------- text
        source.status,
        upper(source.currency) as currency,
        source.description,
        source.failure_code,
        source.failure_message,
        {{ json_text('source.payment_method_details', 'type') }} as payment_method_type,
        {{ json_text('source.payment_method_details', 'card.brand') }} as card_brand,
        {{ json_text('source.payment_method_details', 'card.last4') }} as card_last4,
        source.metadata,

        ---------- numbers
        {{ major_units('source.amount', 'currencies.stripe_minor_unit_digits') }} as amount,
        {{ major_units('source.amount_captured', 'currencies.stripe_minor_unit_digits') }}
            as amount_captured,
        {{ major_units('source.amount_refunded', 'currencies.stripe_minor_unit_digits') }}
            as amount_refunded,

        ---------- booleans
        coalesce(source.captured, false) as is_captured,
        coalesce(source.disputed, false) as is_disputed,

        ---------- timestamps
        {{ from_unix_time('source.created') }} as created_at,
        {{ from_unix_time('coalesce(source.event_created, source.created)') }} as updated_at,

        ---------- load metadata
        {{ load_time('source._dlt_load_id') }} as loaded_at

    from source
    left join currencies
        on upper(source.currency) = currencies.currency_code

)

select * from renamed
