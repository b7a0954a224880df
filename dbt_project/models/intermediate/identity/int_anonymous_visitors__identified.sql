with

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

clusters as (

    select * from {{ ref('int_person_records__clustered') }}

),

customers as (

    select * from {{ ref('int_customers__identified') }}

),

identified as (

    select
        identifiers.normalized_value as anonymous_id,
        min(customers.customer_id) as customer_id
    from identifiers
    inner join clusters
        on identifiers.record_key = clusters.record_key
    inner join customers
        on clusters.cluster_key = customers.cluster_key
    where identifiers.identifier_type = 'anonymous_id' and identifiers.is_usable
    group by identifiers.normalized_value
    having count(distinct customers.customer_id) = 1

)

select * from identified
