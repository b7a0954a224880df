{#
    Written when a run ends, by the hook `record_checks`, and by `cdi governance`: what was found is
    nowhere else, so `--full-refresh` leaves it.
#}

{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        full_refresh=false
    )
}}

with

checks (
    run_id,
    check_id,
    check_name,
    model,
    column_name,
    dimension,
    owner,
    status,
    failures,
    observed,
    threshold,
    detail,
    is_whole_build,
    checked_at
) as (

    values
    (
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as string),
        cast(null as bigint),
        cast(null as double),
        cast(null as string),
        cast(null as string),
        cast(null as boolean),
        cast(null as timestamp)
    )

),

none_yet as (

    select * from checks
    where run_id is not null

)

select * from none_yet
