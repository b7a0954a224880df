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
        cast(null as varchar) as source,
        cast(null as varchar) as dataset,
        {{ known_attributes(attributes) }} as known_attributes
    from pivoted

),

states as (

    select * from {{ record_states('described', 'record_state_rules', 'organization') }}

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

)

select * from merged
