with

money_records as (

    select * from {{ ref('int_money_records__located') }}

),

currency_aliases as (

    select * from {{ ref('currency_aliases') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

written as (

    select distinct
        raw_currency,
        country_code
    from money_records
    where raw_currency is not null

),

trimmed as (

    select
        *,
        {{ clean_text('raw_currency') }} as trimmed_currency
    from written

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_currency', 'currency') }} as kept_currency
    from trimmed

),

-- What several currencies are called is the one of the country.
looked_up as (

    select
        kept.*,
        of_country.currency_code as currency_of_country,
        coalesce(of_country.currency_code, anywhere.currency_code) as currency
    from kept
    left join currency_aliases as of_country
        on
            {{ symbol_key('kept.kept_currency') }} = of_country.alias
            and kept.country_code = of_country.country_code
    left join currency_aliases as anywhere
        on
            {{ symbol_key('kept.kept_currency') }} = anywhere.alias
            and anywhere.country_code is null

),

cleaned as (

    select
        ---------- as written
        raw_currency,
        country_code,

        ---------- cleaned
        currency,

        ---------- what was done
        case
            when trimmed_currency is null then 'blank'
            when kept_currency is null then 'placeholder'
            when currency is null then 'currency_unknown'
            when currency_of_country is not null then 'currency_of_country'
            when currency <> raw_currency then 'currency_coded'
        end as currency_rule
    from looked_up

)

select * from cleaned
