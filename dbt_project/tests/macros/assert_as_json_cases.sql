{# What is in it can be asked for. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('{"a": "b"}', 'b'),
    ('{}', null),
    (null, null)

),

results as (

    select
        *,
        {{ json_text(as_json('given'), 'a') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
