{# Letter by letter, nothing is a pattern. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, beginning, expected) as (

    values
    ('abc', 'ab', true),
    ('abc', 'b', false),
    ('abc', 'a_', false),
    ('abc', '', true),
    (null, 'a', null)

),

results as (

    select
        *,
        {{ begins_with('given', 'beginning') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
