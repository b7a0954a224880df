with

customers as (

    select * from {{ ref('stg_files__customers') }}

),

orders as (

    select * from {{ ref('int_files__orders_grouped') }}

),

-- Who ordered is a person, unless a file of customers says otherwise.
buyers as (

    select
        orders.customer_record_id as record_id,
        coalesce(customers.record_type, 'person') as entity,
        orders.email,
        orders.phone,
        orders.loaded_at
    from orders
    left join customers
        on orders.customer_record_id = customers.record_id

),

mapped_identifiers as (

    select
        record_id,
        record_type,
        loaded_at,
        {{ explode_json_object('identifiers') }} as identifier
    from customers

),

collected as (

    select
        record_id,
        record_type as entity,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from customers

    union all

    select
        record_id,
        record_type as entity,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from customers

    union all

    select
        record_id,
        record_type as entity,
        'user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from customers

    union all

    select
        record_id,
        record_type as entity,
        identifier.key as identifier_type,
        identifier.value as identifier_value,
        loaded_at
    from mapped_identifiers

    union all

    select
        record_id,
        entity,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from buyers

    union all

    select
        record_id,
        entity,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from buyers

),

deduplicated as (

    select
        'files:' || record_id as record_key,
        'files' as source,
        record_id,
        entity,
        identifier_type,
        identifier_value,
        max(loaded_at) as loaded_at
    from collected
    where record_id is not null and identifier_value is not null
    group by all

)

select * from deduplicated
