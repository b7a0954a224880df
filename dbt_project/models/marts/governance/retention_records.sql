with

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

timeline as (

    select * from {{ ref('fct_customer_timeline') }}
    where is_own_action

),

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

active as (

    select
        customer_id,
        max(occurred_at) as last_active_at
    from timeline
    group by customer_id

),

-- Who never did anything is counted from when a source first knew them.
last_active as (

    select
        customer_records.record_key,
        customer_records.customer_id,
        coalesce(active.last_active_at, customers.first_seen_at) as last_active_at,
        person_records.loaded_at
    from customer_records
    inner join customers
        on customer_records.customer_id = customers.customer_id
    inner join person_records
        on customer_records.record_key = person_records.record_key
    left join active
        on customer_records.customer_id = active.customer_id

)

select * from last_active
