{# Days are of 24 hours: times have no zone, so none is longer. #}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'legal'}) }}

with

cases (began_at, days, expected) as (

    values
    (timestamp '2026-03-28 10:20:30', 1, timestamp '2026-03-29 10:20:30'),
    (timestamp '2026-02-14 12:00:00', 45, timestamp '2026-03-31 12:00:00'),
    (timestamp '2026-12-31 23:59:59', 0, timestamp '2026-12-31 23:59:59'),
    (timestamp '2026-12-31 23:59:59', null, null)

),

results as (

    select
        *,
        {{ days_after('began_at', 'days') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
