{#
    What a table was like is nowhere else once it is built anew: states are only added, and
    `--full-refresh` leaves them. A build of what was loaded already takes the place of the last.
#}

{{
    config(
        materialized='incremental',
        incremental_strategy=replacing_strategy(),
        unique_key='as_of',
        partition_by='as_of',
        on_schema_change='append_new_columns',
        full_refresh=false
    )
}}

with

staged_columns as (

    select * from {{ ref('int_columns__profiled') }}

),

public_columns as (

    select * from {{ ref('column_profiles') }}

),

load_counts as (

    select * from {{ ref('stg_loads__load_counts') }}

),

latest_load as (

    select coalesce(max(loaded_at), cast('1970-01-01' as timestamp)) as as_of
    from load_counts

),

columns as (

    select
        'stg_' || source || '__' || table_name as model,
        column_name,
        row_count,
        filled_count,
        distinct_count,
        cast(null as double) as mean_value
    from staged_columns

    union all

    select
        model,
        column_name,
        row_count,
        filled_count,
        distinct_count,
        mean_value
    from public_columns

),

figures as (

    select
        model,
        '' as column_name,
        'rows' as figure,
        cast(max(row_count) as double) as figure_value,
        max(row_count) as row_count
    from columns
    group by model

    union all

    select
        model,
        column_name,
        'filled_share' as figure,
        filled_count / nullif(row_count, 0) as figure_value,
        row_count
    from columns

    union all

    select
        model,
        column_name,
        'distinct_share' as figure,
        distinct_count / nullif(filled_count, 0) as figure_value,
        row_count
    from columns

    union all

    select
        model,
        column_name,
        'mean' as figure,
        mean_value as figure_value,
        row_count
    from columns

),

dated as (

    select
        ---------- ids
        figures.model,
        figures.column_name,
        figures.figure,

        ---------- numbers
        figures.figure_value,
        figures.row_count,

        ---------- timestamps
        latest_load.as_of,
        {{ build_time() }} as recorded_at
    from figures
    cross join latest_load
    where figures.figure_value is not null

)

select * from dated
