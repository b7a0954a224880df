{# Digits that are too many for a number must not stop the build. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('0042', 42),
    ('999999999999999999', 999999999999999999),
    ('99999999999999999999', null),
    ('4 2', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ whole_number('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
