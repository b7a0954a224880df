with

files as (

    select * from {{ ref('int_files__orders') }}

),

shopify as (

    select * from {{ ref('int_shopify__orders') }}

),

unioned as (

    select * from files

    union all
    select * from shopify

)

select * from unioned
