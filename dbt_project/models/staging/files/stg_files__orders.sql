with

source as (

    select * from {{ source('files', 'orders') }}

),

renamed as (

    select
        ---------- ids
        record_id,
        order_id,
        customer_record_id,
        product_id,

        ---------- text
        dataset,
        email,
        phone,
        status,
        currency,
        product_name,
        time_zone,
        traits,

        ---------- numbers
        amount,
        quantity,

        ---------- timestamps
        ordered_at,

        ---------- load metadata
        file,
        line,
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
