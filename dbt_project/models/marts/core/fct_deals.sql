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

    select * from {{ ref('int_money_records__cleaned') }}
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
        deals.amount,
        deals.is_deleted,
        deals.created_at,
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
