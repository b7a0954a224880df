with

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

clusters as (

    select * from {{ ref('int_organizations__clustered') }}

),

ranked as (

    select
        clusters.cluster_key,
        organizations.record_key,
        organizations.source,
        organizations.is_deleted,
        organizations.is_stale,
        organizations.is_legacy,
        organizations.created_at,
        organizations.updated_at,
        row_number() over (
            partition by clusters.cluster_key
            order by organizations.created_at asc nulls last, organizations.record_key asc
        ) as seniority
    from clusters
    inner join organizations
        on clusters.record_key = organizations.record_key

),

identified as (

    select
        cluster_key,
        {{ durable_id('acc', 'min(case when seniority = 1 then record_key end)') }} as account_id,
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
