with

stripe as (

    select * from {{ ref('int_stripe__subscriptions') }}

)

select * from stripe
