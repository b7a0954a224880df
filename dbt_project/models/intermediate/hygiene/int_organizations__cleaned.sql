with

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

companies as (

    select * from {{ ref('int_companies__cleaned') }}

),

emails as (

    select * from {{ ref('int_emails__cleaned') }}

),

addresses as (

    select * from {{ ref('int_addresses__cleaned') }}

),

phones as (

    select * from {{ ref('int_phones__cleaned') }}

),

shared_values as (

    select * from {{ ref('int_shared_values__found') }}
    where entity = 'organization'

),

keyed as (

    select * from {{ ref('int_records__keyed') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

record_state_rules as (

    select * from {{ ref('record_state_rules') }}

),

-- What counts as now: the day of the latest load, so that the same data gives the same result.
clock as (

    select
        coalesce(
            cast(nullif('{{ var("as_of") }}', '') as date), cast(max(loaded_at) as date)
        ) as as_of
    from keyed

),

trimmed as (

    select
        *,
        {{ clean_text('domain') }} as trimmed_domain,
        {{ normalize_domain('domain') }} as bare_domain,
        {{ clean_text('industry') }} as trimmed_industry
    from organizations

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_domain', 'domain') }} as kept_domain,
        {{ unless_junk('bare_domain', 'domain') }} as kept_bare_domain,
        {{ unless_junk('trimmed_industry', 'name') }} as kept_industry
    from trimmed

),

looked_up as (

    select
        kept.record_key,
        kept.source,
        kept.record_id,
        case when kept.record_id like '%:%' then split_part(kept.record_id, ':', 1) end as dataset,
        companies.company_name as name,
        companies.company_key,
        kept.kept_bare_domain as domain,
        emails.email,
        emails.email_key,
        phones.phone,
        phones.phone_extension,
        addresses.street_address,
        addresses.city,
        addresses.region,
        addresses.region_code,
        addresses.postcode,
        addresses.country_code,
        addresses.house_number,
        addresses.street_name,
        addresses.address_key,
        kept.kept_industry as industry,
        kept.employees,
        companies.company_name_rule as name_rule,
        case
            when kept.domain is null then null
            when kept.trimmed_domain is null then 'blank'
            when kept.kept_domain is null then 'placeholder'
            when kept.bare_domain is null then 'domain_invalid'
            when kept.kept_bare_domain is null then 'placeholder'
            when kept.kept_bare_domain <> kept.domain then 'domain_rewritten'
        end as domain_rule,
        case
            when shared_emails.normalized_value is not null then 'shared'
            else emails.email_rule
        end as email_rule,
        case
            when shared_phones.normalized_value is not null then 'shared'
            else phones.phone_rule
        end as phone_rule,
        case when phones.phone_extension is not null then 'split_off' end as phone_extension_rule,
        case
            when shared_addresses.normalized_value is not null then 'shared'
            else addresses.street_address_rule
        end as street_address_rule,
        addresses.city_rule,
        addresses.region_rule,
        addresses.region_code_rule,
        addresses.postcode_rule,
        addresses.country_code_rule,
        {{ text_rule('kept.industry', 'kept.trimmed_industry', 'kept.kept_industry') }}
            as industry_rule,
        kept.is_deleted,
        kept.created_at,
        kept.updated_at,
        kept.loaded_at
    from kept
    inner join addresses
        on
            kept.street_address is not distinct from addresses.raw_street_address
            and addresses.raw_unit is null
            and kept.city is not distinct from addresses.raw_city
            and kept.region is not distinct from addresses.raw_region
            and kept.postcode is not distinct from addresses.raw_postcode
            and kept.country is not distinct from addresses.raw_country
    left join companies
        on kept.name = companies.raw_company_name
    left join emails
        on kept.email = emails.raw_email
    left join phones
        on
            kept.phone = phones.raw_phone
            and addresses.country_code is not distinct from phones.country_code
    left join shared_values as shared_emails
        on
            shared_emails.identifier_type = 'email'
            and emails.email_key = shared_emails.normalized_value
    left join shared_values as shared_phones
        on
            shared_phones.identifier_type = 'phone'
            and phones.phone = shared_phones.normalized_value
    left join shared_values as shared_addresses
        on
            shared_addresses.identifier_type = 'address'
            and addresses.address_key = shared_addresses.normalized_value

),

described as (

    select
        *,
        {{ known_attributes([
            'name', 'domain', 'email', 'phone', 'street_address', 'city', 'region', 'postcode',
            'country_code', 'industry', 'employees'
        ]) }} as known_attributes
    from looked_up

),

states as (

    select * from {{ record_states('described', 'record_state_rules', 'organization') }}

),

cleaned as (

    select
        ---------- ids
        described.record_key,
        described.source,
        described.record_id,

        ---------- text
        described.name,
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

        ---------- keys records are compared by
        described.company_key,
        described.email_key,
        described.house_number,
        described.street_name,
        described.address_key,

        ---------- why a value is not as it came
        described.name_rule,
        described.domain_rule,
        described.email_rule,
        described.phone_rule,
        described.phone_extension_rule,
        described.street_address_rule,
        described.city_rule,
        described.region_rule,
        described.region_code_rule,
        described.postcode_rule,
        described.country_code_rule,
        described.industry_rule,

        cast(null as string) as employees_rule,

        ---------- numbers
        described.employees,

        ---------- booleans
        described.is_deleted,
        states.is_incomplete,
        coalesce(
            cast(coalesce(described.updated_at, described.created_at) as date)
            < {{ days_before('clock.as_of', 'states.stale_after_days') }},
            false
        ) as is_stale,
        states.is_legacy,

        ---------- times
        described.created_at,
        described.updated_at,

        ---------- load metadata
        described.loaded_at
    from described
    cross join clock
    inner join states
        on
            described.source = states.source
            and described.dataset is not distinct from states.dataset
            and described.known_attributes = states.known_attributes

)

select * from cleaned
