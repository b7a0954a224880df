{# What is null is left out, too. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('{"a": "1", "b": "2", "c": null}', '{"b":"2"}'),
    ('{}', '{}'),
    (null, '{}')

),

results as (

    select
        *,
        cast({{ json_without('cast(given as string)', ['a']) }} as string) as actual
    from cases

)

select * from results
where actual is distinct from expected
