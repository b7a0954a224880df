with

money_records as (

    select * from {{ ref('int_money_records__located') }}

),

currencies as (

    select * from {{ ref('int_currencies__cleaned') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

trimmed as (

    select
        *,
        {{ clean_text('raw_amount') }} as trimmed_amount
    from money_records

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_amount', 'amount') }} as kept_amount
    from trimmed

),

cleaned as (

    select
        kept.entity,
        kept.record_key,
        kept.source,
        kept.record_id,
        currencies.currency,
        kept.raw_amount,
        kept.amount,
        kept.occurred_on,
        currencies.currency_rule,
        case
            when kept.raw_amount is null then null
            when kept.trimmed_amount is null then 'blank'
            when kept.kept_amount is null then 'placeholder'
            when kept.amount is null then 'amount_unreadable'
            when coalesce(try_cast(kept.raw_amount as decimal(18, 4)) <> kept.amount, true)
                then 'amount_rewritten'
        end as amount_rule
    from kept
    left join currencies
        on
            kept.raw_currency = currencies.raw_currency
            and kept.country_code is not distinct from currencies.country_code

)

select * from cleaned
