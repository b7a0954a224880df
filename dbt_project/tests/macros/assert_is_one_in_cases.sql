{# One of one is every one. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, step, expected) as (

    values
    ('a', 1, true),
    ('b', 1, true),
    (null, 1, null)

),

results as (

    select
        *,
        {{ is_one_in(hash_number('given'), 'step') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
