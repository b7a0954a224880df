{# Converting must not change what needs no conversion, and never make an amount out of nothing. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'finance'}) }}

with

cases (amount, rate, expected) as (

    values
    (cast(10 as decimal(18, 4)), 1.25, cast(12.5 as decimal(18, 4))),
    (cast(0.3333 as decimal(18, 4)), 0.1, cast(0.0333 as decimal(18, 4))),
    (cast(-10 as decimal(18, 4)), 1.25, cast(-12.5 as decimal(18, 4))),
    (cast(10 as decimal(18, 4)), null, null),
    (null, 1.25, null)

),

exact (amount, rate, expected) as (

    select
        cast('99999999999999.9999' as decimal(18, 4)),
        cast(1 as double),
        cast('99999999999999.9999' as decimal(18, 4))

),

all_cases as (

    select
        amount,
        cast(rate as double) as rate,
        expected
    from cases

    union all
    select * from exact

),

results as (

    select
        *,
        {{ reporting_amount('amount', 'rate') }} as actual
    from all_cases

)

select * from results
where actual is distinct from expected
