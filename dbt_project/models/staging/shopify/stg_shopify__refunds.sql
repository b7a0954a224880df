with

source as (

    select * from {{ source('shopify', 'refunds') }}

),

renamed as (

    select
        ---------- ids
        split_part(id, '/', 5) as refund_id,
        split_part(order_id, '/', 5) as order_id,

        ---------- text
        note,
        refund_line_items,
        {{ json_text('total_refunded_set', 'shopMoney.currencyCode') }} as currency,

        ---------- numbers
        try_cast({{ json_text('total_refunded_set', 'shopMoney.amount') }} as decimal(18, 4))
            as amount,

        ---------- timestamps
        order_updated_at,
        created_at,
        updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
