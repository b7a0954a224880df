{# Money that is not in a sum has to say so. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (amount, currency, reporting_rate, is_rate_outdated, expected) as (

    values
    (10.0, 'USD', 1.0, false, null),
    (10.0, 'EUR', 1.1, true, 'rate_outdated'),
    (0.0, 'EUR', 1.1, true, 'amount_zero'),
    (0.0, 'EUR', 1.1, false, 'amount_zero'),
    (0.0, null, null, null, 'amount_zero'),
    (-1.0, 'EUR', 1.1, false, 'amount_negative'),
    (-1.0, null, null, null, 'amount_negative, currency_unknown'),
    (10.0, null, null, null, 'currency_unknown'),
    (10.0, 'SAR', null, null, 'rate_missing'),
    (null, 'EUR', 1.1, false, 'amount_missing'),
    (null, null, null, null, 'amount_missing')

),

results as (

    select
        *,
        nullif(concat_ws(', ', {{ money_flaws('amount', 'cases') }}), '') as actual
    from cases

)

select * from results
where actual is distinct from expected
