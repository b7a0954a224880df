{# What is no JSON must not be cast to it: the whole model would fail. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('{"a": 1}', true),
    ('[1, 2]', true),
    ('"text"', true),
    ('{"a": 1', false),
    ('yesterday', false),
    ('', false),
    (null, null)

),

results as (

    select
        *,
        {{ is_json('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
