with

source as (

    select * from {{ source('shopify', 'order_line_items') }}

),

renamed as (

    select
        ---------- ids
        split_part(id, '/', 5) as order_line_item_id,
        split_part(order_id, '/', 5) as order_id,
        split_part({{ json_text('product', 'id') }}, '/', 5) as product_id,
        split_part({{ json_text('variant', 'id') }}, '/', 5) as variant_id,

        ---------- text
        name as product_name,
        title as product_title,
        variant_title,
        sku,
        vendor,
        {{ json_text('discounted_total_set', 'shopMoney.currencyCode') }} as currency,

        ---------- numbers
        quantity,
        current_quantity,
        try_cast({{ json_text('original_unit_price_set', 'shopMoney.amount') }} as decimal(18, 4))
            as unit_price,
        try_cast({{ json_text('discounted_total_set', 'shopMoney.amount') }} as decimal(18, 4))
            as amount,

        ---------- booleans
        is_gift_card,

        ---------- timestamps
        order_updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
