{# Months and leap days are counted as the calendar has them. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, days, expected) as (

    values
    (date '2024-03-01', 1, date '2024-02-29'),
    (date '2023-03-01', 1, date '2023-02-28'),
    (date '2024-03-01', 0, date '2024-03-01'),
    (date '2026-01-10', 730, date '2024-01-11'),
    (date '2024-03-01', null, null),
    (null, 1, null)

),

results as (

    select
        *,
        {{ days_before('given', 'days') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
