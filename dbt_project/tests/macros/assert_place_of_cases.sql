{# The first of several; null where it is not in the list. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a b a b', 2),
    ('b', 1),
    ('a', null),
    (null, null)

),

results as (

    select
        *,
        {{ place_of("split(given, ' ')", "'b'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
