with

customers as (

    select * from {{ ref('int_golden_records__summarized') }}
    where entity = 'person'

),

attribute_sources as (

    select * from {{ ref('customer_attribute_sources') }}

),

record_state_rules as (

    select * from {{ ref('record_state_rules') }}

),

{% set attributes = [
    'full_name', 'name_title', 'given_name', 'middle_name', 'family_name', 'name_suffix', 'gender',
    'birth_date', 'email', 'phone', 'phone_extension', 'street_address', 'unit', 'city', 'region',
    'region_code', 'postcode', 'country_code', 'company_name', 'job_title', 'time_zone'
] -%}
pivoted as (

    select
        {% for attribute in attributes %}
            max(case when sources.attribute = '{{ attribute }}' then sources.value end)
                as {{ attribute }},
        {% endfor %}
        customers.golden_id as customer_id
    from customers
    left join attribute_sources as sources
        on customers.golden_id = sources.customer_id
    group by customers.golden_id

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

    select * from {{ record_states('described', 'record_state_rules', 'person') }}

),

merged as (

    select
        ---------- ids
        customers.golden_id as customer_id,

        ---------- text
        described.full_name,
        described.name_title,
        described.given_name,
        described.middle_name,
        described.family_name,
        described.name_suffix,
        described.gender,
        described.email,
        described.phone,
        described.phone_extension,
        described.street_address,
        described.unit,
        described.city,
        described.region,
        described.region_code,
        described.postcode,
        described.country_code,
        described.company_name,
        described.job_title,
        described.time_zone,

        ---------- numbers
        customers.record_count,
        customers.source_count,

        ---------- booleans
        customers.is_deleted,
        states.is_incomplete,
        customers.is_stale,
        customers.is_legacy_only,

        ---------- dates and times
        cast(described.birth_date as date) as birth_date,
        customers.first_seen_at,
        customers.last_updated_at
    from customers
    inner join described
        on customers.golden_id = described.customer_id
    inner join states
        on described.known_attributes = states.known_attributes

)

select * from merged
