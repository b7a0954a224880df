with

app_database as (

    select * from {{ ref('int_app_database__person_records') }}

),

files as (

    select * from {{ ref('int_files__person_records') }}

),

hubspot as (

    select * from {{ ref('int_hubspot__person_records') }}

),

klaviyo as (

    select * from {{ ref('int_klaviyo__person_records') }}

),

segment_events as (

    select * from {{ ref('int_segment_events__person_records') }}

),

shopify as (

    select * from {{ ref('int_shopify__person_records') }}

),

stripe as (

    select * from {{ ref('int_stripe__person_records') }}

),

zendesk as (

    select * from {{ ref('int_zendesk__person_records') }}

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
