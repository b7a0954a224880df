{# A list of nothing has none; no list has no count. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a b', 2),
    ('a', 1),
    (null, null)

),

results as (

    select
        *,
        {{ count_of("split(given, ' ')") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
