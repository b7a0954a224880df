with

records as (

    select * from {{ ref('int_records__identified') }}

),

summarized as (

    select
        ---------- ids
        entity,
        golden_id,

        ---------- numbers
        count(*) as record_count,
        count(distinct source) as source_count,

        ---------- booleans
        bool_and(is_deleted) as is_deleted,
        bool_and(is_stale) as is_stale,
        bool_and(is_legacy) as is_legacy_only,

        ---------- times
        min(created_at) as first_seen_at,
        coalesce(max(case when not is_deleted then updated_at end), max(updated_at))
            as last_updated_at
    from records
    group by entity, golden_id

)

select * from summarized
