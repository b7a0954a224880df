{# Cohorts are counted in months of the calendar, however many days are between. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (first_on, last_on, expected) as (

    values
    (date '2026-01-31', date '2026-02-01', 1),
    (date '2026-01-01', date '2026-01-31', 0),
    (date '2025-11-15', date '2026-02-14', 3),
    (date '2026-02-01', date '2026-01-31', -1),
    (date '2026-01-01', null, null)

),

results as (

    select
        *,
        {{ months_between('first_on', 'last_on') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
