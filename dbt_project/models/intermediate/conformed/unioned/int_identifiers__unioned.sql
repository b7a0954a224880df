with

app_database as (

    select * from {{ ref('int_app_database__identifiers') }}

),

files as (

    select * from {{ ref('int_files__identifiers') }}

),

hubspot as (

    select * from {{ ref('int_hubspot__identifiers') }}

),

klaviyo as (

    select * from {{ ref('int_klaviyo__identifiers') }}

),

segment_events as (

    select * from {{ ref('int_segment_events__identifiers') }}

),

shopify as (

    select * from {{ ref('int_shopify__identifiers') }}

),

stripe as (

    select * from {{ ref('int_stripe__identifiers') }}

),

zendesk as (

    select * from {{ ref('int_zendesk__identifiers') }}

),

unioned as (

    select * from app_database

    union all
    select * from files

    union all
    select * from hubspot

    union all
    select * from klaviyo

    union all
    select * from segment_events

    union all
    select * from shopify

    union all
    select * from stripe

    union all
    select * from zendesk

)

select * from unioned
