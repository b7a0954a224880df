{#
    A view: how old something is goes on by itself, whether or not anything is built. What sources
    may be is their freshness rule, which `dbt source freshness` holds them to as well.
#}

{{ config(materialized='view') }}

with

load_counts as (

    select * from {{ ref('stg_loads__load_counts') }}

),

checks as (

    select * from {{ ref('checks') }}

),

allowed (kind, name, owner, allowed_hours) as (

    values
    ('build', 'whole build', 'data', {{ var('build_within_hours') }})
    {% for source in (graph.sources.values() if execute else [])
        if source.source_name == 'loads' and source.freshness and source.freshness.error_after.count
    %}
        {% set hours = {'minute': 1 / 60, 'hour': 1, 'day': 24} %}
        , (
            'source',
            {{ text_literal(source.name) }},
            {{ text_literal(source.config.get('meta', {}).get('owner', 'data')) }},
            {{ source.freshness.error_after.count * hours[source.freshness.error_after.period] }}
        )
    {% endfor %}
    {% for model in public_models() %}
        , (
            'mart',
            {{ text_literal(model.name) }},
            {{ text_literal(model.config.meta.get('owner')) }},
            {{ model.config.meta.get('fresh_within_hours', var('build_within_hours')) }}
        )
    {% endfor %}

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
        allowed.kind,
        allowed.name,
        allowed.owner,
        cast(allowed.allowed_hours as double) as allowed_hours,
        last_seen.last_at,
        {{ seconds_between('last_seen.last_at', present_time()) }} / 3600.0 as age_hours
    from allowed
    left join last_seen
        on
            allowed.kind = last_seen.kind
            and allowed.name = last_seen.name

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
