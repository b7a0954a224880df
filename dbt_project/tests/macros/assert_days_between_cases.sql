{# Recency is counted by this: a leap day is a day. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (first_on, last_on, expected) as (

    values
    (date '2024-02-28', date '2024-03-01', 2),
    (date '2023-02-28', date '2023-03-01', 1),
    (date '2026-01-02', date '2026-01-01', -1),
    (date '2026-01-01', date '2026-01-01', 0),
    (date '2026-01-01', null, null)

),

results as (

    select
        *,
        {{ days_between('first_on', 'last_on') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
