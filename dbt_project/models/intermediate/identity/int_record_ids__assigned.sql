{#
    What was given out is the one thing no rebuild can make again, so `--full-refresh` leaves it: rows
    are only added, when a record is new or goes by another id.
#}

{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

with

clustered as (

    select * from {{ ref('int_records__clustered') }}

),

pairs as (

    select * from {{ ref('int_component_pairs__weighed') }}

),

assignments as (

    {% if is_incremental() -%}
        select * from {{ this }}
    {%- else -%}
        select
            entity,
            record_key,
            record_key as golden_id,
            record_key as previous_id,
            record_key as founding_record_key,
            created_at as founded_at,
            record_key as evidence_record_key,
            0.0 as evidence_weight,
            created_at as assigned_at
        from clustered
        where false
    {%- endif %}

),

changed as (

    select * from {{ assigned_ids('clustered', 'assignments') }}

),

both_ways as (

    select
        record_number,
        other_record_number,
        weight
    from pairs

    union all

    select
        other_record_number as record_number,
        record_number as other_record_number,
        weight
    from pairs

),

evidence as (

    select
        changed.entity,
        changed.record_key,
        max(both_ways.weight) as weight,
        {{ value_at_highest('tied.record_key', '(both_ways.weight, tied.record_key)') }}
            as evidence_record_key
    from changed
    inner join clustered as own
        on
            changed.entity = own.entity
            and changed.record_key = own.record_key
    inner join both_ways
        on own.record_number = both_ways.record_number
    inner join clustered as tied
        on
            both_ways.other_record_number = tied.record_number
            and changed.cluster_key = tied.cluster_key
    group by changed.entity, changed.record_key

),

assigned as (

    select
        ---------- ids
        changed.entity,
        changed.record_key,
        changed.golden_id,
        changed.previous_id,

        ---------- why
        changed.founding_record_key,
        changed.founded_at,
        evidence.evidence_record_key,
        cast(evidence.weight as double) / 1000 as evidence_weight,

        ---------- times
        {{ build_time() }} as assigned_at
    from changed
    left join evidence
        on
            changed.entity = evidence.entity
            and changed.record_key = evidence.record_key

)

select * from assigned
