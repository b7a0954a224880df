{# Visits are as long as this says. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (first_at, last_at, expected) as (

    values
    (timestamp '2026-01-01 23:59:30', timestamp '2026-01-02 00:00:30', 60),
    (timestamp '2026-01-01 00:00:01', timestamp '2026-01-01 00:00:00', -1),
    (timestamp '2026-01-01 00:00:00', timestamp '2026-01-01 00:00:00', 0),
    (timestamp '2026-01-01 00:00:00', null, null)

),

results as (

    select
        *,
        -- Within another expression: it is one.
        {{ seconds_between('first_at', 'last_at') }} * 10 as actual
    from cases

)

select * from results
where actual is distinct from expected * 10
