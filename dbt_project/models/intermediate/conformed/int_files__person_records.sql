with

customers as (

    select * from {{ ref('stg_files__customers') }}

),

orders as (

    select * from {{ ref('int_files__orders_grouped') }}

),

people as (

    select
        record_id,
        full_name,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        birth_date,
        gender,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        company_name,
        job_title,
        time_zone,
        user_id,
        traits,
        created_at,
        updated_at,
        loaded_at
    from customers
    where record_type = 'person'

),

-- Customers no file of customers has: all that is known of them is what their orders say.
buyers as (

    select
        orders.customer_record_id as record_id,
        {{ value_at_highest('orders.email', '(orders.ordered_at, orders.order_id)') }} as email,
        {{ value_at_highest('orders.phone', '(orders.ordered_at, orders.order_id)') }} as phone,
        min(orders.ordered_at) as created_at,
        max(orders.ordered_at) as updated_at,
        max(orders.loaded_at) as loaded_at
    from orders
    left join customers on orders.customer_record_id = customers.record_id
    where orders.customer_record_id is not null and customers.record_id is null
    group by orders.customer_record_id

),

combined as (

    select * from people

    union all

    select
        record_id,
        null as full_name,
        null as given_name,
        null as middle_name,
        null as family_name,
        null as name_suffix,
        null as birth_date,
        null as gender,
        email,
        phone,
        null as street_address,
        null as unit,
        null as city,
        null as region,
        null as postcode,
        null as country,
        null as company_name,
        null as job_title,
        null as time_zone,
        null as user_id,
        null as traits,
        created_at,
        updated_at,
        loaded_at
    from buyers

),

conformed as (

    select
        'files:' || record_id as record_key,
        'files' as source,
        record_id,
        full_name,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        birth_date,
        gender,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        company_name,
        job_title,
        time_zone,
        user_id,
        traits,
        false as is_deleted,
        created_at,
        updated_at,
        loaded_at
    from combined

)

select * from conformed
