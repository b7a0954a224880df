with

money_records as (

    select * from {{ ref('int_money_records__located') }}

),

currencies as (

    select * from {{ ref('int_currencies__cleaned') }}

),

cleaned as (

    select
        money_records.entity,
        money_records.record_key,
        money_records.source,
        money_records.record_id,
        currencies.currency,
        currencies.currency_rule
    from money_records
    left join currencies
        on
            money_records.raw_currency = currencies.raw_currency
            and money_records.country_code is not distinct from currencies.country_code

)

select * from cleaned
