with

orders as (

    select * from {{ ref('stg_app_database__orders') }}

),

conformed as (

    select
        'app_database:' || order_id as order_key,
        'app_database' as source,
        order_id,
        'app_database:' || user_id as customer_record_key,
        status,
        currency,
        amount,
        refunded_amount,
        false as is_guest,
        ordered_at,
        cast(null as string) as time_zone,
        updated_at,
        cast(null as timestamp) as cancelled_at,
        loaded_at
    from orders

)

select * from conformed
