{# Equal rows have equal numbers, and only they: a missing value is one of its own. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (one, other, expected) as (

    values
    ('a', 'a', true),
    ('a', 'b', false),
    ('a', null, false)

),

results as (

    select
        *,
        {{ row_hash(['one', 'one']) }} = {{ row_hash(['one', 'other']) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
