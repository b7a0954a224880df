{# What comes on a Saturday is ten business days old on the Friday two weeks later. #}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'legal'}) }}

with

cases (began_at, days, expected) as (

    values
    -- From a Monday, a Friday, a Saturday and a Sunday.
    (timestamp '2026-11-30 10:00:00', 1, timestamp '2026-12-01 10:00:00'),
    (timestamp '2026-11-30 10:00:00', 4, timestamp '2026-12-04 10:00:00'),
    (timestamp '2026-11-30 10:00:00', 5, timestamp '2026-12-07 10:00:00'),
    (timestamp '2026-11-30 10:00:00', 10, timestamp '2026-12-14 10:00:00'),
    (timestamp '2026-11-27 10:00:00', 1, timestamp '2026-11-30 10:00:00'),
    (timestamp '2026-11-27 10:00:00', 10, timestamp '2026-12-11 10:00:00'),
    (timestamp '2026-11-28 10:00:00', 1, timestamp '2026-11-30 10:00:00'),
    (timestamp '2026-11-28 10:00:00', 10, timestamp '2026-12-11 10:00:00'),
    (timestamp '2026-11-29 23:59:59', 10, timestamp '2026-12-11 23:59:59'),
    (timestamp '2026-11-30 10:00:00', null, null)

),

results as (

    select
        *,
        {{ business_days_after('began_at', 'days') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
