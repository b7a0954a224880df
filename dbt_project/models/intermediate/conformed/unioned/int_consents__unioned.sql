with

app_database as (

    select * from {{ ref('int_app_database__consents') }}

),

hubspot as (

    select * from {{ ref('int_hubspot__consents') }}

),

klaviyo as (

    select * from {{ ref('int_klaviyo__consents') }}

),

shopify as (

    select * from {{ ref('int_shopify__consents') }}

),

unioned as (

    select * from app_database

    union all
    select * from hubspot

    union all
    select * from klaviyo

    union all
    select * from shopify

)

select * from unioned
