{# JSON null, a missing key and an empty text are three things; only the last is a text. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ({{ as_json("'{\"a\": {\"b\": \"x\"}}'") }}, 'x'),
    ({{ as_json("'{\"a\": {\"b\": 1}}'") }}, '1'),
    ({{ as_json("'{\"a\": {\"b\": \"\"}}'") }}, ''),
    ({{ as_json("'{\"a\": {\"b\": null}}'") }}, null),
    ({{ as_json("'{\"a\": {}}'") }}, null),
    ({{ as_json("null") }}, null)

),

results as (

    select
        *,
        {{ json_text('given', 'a.b') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
