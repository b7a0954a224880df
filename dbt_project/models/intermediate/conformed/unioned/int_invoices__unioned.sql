with

stripe as (

    select * from {{ ref('int_stripe__invoices') }}

)

select * from stripe
