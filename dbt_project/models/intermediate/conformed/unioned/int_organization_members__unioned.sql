with

hubspot as (

    select * from {{ ref('int_hubspot__organization_members') }}

),

segment_events as (

    select * from {{ ref('int_segment_events__organization_members') }}

),

zendesk as (

    select * from {{ ref('int_zendesk__organization_members') }}

),

unioned as (

    select * from hubspot

    union all
    select * from segment_events

    union all
    select * from zendesk

)

select * from unioned
