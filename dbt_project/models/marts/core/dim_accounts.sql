with

accounts as (

    select * from {{ ref('int_golden_records__summarized') }}
    where entity = 'organization'

),

attribute_sources as (

    select * from {{ ref('account_attribute_sources') }}

),

record_state_rules as (

    select * from {{ ref('record_state_rules') }}

),

memberships as (

    select * from {{ ref('xref_customer_accounts') }}

),

purchases as (

    select * from {{ ref('int_purchases__summarized') }}

),

subscriptions as (

    select * from {{ ref('fct_subscriptions') }}

),

deals as (

    select * from {{ ref('fct_deals') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

{% set attributes = [
    'name', 'domain', 'email', 'phone', 'phone_extension', 'street_address', 'city', 'region',
    'region_code', 'postcode', 'country_code', 'industry', 'employees'
] -%}
pivoted as (

    select
        {% for attribute in attributes %}
            max(case when sources.attribute = '{{ attribute }}' then sources.value end)
                as {{ attribute }},
        {% endfor %}
        accounts.golden_id as account_id
    from accounts
    left join attribute_sources as sources
        on accounts.golden_id = sources.account_id
    group by accounts.golden_id

),

-- All sources together are held against the rules that are for records of every source.
described as (

    select
        *,
        cast(null as string) as source,
        cast(null as string) as dataset,
        {{ known_attributes(attributes) }} as known_attributes
    from pivoted

),

states as (

    select * from {{ record_states('described', 'record_state_rules', 'organization') }}

),

subscribed as (

    select
        customer_id,
        sum(reporting_mrr) as reporting_mrr
    from subscriptions
    where customer_id is not null
    group by customer_id

),

-- A customer of two accounts is a member of both; what they spend counts to their owner.
member_sums as (

    select
        memberships.account_id,
        count(*) as member_count,
        sum(case when memberships.is_owner then purchases.order_count end) as order_count,
        sum(case when memberships.is_owner then purchases.reporting_net_amount end)
            as reporting_net_amount,
        sum(case when memberships.is_owner then subscribed.reporting_mrr end) as reporting_mrr
    from memberships
    left join purchases
        on memberships.customer_id = purchases.customer_id
    left join subscribed
        on memberships.customer_id = subscribed.customer_id
    group by memberships.account_id

),

deal_sums as (

    select
        account_id,
        count(*) as deal_count,
        sum(reporting_amount) as reporting_deal_amount
    from deals
    where account_id is not null and not is_deleted
    group by account_id

),

ticket_sums as (

    select
        account_id,
        count(*) as ticket_count
    from tickets
    where account_id is not null and not is_deleted
    group by account_id

),

merged as (

    select
        ---------- ids
        accounts.golden_id as account_id,

        ---------- text
        described.name as account_name,
        described.domain,
        described.email,
        described.phone,
        described.phone_extension,
        described.street_address,
        described.city,
        described.region,
        described.region_code,
        described.postcode,
        described.country_code,
        described.industry,

        ---------- numbers
        cast(described.employees as bigint) as employees,
        accounts.record_count,
        accounts.source_count,
        coalesce(member_sums.member_count, 0) as member_count,
        cast(coalesce(member_sums.order_count, 0) as bigint) as order_count,
        cast(coalesce(member_sums.reporting_net_amount, 0) as decimal(18, 4))
            as reporting_net_amount,
        cast(coalesce(member_sums.reporting_mrr, 0) as decimal(18, 4)) as reporting_mrr,
        coalesce(deal_sums.deal_count, 0) as deal_count,
        cast(coalesce(deal_sums.reporting_deal_amount, 0) as decimal(18, 4))
            as reporting_deal_amount,
        coalesce(ticket_sums.ticket_count, 0) as ticket_count,

        ---------- booleans
        accounts.is_deleted,
        states.is_incomplete,
        accounts.is_stale,
        accounts.is_legacy_only,

        ---------- times
        accounts.first_seen_at,
        accounts.last_updated_at
    from accounts
    inner join described
        on accounts.golden_id = described.account_id
    inner join states
        on described.known_attributes = states.known_attributes
    left join member_sums
        on accounts.golden_id = member_sums.account_id
    left join deal_sums
        on accounts.golden_id = deal_sums.account_id
    left join ticket_sums
        on accounts.golden_id = ticket_sums.account_id

)

select * from merged
