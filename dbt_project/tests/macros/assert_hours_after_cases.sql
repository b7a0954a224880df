{# Deadlines count in hours, whatever day or year they end in. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, hours, expected) as (

    values
    ('2026-01-31 23:59:59', 1, '2026-02-01 00:59:59'),
    ('2026-12-31 00:00:00', 24, '2027-01-01 00:00:00'),
    ('2028-02-28 12:00:00', 48, '2028-03-01 12:00:00'),
    ('2026-01-01 00:00:00', 0, '2026-01-01 00:00:00'),
    ('2026-01-01 00:00:00', null, null),
    (null, 1, null)

),

results as (

    select
        *,
        {{ hours_after('cast(given as timestamp)', 'hours') }} as actual
    from cases

)

select * from results
where actual is distinct from cast(expected as timestamp)
