with

files as (

    select * from {{ ref('int_files__organizations') }}

),

hubspot as (

    select * from {{ ref('int_hubspot__organizations') }}

),

segment_events as (

    select * from {{ ref('int_segment_events__organizations') }}

),

zendesk as (

    select * from {{ ref('int_zendesk__organizations') }}

),

unioned as (

    select * from files

    union all
    select * from hubspot

    union all
    select * from segment_events

    union all
    select * from zendesk

)

select * from unioned
