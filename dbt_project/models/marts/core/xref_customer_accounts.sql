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

customer_attributes as (

    select * from {{ ref('customer_attribute_sources') }}

),

account_attributes as (

    select * from {{ ref('account_attribute_sources') }}

),

email_providers as (

    select * from {{ ref('email_providers') }}

),

disposable_email_domains as (

    select * from {{ ref('disposable_email_domains') }}

),

recorded as (

    select
        customer_records.customer_id,
        account_records.account_id,
        'recorded' as basis,
        bool_or(members.is_primary) as is_primary,
        count(*) as record_count
    from members
    inner join customer_records
        on members.person_record_key = customer_records.record_key
    inner join account_records
        on members.organization_record_key = account_records.record_key
    group by customer_records.customer_id, account_records.account_id

),

-- A domain where anybody gets a mailbox is nobody's, and one that two accounts have is neither's.
account_domains as (

    select
        account_attributes.value as domain,
        min(account_attributes.account_id) as account_id
    from account_attributes
    left join email_providers
        on account_attributes.value = email_providers.domain
    left join disposable_email_domains
        on account_attributes.value = disposable_email_domains.domain
    where
        account_attributes.attribute = 'domain'
        and email_providers.domain is null
        and disposable_email_domains.domain is null
    group by account_attributes.value
    having count(distinct account_attributes.account_id) = 1

),

mailed as (

    select
        customer_attributes.customer_id,
        account_domains.account_id,
        'email_domain' as basis,
        false as is_primary,
        0 as record_count
    from customer_attributes
    inner join account_domains
        on split_part(customer_attributes.value, '@', 2) = account_domains.domain
    left join recorded
        on
            customer_attributes.customer_id = recorded.customer_id
            and account_domains.account_id = recorded.account_id
    where customer_attributes.attribute = 'email' and recorded.customer_id is null

),

memberships as (

    select * from recorded

    union all
    select * from mailed

),

-- Whatever is summed by account is counted to one of them.
owned as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by is_primary desc, record_count desc, account_id asc
        ) = 1 as is_owner
    from memberships

)

select * from owned
