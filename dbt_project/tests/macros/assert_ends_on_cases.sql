{# Letter by letter, nothing is a pattern. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, ending, expected) as (

    values
    ('abc', 'bc', true),
    ('abc', 'b', false),
    ('abc', '_c', false),
    ('abc', '', true),
    (null, 'a', null)

),

results as (

    select
        *,
        {{ ends_on('given', 'ending') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
