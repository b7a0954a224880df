{# As `int_record_ids__assigned`: rows are only added, and `--full-refresh` leaves them. #}

{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

with

clustered as (

    select * from {{ ref('int_households__clustered') }}

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
            created_at as assigned_at
        from clustered
        where false
    {%- endif %}

),

changed as (

    select * from {{ assigned_ids('clustered', 'assignments') }}

),

assigned as (

    select
        ---------- ids
        entity,
        record_key,
        golden_id,
        previous_id,

        ---------- why
        founding_record_key,
        founded_at,

        ---------- times
        {{ build_time() }} as assigned_at
    from changed

)

select * from assigned
