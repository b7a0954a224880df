{# Recurring revenue is a price by this: a year is twelve months, and a quarter three. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'finance'}) }}

with

cases (billing_interval, interval_count, price, expected) as (

    values
    ('month', 1, 10, 10.0),
    ('month', 3, 30, 10.0),
    ('year', 1, 120, 10.0),
    ('year', 2, 240, 10.0),
    ('week', 1, 3, 13.0),
    ('day', 1, 12, 365.0),
    ('fortnight', 1, 10, null),
    (null, 1, 10, null)

),

results as (

    select
        *,
        round(price * {{ billings_a_month('billing_interval', 'interval_count') }}, 8) as actual
    from cases

)

select * from results
where actual is distinct from expected
