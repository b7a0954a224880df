with

orders as (

    select * from {{ ref('int_orders__identified') }}

)

select * from orders
