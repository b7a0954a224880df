{#
    Shares of the rows of a column. What tests found is known when all of them have run, so this is a
    view. The score before is that of the build before the last of everything.
#}

{{ config(materialized='view') }}

with

profiled as (

    select * from {{ ref('column_profiles') }}

),

current_checks as (

    select * from {{ ref('current_checks') }}

),

checks as (

    select * from {{ ref('checks') }}

),

quality_rules as (

    select * from {{ ref('quality_rules') }}

),

quality_targets as (

    select * from {{ ref('quality_targets') }}

),

ruled as (

    select
        current_checks.model,
        current_checks.column_name,
        quality_rules.measure,
        count(*) as rule_count,
        -- A rule that could not be looked at, or does not count, is broken everywhere.
        sum(
            case
                when current_checks.status = 'pass' then 0
                else coalesce(nullif(current_checks.failures, 0), 9223372036854775807)
            end
        ) as failures
    from current_checks
    inner join quality_rules
        on current_checks.check_name = quality_rules.check_name
    where current_checks.column_name is not null
    group by current_checks.model, current_checks.column_name, quality_rules.measure

),

shared as (

    select
        profiled.model,
        profiled.column_name,
        profiled.row_count,
        ruled.measure,
        ruled.rule_count,
        1 - least(ruled.failures, profiled.row_count) / nullif(profiled.row_count, 0) as share
    from profiled
    inner join ruled
        on
            profiled.model = ruled.model
            and profiled.column_name = ruled.column_name
    where ruled.measure <> 'completeness'

    union all

    select
        profiled.model,
        profiled.column_name,
        profiled.row_count,
        'completeness' as measure,
        coalesce(ruled.rule_count, 0) as rule_count,
        profiled.filled_count / nullif(profiled.row_count, 0) as share
    from profiled
    left join ruled
        on
            profiled.model = ruled.model
            and profiled.column_name = ruled.column_name
            and ruled.measure = 'completeness'

),

targets as (

    select
        shared.model,
        shared.column_name,
        shared.measure,
        quality_targets.least_share,
        row_number() over (
            partition by shared.model, shared.column_name, shared.measure
            order by
                (quality_targets.model = '*') asc,
                (quality_targets.column_name = '*') asc
        ) as distance
    from shared
    inner join quality_targets
        on
            shared.measure = quality_targets.measure
            and quality_targets.model in ('*', shared.model)
            and quality_targets.column_name in ('*', shared.column_name)

),

measured as (

    select
        shared.model,
        shared.column_name,
        max(shared.row_count) as row_count,
        sum(shared.rule_count) as rule_count,
        max(case when shared.measure = 'completeness' then shared.share end) as completeness,
        max(case when shared.measure = 'validity' then shared.share end) as validity,
        max(case when shared.measure = 'uniqueness' then shared.share end) as uniqueness,
        max(case when shared.measure = 'consistency' then shared.share end) as consistency,
        avg(shared.share) as score,
        {{
            join_sorted(
                "case when shared.share < targets.least_share then shared.measure end", "', '"
            )
        }} as below_target
    from shared
    left join targets
        on
            shared.model = targets.model
            and shared.column_name = targets.column_name
            and shared.measure = targets.measure
            and targets.distance = 1
    group by shared.model, shared.column_name

),

last_whole_build as (

    select max(checked_at) as checked_at
    from checks
    where is_whole_build

),

earlier as (

    select
        checks.model,
        checks.column_name,
        checks.observed,
        row_number() over (
            partition by checks.model, checks.column_name
            order by checks.checked_at desc, checks.run_id desc
        ) as age
    from checks
    inner join last_whole_build
        on checks.checked_at < last_whole_build.checked_at
    where checks.check_name = 'column_quality'

),

scored as (

    select
        ---------- ids
        measured.model,
        measured.column_name,

        ---------- text
        nullif(measured.below_target, '') as below_target,

        ---------- numbers
        measured.row_count,
        cast(measured.rule_count as bigint) as rule_count,
        measured.completeness,
        measured.validity,
        measured.uniqueness,
        measured.consistency,
        measured.score,
        earlier.observed as score_before,
        measured.score - earlier.observed as score_change
    from measured
    left join earlier
        on
            measured.model = earlier.model
            and measured.column_name = earlier.column_name
            and earlier.age = 1

)

select * from scored
