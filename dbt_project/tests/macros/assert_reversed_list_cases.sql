{# Last first. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a b c', 'c b a'),
    ('a', 'a'),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(reversed_list("split(given, ' ')"), "' '") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
