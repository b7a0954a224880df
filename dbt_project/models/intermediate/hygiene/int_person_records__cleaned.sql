with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

names as (

    select * from {{ ref('int_names__cleaned') }}

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

birth_dates as (

    select * from {{ ref('int_birth_dates__cleaned') }}

),

companies as (

    select * from {{ ref('int_companies__cleaned') }}

),

time_zones as (

    select * from {{ ref('int_time_zones__cleaned') }}

),

shared_values as (

    select * from {{ ref('int_shared_values__found') }}
    where entity = 'person'

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
        {{ clean_text('gender') }} as trimmed_gender,
        {{ clean_text('job_title') }} as trimmed_job_title
    from person_records

),

kept as (

    select
        *,
        {{ unless_junk('lower(trimmed_gender)', 'gender') }} as kept_gender,
        {{ unless_junk('trimmed_job_title', 'name') }} as kept_job_title
    from trimmed

),

looked_up as (

    select
        kept.record_key,
        kept.source,
        kept.record_id,
        names.full_name,
        names.name_title,
        names.given_name,
        names.middle_name,
        names.family_name,
        names.name_suffix,
        names.name_key,
        names.given_name_key,
        names.family_name_key,
        names.nickname_groups,
        kept.kept_gender as gender,
        emails.email,
        emails.email_key,
        phones.phone,
        phones.phone_extension,
        addresses.street_address,
        addresses.unit,
        addresses.city,
        addresses.region,
        addresses.region_code,
        addresses.postcode,
        addresses.country_code,
        addresses.house_number,
        addresses.street_name,
        addresses.address_key,
        companies.company_name,
        companies.company_key,
        kept.kept_job_title as job_title,
        time_zones.time_zone,
        birth_dates.birth_date,
        birth_dates.read_birth_date,
        names.full_name_rule,
        names.name_title_rule,
        names.given_name_rule,
        names.middle_name_rule,
        names.family_name_rule,
        names.name_suffix_rule,
        case
            when kept.kept_gender <> kept.trimmed_gender then 'letter_case'
            else {{ text_rule('kept.gender', 'kept.trimmed_gender', 'kept.kept_gender') }}
        end as gender_rule,
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
        addresses.unit_rule,
        addresses.city_rule,
        addresses.region_rule,
        addresses.region_code_rule,
        addresses.postcode_rule,
        addresses.country_code_rule,
        companies.company_name_rule,
        {{ text_rule('kept.job_title', 'kept.trimmed_job_title', 'kept.kept_job_title') }}
            as job_title_rule,
        time_zones.time_zone_rule,
        birth_dates.birth_date_rule,
        kept.is_deleted,
        kept.created_at,
        kept.updated_at,
        kept.loaded_at
    from kept
    inner join names
        on
            kept.full_name is not distinct from names.raw_full_name
            and kept.given_name is not distinct from names.raw_given_name
            and kept.middle_name is not distinct from names.raw_middle_name
            and kept.family_name is not distinct from names.raw_family_name
            and kept.name_suffix is not distinct from names.raw_name_suffix
    inner join addresses
        on
            kept.street_address is not distinct from addresses.raw_street_address
            and kept.unit is not distinct from addresses.raw_unit
            and kept.city is not distinct from addresses.raw_city
            and kept.region is not distinct from addresses.raw_region
            and kept.postcode is not distinct from addresses.raw_postcode
            and kept.country is not distinct from addresses.raw_country
    left join emails
        on kept.email = emails.raw_email
    left join phones
        on
            kept.phone = phones.raw_phone
            and addresses.country_code is not distinct from phones.country_code
    left join birth_dates
        on
            kept.birth_date = birth_dates.raw_birth_date
            and addresses.country_code is not distinct from birth_dates.country_code
    left join companies
        on kept.company_name = companies.raw_company_name
    left join time_zones
        on kept.time_zone = time_zones.raw_time_zone
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
        case when record_id like '%:%' then split_part(record_id, ':', 1) end as dataset,
        {{ known_attributes([
            'full_name', 'given_name', 'middle_name', 'family_name', 'name_suffix', 'gender',
            'email', 'phone', 'street_address', 'unit', 'city', 'region', 'postcode',
            'country_code', 'company_name', 'job_title', 'time_zone', 'birth_date'
        ]) }} as known_attributes
    from looked_up

),

states as (

    select * from {{ record_states('described', 'record_state_rules', 'person') }}

),

cleaned as (

    select
        ---------- ids
        described.record_key,
        described.source,
        described.record_id,

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

        ---------- keys records are compared by
        described.name_key,
        described.given_name_key,
        described.family_name_key,
        described.nickname_groups,
        described.email_key,
        described.house_number,
        described.street_name,
        described.address_key,
        described.company_key,

        ---------- why a value is not as it came
        described.full_name_rule,
        described.name_title_rule,
        described.given_name_rule,
        described.middle_name_rule,
        described.family_name_rule,
        described.name_suffix_rule,
        described.gender_rule,
        described.email_rule,
        described.phone_rule,
        described.phone_extension_rule,
        described.street_address_rule,
        described.unit_rule,
        described.city_rule,
        described.region_rule,
        described.region_code_rule,
        described.postcode_rule,
        described.country_code_rule,
        described.company_name_rule,
        described.job_title_rule,
        described.time_zone_rule,
        described.birth_date_rule,

        ---------- booleans
        described.is_deleted,
        states.is_incomplete,
        coalesce(
            cast(coalesce(described.updated_at, described.created_at) as date)
            < {{ days_before('clock.as_of', 'states.stale_after_days') }},
            false
        ) as is_stale,
        states.is_legacy,

        ---------- dates and times
        described.birth_date,
        described.read_birth_date,
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
