with

customers as (

    select * from {{ ref('stg_files__customers') }}

),

orders as (

    select * from {{ ref('int_files__orders_grouped') }}

),

mapped_identifiers as (

    select
        record_id,
        loaded_at,
        {{ explode_json_object('identifiers') }} as identifier
    from customers

),

collected as (

    select
        record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from customers

    union all

    select
        record_id,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from customers

    union all

    select
        record_id,
        'user_id' as identifier_type,
        user_id as identifier_value,
        loaded_at
    from customers

    union all

    select
        record_id,
        identifier.key as identifier_type,
        identifier.value as identifier_value,
        loaded_at
    from mapped_identifiers

    union all

    select
        customer_record_id as record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at
    from orders

    union all

    select
        customer_record_id as record_id,
        'phone' as identifier_type,
        phone as identifier_value,
        loaded_at
    from orders

),

deduplicated as (

    select
        'files:' || record_id as record_key,
        'files' as source,
        record_id,
        identifier_type,
        identifier_value,
        max(loaded_at) as loaded_at
    from collected
    where record_id is not null and identifier_value is not null
    group by all

)

select * from deduplicated
