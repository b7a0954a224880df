with

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

clusters as (

    select * from {{ ref('int_person_records__clustered') }}

),

ranked as (

    select
        clusters.cluster_key,
        person_records.record_key,
        person_records.source,
        person_records.is_deleted,
        person_records.is_stale,
        person_records.is_legacy,
        person_records.created_at,
        person_records.updated_at,
        row_number() over (
            partition by clusters.cluster_key
            order by person_records.created_at asc nulls last, person_records.record_key asc
        ) as seniority
    from clusters
    inner join person_records
        on clusters.record_key = person_records.record_key

),

identified as (

    select
        cluster_key,
        {{ durable_id('cus', 'min(case when seniority = 1 then record_key end)') }} as customer_id,
        min(case when seniority = 1 then record_key end) as first_record_key,
        count(*) as record_count,
        count(distinct source) as source_count,
        bool_and(is_deleted) as is_deleted,
        bool_and(is_stale) as is_stale,
        bool_and(is_legacy) as is_legacy_only,
        min(created_at) as first_seen_at,
        coalesce(max(case when not is_deleted then updated_at end), max(updated_at))
            as last_updated_at
    from ranked
    group by cluster_key

)

select * from identified
