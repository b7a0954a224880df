{# Each item stands where it stood first. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('b a b c a', 'b a c'),
    ('a', 'a'),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(without_repeats("split(given, ' ')"), "' '") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
