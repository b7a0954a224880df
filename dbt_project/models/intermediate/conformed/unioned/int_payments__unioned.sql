with

stripe as (

    select * from {{ ref('int_stripe__payments') }}

)

select * from stripe
