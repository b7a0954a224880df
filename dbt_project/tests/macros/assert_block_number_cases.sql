{# The same texts in the same places make the same number; others, and a missing one, do not. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (rule, part_1, part_2, other_rule, other_part_1, other_part_2, expected) as (

    values
    ('name', 'a', 'b', 'name', 'a', 'b', true),
    ('name', 'a', '', 'name', 'a', '', true),
    ('name', 'a', 'b', 'name', 'b', 'a', false),
    ('name', 'ab', 'c', 'name', 'a', 'bc', false),
    ('name', 'a', 'b', 'area', 'a', 'b', false),
    ('name', 'a', null, 'name', 'a', null, null)

),

results as (

    select
        *,
        {{ block_number('rule', 'part_1', 'part_2') }}
        = {{ block_number('other_rule', 'other_part_1', 'other_part_2') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
