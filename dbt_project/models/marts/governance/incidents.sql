with

incidents as (

    select * from {{ ref('stg_incidents__incidents') }}

),

incident_steps as (

    select * from {{ ref('stg_incidents__incident_steps') }}

),

incident_classes as (

    select * from {{ ref('stg_incidents__incident_classes') }}

),

steps as (

    select
        incident_steps.*,
        incident_steps.done_at is null and incidents.closed_at is null as is_open
    from incident_steps
    inner join incidents
        on incident_steps.incident_id = incidents.incident_id

),

summarized_steps as (

    select
        incident_id,
        nullif({{ join_sorted('distinct law', "', '") }}, '') as laws,
        count(*) as step_count,
        count(case when is_open then 1 end) as open_step_count,
        count(case when is_open and is_obligatory then 1 end) as obligatory_step_count,
        count(case when is_open and due_at < {{ build_time() }} then 1 end) as overdue_step_count,
        min(case when is_open then due_at end) as next_due_at
    from steps
    group by incident_id

),

next_steps as (

    select
        incident_id,
        step,
        row_number() over (
            partition by incident_id
            order by due_at asc, position asc, step asc
        ) as step_rank
    from steps
    where is_open

),

exposed_classes as (

    select
        incident_id,
        {{ join_sorted('pii', "', '") }} as pii_classes
    from incident_classes
    group by incident_id

),

described as (

    select
        ---------- ids
        incidents.incident_id,

        ---------- text
        incidents.kind,
        incidents.subject,
        case when incidents.closed_at is null then 'open' else 'closed' end as status,
        summarized_steps.laws,
        exposed_classes.pii_classes,
        next_steps.step as next_step,

        ---------- numbers
        coalesce(incidents.people_count, 0) as people_count,
        coalesce(incidents.unknown_count, 0) as unknown_count,
        coalesce(summarized_steps.step_count, 0) as step_count,
        coalesce(summarized_steps.open_step_count, 0) as open_step_count,
        coalesce(summarized_steps.obligatory_step_count, 0) as obligatory_step_count,
        coalesce(summarized_steps.overdue_step_count, 0) as overdue_step_count,

        ---------- booleans
        coalesce(summarized_steps.overdue_step_count, 0) > 0 as is_overdue,
        incidents.forced_reason is not null as is_forced,

        ---------- timestamps
        incidents.noticed_at,
        incidents.opened_at,
        summarized_steps.next_due_at,
        incidents.closed_at
    from incidents
    left join summarized_steps
        on incidents.incident_id = summarized_steps.incident_id
    left join next_steps
        on
            incidents.incident_id = next_steps.incident_id
            and next_steps.step_rank = 1
    left join exposed_classes
        on incidents.incident_id = exposed_classes.incident_id

)

select * from described
