{# In the order of the list, with the place of each. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a b', 'a1,b2'),
    ('a', 'a1'),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(
            each_of("split(given, ' ')", 'word', 'word || cast(place as string)', 'place'), "','"
        ) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
