{# Some tools keep only one text for a name: it must still be comparable with a name in parts. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('Ann Lee', 'Ann'),
    ('Ann Marie Lee', 'Ann'),
    ('Lee, Ann', 'Ann'),
    ('Lee, Ann Marie', 'Ann'),
    ('Lee,', null),
    ('Ann', null),
    ('ann lee@example.com', null),
    (null, null)

),

results as (

    select
        *,
        {{ given_name_of('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
