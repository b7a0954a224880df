{# Every match is replaced, not only the first: engines differ in this. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a1b22c', 'a-b-c'),
    ('abc', 'abc'),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ replace_pattern('given', "'[0-9]+'", "'-'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
