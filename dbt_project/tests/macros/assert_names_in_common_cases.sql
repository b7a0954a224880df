{# Both names, and perhaps the place: nothing else is counted together. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (pattern, expected) as (

    values
    ('e-e-----------', 'names'),
    ('e-e------d----', 'names'),
    ('e-e------a----', 'names_and_area'),
    ('e-e-------e---', 'names_and_area'),
    ('e-e------e----', 'names'),
    ('e-s-------e---', null),
    ('n-e-----------', null),
    ('c---------e---', null),
    ('--e---------e-', null)

),

results as (

    select
        *,
        {{ names_in_common('pattern') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
