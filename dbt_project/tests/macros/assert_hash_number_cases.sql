{# The number is made of the text alone; engines and versions agree on it. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a:1', 10447815216586879771),
    ('', 9098107892288553193),
    (null, null)

),

results as (

    select
        *,
        {{ hash_number('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
