{#
    A view: how old something is goes on by itself, whether or not anything is built. What sources
    may be is their freshness rule, which `dbt source freshness` holds them to as well.
#}

{{ config(materialized='view') }}

with

agreed as (

    select * from {{ ref('int_service_levels__agreed') }}

),

load_counts as (

    select * from {{ ref('stg_loads__load_counts') }}

),

checks as (

    select * from {{ ref('checks') }}

),

loaded as (

    select
        source,
        max(loaded_at) as loaded_at
    from load_counts
    group by source

),

built as (

    select
        model,
        max(checked_at) as built_at
    from checks
    where check_name = 'build' and status = 'pass'
    group by model

),

whole_builds as (

    select
        run_id,
        max(checked_at) as built_at
    from checks
    where is_whole_build
    group by run_id
    having count(case when status in ('fail', 'error') then 1 end) = 0

),

last_seen as (

    select
        'source' as kind,
        source as name,
        loaded_at as last_at
    from loaded

    union all

    select
        'mart' as kind,
        model as name,
        built_at as last_at
    from built

    union all

    select
        'build' as kind,
        'whole build' as name,
        max(built_at) as last_at
    from whole_builds

),

aged as (

    select
        agreed.kind,
        agreed.name,
        agreed.owner,
        agreed.allowed_hours,
        last_seen.last_at,
        {{ seconds_between('last_seen.last_at', present_time()) }} / 3600.0 as age_hours
    from agreed
    left join last_seen
        on
            agreed.kind = last_seen.kind
            and agreed.name = last_seen.name

),

judged as (

    select
        ---------- ids
        kind,
        name,

        ---------- text
        owner,
        -- A source that was never loaded is not used here.
        case
            when last_at is null and kind = 'source' then 'not loaded'
            when last_at is null then 'never built'
            when age_hours <= allowed_hours then 'met'
            else 'missed'
        end as outcome,

        ---------- numbers
        allowed_hours,
        cast(age_hours as double) as age_hours,

        ---------- timestamps
        last_at
    from aged

)

select * from judged
