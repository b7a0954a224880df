with

hubspot as (

    select * from {{ ref('int_hubspot__deals') }}

)

select * from hubspot
