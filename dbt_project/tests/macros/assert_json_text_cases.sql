{# JSON null, a missing key and an empty text are three things; only the last is a text. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (cast('{"a": {"b": "x"}}' as json), 'x'),
    (cast('{"a": {"b": 1}}' as json), '1'),
    (cast('{"a": {"b": ""}}' as json), ''),
    (cast('{"a": {"b": null}}' as json), null),
    (cast('{"a": {}}' as json), null),
    (cast(null as json), null)

),

results as (

    select
        *,
        {{ json_text('given', 'a.b') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
