{# The rarer a value, the less likely by chance; in few records the world beside them counts. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (people, population, base, expected) as (

    values
    (1, 1000, 0.001, 0.0005),
    (2, 1000, 0.001, 0.001),
    (1001, 1000000, 0.001, 0.001),
    (1, 0, 0.001, 0.001),
    -- As good as all of these records have it: it is not rare among them.
    (60, 60, 0.001, 0.833333),
    (11, 1000, 0.001, 0.0055),
    (null, 1000, 0.001, null)

),

results as (

    select
        *,
        round({{ chance_agreement('people', 'population', 'base') }}, 6) as actual
    from cases

)

select * from results
where actual is distinct from expected
