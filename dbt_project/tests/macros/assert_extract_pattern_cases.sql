{# What does not match is nothing, not an empty text. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('flat 12b', '12'),
    ('12, 34', '12'),
    ('flat', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ extract_pattern('given', "'([0-9]+)[a-z]?'", 1) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
