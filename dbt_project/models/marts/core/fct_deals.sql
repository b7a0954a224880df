with

deals as (

    select * from {{ ref('int_deals__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

account_records as (

    select * from {{ ref('xref_account_records') }}

),

money_records as (

    select * from {{ ref('int_money_records__converted') }}
    where entity = 'deal'

),

joined as (

    select
        deals.deal_key,
        customer_records.customer_id,
        account_records.account_id,
        deals.source,
        deals.deal_id,
        deals.deal_name,
        deals.pipeline,
        deals.stage,
        money_records.currency,
        {{ flaws([
            flaw(
                'customer_unknown',
                'deals.customer_record_key is not null and customer_records.customer_id is null'
            ),
            time_flaws('deals.created_at', 'deals.loaded_at'),
            money_flaws('deals.amount', 'money_records')
        ]) }} as flaws,
        deals.amount,
        {{ reporting_amount('deals.amount', 'money_records.reporting_rate') }} as reporting_amount,
        deals.is_deleted,
        {{ plausible_time('deals.created_at', 'deals.loaded_at') }} as created_at,
        deals.updated_at,
        deals.closed_at,
        deals.loaded_at
    from deals
    left join customer_records
        on deals.customer_record_key = customer_records.record_key
    left join account_records
        on deals.organization_record_key = account_records.record_key
    left join money_records
        on deals.deal_key = money_records.record_key

)

select * from joined
