{# A part of a JSON column stays JSON, lists and objects whole. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (cast('{"a": [1, 2]}' as json), cast('[1,2]' as json)),
    (cast('{"a": {"b": 1}}' as json), cast('{"b":1}' as json)),
    (cast('{}' as json), null),
    (cast(null as json), null)

),

results as (

    select
        *,
        {{ json_part('given', 'a') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
