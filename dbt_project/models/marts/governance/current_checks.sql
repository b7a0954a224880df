{#
    A check that a later run left out is still known from the run before, back to the last that built
    and tested everything: what that did not look at is no longer in the project. Unit tests, whose
    data is their own, are run again where the code has changed: back to the last that ran them.
#}

{{ config(materialized='view') }}

with

checks as (

    select * from {{ ref('checks') }}

),

plans as (

    select * from {{ ref('plans') }}

),

last_whole_build as (

    select
        max(checked_at) as checked_at,
        max(case when check_name = 'unit_test' then checked_at end) as unit_tested_at
    from checks
    where is_whole_build

),

ranked as (

    select
        checks.*,
        row_number() over (
            partition by checks.check_id
            order by checks.checked_at desc, checks.run_id desc
        ) as age
    from checks
    cross join last_whole_build
    where
        checks.check_name <> 'answer'
        and (
            last_whole_build.checked_at is null
            or checks.checked_at >= case
                when checks.check_name = 'unit_test' then last_whole_build.unit_tested_at
                else last_whole_build.checked_at
            end
        )

),

latest as (

    select * from ranked
    where age = 1

),

last_passed as (

    select
        check_id,
        max(checked_at) as checked_at
    from checks
    where status in ('pass', 'warn')
    group by check_id

),

failing_since as (

    select
        checks.check_id,
        min(checks.checked_at) as checked_at
    from checks
    left join last_passed
        on checks.check_id = last_passed.check_id
    where
        checks.status in ('fail', 'error')
        and (last_passed.checked_at is null or checks.checked_at > last_passed.checked_at)
    group by checks.check_id

),

planned as (

    select
        ---------- ids
        latest.check_id,
        latest.run_id,

        ---------- text
        latest.check_name,
        latest.model,
        latest.column_name,
        latest.dimension,
        latest.owner,
        latest.status,
        latest.threshold,
        latest.detail,
        plans.action as plan,
        plans.owner as plan_owner,

        ---------- numbers
        latest.failures,
        latest.observed,

        ---------- booleans
        latest.status in ('fail', 'error') as is_failing,

        ---------- timestamps
        latest.checked_at,
        case when latest.status in ('fail', 'error') then failing_since.checked_at end
            as failing_since,
        case
            when latest.status in ('fail', 'error')
                then {{ hours_after('failing_since.checked_at', '24 * plans.due_within_days') }}
        end as plan_due_at
    from latest
    left join plans
        on latest.check_name = plans.check_name
    left join failing_since
        on latest.check_id = failing_since.check_id

)

select * from planned
