with

accounts as (

    select * from {{ ref('int_accounts__identified') }}

),

account_records as (

    select * from {{ ref('xref_account_records') }}

),

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

ranked as (

    select
        accounts.account_id,
        organizations.*,
        row_number() over (
            partition by accounts.account_id
            order by organizations.updated_at desc nulls last, organizations.record_key asc
        ) as recency
    from account_records
    inner join accounts
        on account_records.account_id = accounts.account_id
    inner join organizations
        on account_records.record_key = organizations.record_key
    -- What a source has deleted speaks for an account only when nothing else does.
    where not organizations.is_deleted or accounts.is_deleted

),

latest as (

    select
        account_id,
        -- The parts of an address come from one record.
        {{ value_at_lowest(
            'case when coalesce(street_address, city, postcode) is not null then record_key end',
            'recency'
        ) }} as address_record_key,
        {{ value_at_lowest(
            'case when country_code is not null then record_key end', 'recency'
        ) }} as country_record_key,
        {{ value_at_lowest('name', 'recency') }} as account_name,
        {{ value_at_lowest('domain', 'recency') }} as domain,
        {{ value_at_lowest('email', 'recency') }} as email,
        {{ value_at_lowest('phone', 'recency') }} as phone,
        {{ value_at_lowest('industry', 'recency') }} as industry,
        {{ value_at_lowest('employees', 'recency') }} as employees,
        max(updated_at) as last_updated_at
    from ranked
    group by account_id

),

merged as (

    select
        ---------- ids
        accounts.account_id,

        ---------- text
        latest.account_name,
        latest.domain,
        latest.email,
        latest.phone,
        address_records.street_address,
        address_records.city,
        address_records.region,
        address_records.postcode,
        address_records.country_code,
        latest.industry,

        ---------- numbers
        latest.employees,
        accounts.record_count,
        accounts.source_count,

        ---------- booleans
        accounts.is_deleted,

        ---------- times
        accounts.first_seen_at,
        latest.last_updated_at
    from accounts
    inner join latest
        on accounts.account_id = latest.account_id
    left join organizations as address_records
        on
            coalesce(latest.address_record_key, latest.country_record_key)
            = address_records.record_key

)

select * from merged
