with

records as (

    select * from {{ ref('int_records__compared') }}

),

pairs as (

    select * from {{ ref('int_component_pairs__weighed') }}

),

merged as ( -- noqa: ST03

    select * from {{ average_linkage('pairs') }}

),

clusters as (

    select * from {{ connected_components('merged') }}

),

grouped as (

    select
        records.entity,
        records.record_key,
        records.record_number,
        records.created_at,
        coalesce(clusters.component, records.record_number) as cluster_number
    from records
    left join clusters
        on records.record_number = clusters.node

),

clustered as (

    select
        entity,
        record_key,
        record_number,
        created_at,
        min(record_key) over (partition by entity, cluster_number) as cluster_key
    from grouped

)

select * from clustered
