{# A term of a law ends on the same day of a later month, or on its last, to the second. #}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'legal'}) }}

with

cases (began_at, months, expected) as (

    values
    (timestamp '2026-01-15 10:20:30', 1, timestamp '2026-02-15 10:20:30'),
    (timestamp '2026-01-31 23:59:59', 1, timestamp '2026-02-28 23:59:59'),
    (timestamp '2028-01-31 00:00:00', 1, timestamp '2028-02-29 00:00:00'),
    (timestamp '2026-11-30 12:00:00', 3, timestamp '2027-02-28 12:00:00'),
    (timestamp '2026-02-28 12:00:00', 1, timestamp '2026-03-28 12:00:00'),
    (timestamp '2026-02-28 12:00:00', null, null)

),

results as (

    select
        *,
        {{ months_after('began_at', 'months') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
