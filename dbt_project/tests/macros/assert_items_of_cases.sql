{# Both ends belong to it; what is not there is left out. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a b c d', 'b,c'),
    ('a b c', 'b'),
    ('a b', ''),
    ('a', ''),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(items_of("split(given, ' ')", 2, -2), "','") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
