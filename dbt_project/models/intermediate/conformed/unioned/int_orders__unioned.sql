with

app_database as (

    select * from {{ ref('int_app_database__orders') }}

),

files as (

    select * from {{ ref('int_files__orders') }}

),

shopify as (

    select * from {{ ref('int_shopify__orders') }}

),

unioned as (

    select * from app_database

    union all
    select * from files

    union all
    select * from shopify

)

select * from unioned
