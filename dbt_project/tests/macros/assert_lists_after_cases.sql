{# A list that is missing has nothing to add. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, other, expected) as (

    values
    ('a b', 'c', 'a b c'),
    ('a', null, 'a'),
    (null, 'c', 'c')

),

results as (

    select
        *,
        {{ join_list(lists_after(["split(given, ' ')", "split(other, ' ')"]), "' '") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
