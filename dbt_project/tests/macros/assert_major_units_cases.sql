{# A wrong number of decimals is wrong by a factor of ten or more, in every sum after it. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, digits, expected) as (

    values
    (cast(1999 as decimal(28, 6)), 2, cast(19.99 as decimal(18, 4))),
    (500, 0, 500),
    (5124, 3, 5.124),
    (12345, 4, 1.2345),
    (0.5, 2, 0.005),
    (-250, 2, -2.5),
    (0, 2, 0),
    (99999999999999, 2, 999999999999.99),
    (100, null, null),
    (null, 2, null)

),

results as (

    select
        *,
        {{ major_units('given', 'digits') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
