with

source as (

    select * from {{ source('app_database', 'orders') }}

),

renamed as (

    select
        ---------- ids
        id as order_id,
        user_id,

        ---------- text
        status,
        currency,

        ---------- numbers
        amount,
        refunded_amount,

        ---------- timestamps
        ordered_at,
        updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
