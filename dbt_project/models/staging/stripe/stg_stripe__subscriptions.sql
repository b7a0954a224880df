with

source as (

    select * from {{ source('stripe', 'subscriptions') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

first_items as (

    select
        *,
        {{ json_part('items', 'data[0]') }} as first_item,
        coalesce(
            {{ json_text('items', 'data[0].price.unit_amount_decimal') }},
            {{ json_text('items', 'data[0].price.unit_amount') }}
        ) as unit_amount
    from source

),

renamed as (

    select
        ---------- ids
        first_items.id as subscription_id,
        first_items.customer as customer_id,
        {{ json_text('first_items.first_item', 'price.id') }} as price_id,
        {{ json_text('first_items.first_item', 'price.product') }} as product_id,

        ---------- text
        first_items.status,
        coalesce(
            {{ json_text('first_items.first_item', 'price.nickname') }},
            {{ json_text('first_items.first_item', 'price.lookup_key') }},
            first_items.description
        ) as plan_name,
        {{ json_text('first_items.first_item', 'price.recurring.interval') }} as billing_interval,
        upper(first_items.currency) as currency,
        first_items.items,
        first_items.metadata,

        ---------- numbers
        try_cast(
            {{ json_text('first_items.first_item', 'price.recurring.interval_count') }} as bigint
        ) as billing_interval_count,
        try_cast({{ json_text('first_items.first_item', 'quantity') }} as bigint) as quantity,
        {{ major_units('first_items.unit_amount', 'currencies.stripe_minor_unit_digits') }}
            as unit_amount,

        ---------- booleans
        coalesce(first_items.cancel_at_period_end, false) as is_cancelled_at_period_end,

        ---------- timestamps
        {{ from_unix_time('first_items.start_date') }} as started_at,
        {{ from_unix_time(json_text('first_items.first_item', 'current_period_start')) }}
            as current_period_started_at,
        {{ from_unix_time(json_text('first_items.first_item', 'current_period_end')) }}
            as current_period_ended_at,
        {{ from_unix_time('first_items.trial_start') }} as trial_started_at,
        {{ from_unix_time('first_items.trial_end') }} as trial_ended_at,
        {{ from_unix_time('first_items.cancel_at') }} as cancels_at,
        {{ from_unix_time('first_items.canceled_at') }} as canceled_at,
        {{ from_unix_time('first_items.ended_at') }} as ended_at,
        {{ from_unix_time('first_items.created') }} as created_at,
        {{ from_unix_time('coalesce(first_items.event_created, first_items.created)') }}
            as updated_at,

        ---------- load metadata
        {{ load_time('first_items._dlt_load_id') }} as loaded_at

    from first_items
    left join currencies
        on upper(first_items.currency) = currencies.currency_code

)

select * from renamed
