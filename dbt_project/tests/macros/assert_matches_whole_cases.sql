{# Patterns mean the same on every engine: the end is the very end, a border is one of ASCII. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('2nd', true),
    ('22nd street', false),
    ('nd', false),
    (null, null)

),

results as (

    select
        *,
        {{ matches_whole('given', "'[0-9]+(nd|rd)\\b'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
