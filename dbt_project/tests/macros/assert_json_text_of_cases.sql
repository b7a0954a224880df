{# Names are taken as they are: a dot in one is no path. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, member_name, expected) as (

    values
    ('{"price": "9,99"}', 'price', '9,99'),
    ('{"price": 9.5}', 'price', '9.5'),
    ('{"a.b": 1, "a": {"b": 2}}', 'a.b', '1'),
    ('{"price": null}', 'price', null),
    ('{}', 'price', null),
    ('{"price": 1}', null, null),
    (null, 'price', null)

),

results as (

    select
        *,
        {{ json_text_of(as_json('given'), 'member_name') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
