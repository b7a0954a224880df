{# Counted from 1, or from the end; null where there is none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, place, expected) as (

    values
    ('a b c', 1, 'a'),
    ('a b c', 3, 'c'),
    ('a b c', -1, 'c'),
    ('a b c', 4, null),
    (null, 1, null)

),

results as (

    select
        *,
        {{ item_of("split(given, ' ')", 'place') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
