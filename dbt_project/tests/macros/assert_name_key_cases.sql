{# Records under one phone number are told apart by it: a household must not become one person. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given_name, family_name, expected) as (

    values
    ('Ann', 'Lee', 'lee:a'),
    ('A.', 'LEE', 'lee:a'),
    ('Élodie', 'O''Brien', 'obrien:e'),
    ('太郎', '山田', '山田:太'),
    ('Ann', null, null),
    (null, 'Lee', null),
    ('Ann', '--', null)

),

results as (

    select
        *,
        {{ name_key('given_name', 'family_name') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
