{# Each row has a number of its own. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a', 3),
    ('b', 3),
    ('c', 3)

),

numbered as (

    select
        *,
        row_number() over ({{ in_any_order() }}) as place
    from cases

),

results as (

    select
        *,
        max(place) over () as actual
    from numbered

)

select * from results
where actual is distinct from expected
