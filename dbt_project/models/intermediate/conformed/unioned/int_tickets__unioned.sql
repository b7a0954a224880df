with

zendesk as (

    select * from {{ ref('int_zendesk__tickets') }}

)

select * from zendesk
