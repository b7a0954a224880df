{#
    No evidence is no yes: a dimension of which nothing was checked is answered no. A warning is told
    and does not turn an answer: its threshold says it may be.
#}

{{ config(materialized='view') }}

with

questions as (

    select * from {{ ref('governance_questions') }}

),

current_checks as (

    select * from {{ ref('current_checks') }}

),

checks as (

    select * from {{ ref('checks') }}

),

counted as (

    select
        dimension,
        count(*) as check_count,
        count(case when status = 'pass' then 1 end) as passed_count,
        count(case when status = 'warn' then 1 end) as warned_count,
        count(case when is_failing then 1 end) as failed_count,
        count(case when status = 'not run' then 1 end) as not_run_count,
        count(case when is_failing and plan is null then 1 end) as unplanned_count,
        min(plan_due_at) as plan_due_at,
        max(checked_at) as checked_at
    from current_checks
    group by dimension

),

ranked as (

    select
        *,
        coalesce(
            detail, failures || case failures when 1 then ' row' else ' rows' end
        ) as found,
        row_number() over (
            partition by dimension
            order by coalesce(failures, 0) desc, check_name asc, check_id asc
        ) as offence
    from current_checks
    where is_failing

),

offenders as (

    select
        dimension,
        {{
            join_sorted(
                "offence || '. ' || check_name"
                ~ " || coalesce(' of ' || model || coalesce('.' || nullif(column_name, ''), ''), '')"
                ~ " || coalesce(': ' || found, '')",
                "'; '"
            )
        }} as worst_offenders
    from ranked
    where offence <= 5
    group by dimension

),

plans as (

    select
        dimension,
        {{ join_sorted("distinct plan || ' (' || plan_owner || ')'", "'; '") }} as plan
    from current_checks
    where is_failing and plan is not null
    group by dimension

),

answered as (

    select
        questions.dimension,
        case
            when counted.failed_count = 0 and counted.passed_count > 0 then 'yes'
            else 'no'
        end as answer
    from questions
    left join counted
        on questions.dimension = counted.dimension

),

answered_otherwise as (

    select
        checks.dimension,
        max(checks.checked_at) as checked_at
    from checks
    inner join answered
        on checks.dimension = answered.dimension
    where
        checks.check_name = 'answer'
        and (checks.status = 'pass') <> (answered.answer = 'yes')
    group by checks.dimension

),

answered_so as (

    select
        checks.dimension,
        min(checks.checked_at) as checked_at
    from checks
    left join answered_otherwise
        on checks.dimension = answered_otherwise.dimension
    where
        checks.check_name = 'answer'
        and (
            answered_otherwise.checked_at is null
            or checks.checked_at > answered_otherwise.checked_at
        )
    group by checks.dimension

),

scored as (

    select
        ---------- ids
        questions.dimension,

        ---------- text
        questions.question,
        answered.answer,
        offenders.worst_offenders,
        plans.plan,

        ---------- numbers
        cast(questions.position as bigint) as position,
        coalesce(counted.check_count, 0) as check_count,
        coalesce(counted.passed_count, 0) as passed_count,
        coalesce(counted.warned_count, 0) as warned_count,
        coalesce(counted.failed_count, 0) as failed_count,
        coalesce(counted.not_run_count, 0) as not_run_count,
        coalesce(counted.unplanned_count, 0) as unplanned_count,

        ---------- booleans
        questions.is_blocking,

        ---------- timestamps
        coalesce(answered_so.checked_at, counted.checked_at) as answered_since,
        counted.plan_due_at,
        counted.checked_at
    from questions
    inner join answered
        on questions.dimension = answered.dimension
    left join counted
        on questions.dimension = counted.dimension
    left join offenders
        on questions.dimension = offenders.dimension
    left join plans
        on questions.dimension = plans.dimension
    left join answered_so
        on questions.dimension = answered_so.dimension

)

select * from scored
