with

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__applied') }}

),

converted as (

    select
        money_records.entity,
        money_records.record_key,
        money_records.currency,
        exchange_rates.reporting_rate,
        exchange_rates.rate_date,
        exchange_rates.rate_date
        < {{ days_before('money_records.occurred_on', var('rate_outdated_days')) }}
            as is_rate_outdated
    from money_records
    left join exchange_rates
        on
            money_records.currency = exchange_rates.currency
            and money_records.occurred_on = exchange_rates.occurred_on

)

select * from converted
