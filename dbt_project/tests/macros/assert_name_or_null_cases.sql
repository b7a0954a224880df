{# What is no name would be somebody to greet. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('Ann', 'Ann'),
    ('4u', '4u'),
    ('山田', '山田'),
    ('ann@example.net', null),
    ('https://example.net', null),
    ('www.example.net', null),
    ('?!', null),
    ('12345', null),
    (null, null)

),

results as (

    select
        *,
        {{ name_or_null('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
