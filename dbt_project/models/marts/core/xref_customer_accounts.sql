with

members as (

    select * from {{ ref('int_organization_members__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

account_records as (

    select * from {{ ref('xref_account_records') }}

),

memberships as (

    select
        customer_records.customer_id,
        account_records.account_id,
        bool_or(members.is_primary) as is_primary,
        count(*) as record_count
    from members
    inner join customer_records
        on members.person_record_key = customer_records.record_key
    inner join account_records
        on members.organization_record_key = account_records.record_key
    group by customer_records.customer_id, account_records.account_id

)

select * from memberships
