{# What is a hair below a half in decimal digits, but none once it is multiplied, is rounded up. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (cast(739.5 as double) * cast(1.1419 as double), cast(844.4351 as double)),
    (cast(2.00005 as double), cast(2.0001 as double)),
    (cast(-2.00005 as double), cast(-2.0001 as double)),
    (cast(0 as double), cast(0 as double)),
    (null, null)

),

results as (

    select
        *,
        {{ rounded('given', 4) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
