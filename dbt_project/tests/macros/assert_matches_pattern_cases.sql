{# A match anywhere in the text counts: engines differ in this. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('abc1', true),
    ('1', true),
    ('abc', false),
    ('', false),
    (null, null)

),

results as (

    select
        *,
        {{ matches_pattern('given', "'[0-9]'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
