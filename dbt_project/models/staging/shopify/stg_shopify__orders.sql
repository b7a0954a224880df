with

source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        ---------- ids
        split_part(id, '/', 5) as order_id,
        split_part({{ json_text('customer', 'id') }}, '/', 5) as customer_id,

        ---------- text
        name as order_name,
        email,
        phone,
        billing_address,
        shipping_address,
        note,
        tags,
        source_name,
        display_financial_status as financial_status,
        display_fulfillment_status as fulfillment_status,
        cancel_reason,
        {{ json_text('total_price_set', 'shopMoney.currencyCode') }} as currency,

        ---------- numbers
        try_cast({{ json_text('subtotal_price_set', 'shopMoney.amount') }} as decimal(18, 4))
            as subtotal_amount,
        try_cast({{ json_text('total_discounts_set', 'shopMoney.amount') }} as decimal(18, 4))
            as discount_amount,
        try_cast({{ json_text('total_shipping_price_set', 'shopMoney.amount') }} as decimal(18, 4))
            as shipping_amount,
        try_cast({{ json_text('total_tax_set', 'shopMoney.amount') }} as decimal(18, 4))
            as tax_amount,
        try_cast({{ json_text('total_price_set', 'shopMoney.amount') }} as decimal(18, 4))
            as total_amount,
        try_cast({{ json_text('current_total_price_set', 'shopMoney.amount') }} as decimal(18, 4))
            as current_total_amount,
        try_cast({{ json_text('total_refunded_set', 'shopMoney.amount') }} as decimal(18, 4))
            as refunded_amount,

        ---------- booleans
        test as is_test,
        confirmed as is_confirmed,

        ---------- timestamps
        created_at,
        processed_at,
        updated_at,
        cancelled_at,
        closed_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
