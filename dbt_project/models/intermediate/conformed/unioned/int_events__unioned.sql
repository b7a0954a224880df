{{ config(materialized='view') }} {# long, and read by one model #}

with

app_database as (

    select * from {{ ref('int_app_database__events') }}

),

segment_events as (

    select * from {{ ref('int_segment_events__events') }}

),

unioned as (

    select * from app_database

    union all
    select * from segment_events

)

select * from unioned
