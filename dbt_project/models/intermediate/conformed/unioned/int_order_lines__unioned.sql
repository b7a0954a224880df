with

files as (

    select * from {{ ref('int_files__order_lines') }}

),

shopify as (

    select * from {{ ref('int_shopify__order_lines') }}

),

unioned as (

    select * from files

    union all
    select * from shopify

)

select * from unioned
