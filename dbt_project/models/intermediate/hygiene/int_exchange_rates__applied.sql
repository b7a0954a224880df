with

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}

),

exchange_rates as (

    select * from {{ ref('exchange_rates') }}

),

wanted as (

    select distinct
        currency,
        occurred_on
    from money_records
    where currency is not null and occurred_on is not null

),

-- The euro is what the others are told in.
per_euro as (

    select
        currency_code,
        rate_date,
        units_per_euro
    from exchange_rates

    union all

    select distinct
        'EUR' as currency_code,
        rate_date,
        1 as units_per_euro
    from exchange_rates

),

dated as (

    select
        *,
        lead(rate_date) over (partition by currency_code order by rate_date) as next_rate_date
    from per_euro

),

-- A rate holds until the next of its currency, and not for ever.
matched as (

    select
        wanted.currency,
        wanted.occurred_on,
        own.units_per_euro,
        reporting.units_per_euro as reporting_units_per_euro,
        least(own.rate_date, reporting.rate_date) as rate_date
    from wanted
    inner join dated as own
        on
            wanted.currency = own.currency_code
            and wanted.occurred_on >= own.rate_date
            and wanted.occurred_on < coalesce(own.next_rate_date, cast('9999-12-31' as date))
            and own.rate_date >= {{ days_before('wanted.occurred_on', var('rate_days')) }}
    inner join dated as reporting
        on
            reporting.currency_code = '{{ var("reporting_currency") }}'
            and wanted.occurred_on >= reporting.rate_date
            and wanted.occurred_on < coalesce(reporting.next_rate_date, cast('9999-12-31' as date))
            and reporting.rate_date >= {{ days_before('wanted.occurred_on', var('rate_days')) }}
    where wanted.currency <> '{{ var("reporting_currency") }}'

),

applied as (

    select
        currency,
        occurred_on,
        round(reporting_units_per_euro / units_per_euro, 14) as reporting_rate,
        rate_date
    from matched

    union all

    select
        currency,
        occurred_on,
        1 as reporting_rate,
        occurred_on as rate_date
    from wanted
    where currency = '{{ var("reporting_currency") }}'

)

select * from applied
