{# In the order of the list. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a bb cc d', 'bb,cc'),
    ('a', ''),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(those_of("split(given, ' ')", 'word', 'length(word) > 1'), "','") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
