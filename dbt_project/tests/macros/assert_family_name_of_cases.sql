{# Some tools keep only one text for a name: it must still be comparable with a name in parts. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('Ann Lee', 'Lee'),
    ('Ann Marie Lee', 'Lee'),
    ('Bob Lee Jr.', 'Lee'),
    ('Bob Lee, Ann', 'Bob Lee'),
    ('Lee, Ann Marie', 'Lee'),
    ('Bob Lee III', 'Lee'),
    (', Ann', null),
    ('Ann', null),
    ('Ann Jr', null),
    ('ann lee@example.com', null),
    (null, null)

),

results as (

    select
        *,
        {{ family_name_of('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
