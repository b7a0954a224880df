{# Who has a value himself is none of those he shares it with; there is always somebody unknown. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (people, expected) as (

    values
    (0, 0),
    (1, 0),
    (3, 2),
    (null, 0)

),

results as (

    select
        *,
        {{ people_sharing('people', 'phone') }} as actual
    from cases

)

select * from results
where actual is distinct from expected + {{ var('identity').related_people.phone }}
