{# A part of a JSON column stays JSON, lists and objects whole. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ({{ as_json("'{\"a\": [1, 2]}'") }}, {{ as_json("'[1,2]'") }}),
    ({{ as_json("'{\"a\": {\"b\": 1}}'") }}, {{ as_json("'{\"b\":1}'") }}),
    ({{ as_json("'{}'") }}, null),
    ({{ as_json("null") }}, null)

),

results as (

    select
        *,
        {{ json_part('given', 'a') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
