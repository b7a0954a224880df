with

source as (

    select * from {{ source('stripe', 'refunds') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

renamed as (

    select
        ---------- ids
        source.id as refund_id,
        source.charge as charge_id,
        source.payment_intent as payment_intent_id,

        ---------- text
        source.status,
        upper(source.currency) as currency,
        source.reason,
        source.failure_reason,
        source.metadata,

        ---------- numbers
        {{ major_units('source.amount', 'currencies.stripe_minor_unit_digits') }} as amount,

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
