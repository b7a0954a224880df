with

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

clusters as (

    select * from {{ ref('int_person_records__clustered') }}

),

customers as (

    select * from {{ ref('int_customers__identified') }}

),

records as (

    select
        person_records.source,
        person_records.record_id,
        customers.customer_id,
        person_records.record_key,
        person_records.is_deleted,
        customers.is_legacy_only
    from person_records
    inner join clusters
        on person_records.record_key = clusters.record_key
    inner join customers
        on clusters.cluster_key = customers.cluster_key

)

select * from records
