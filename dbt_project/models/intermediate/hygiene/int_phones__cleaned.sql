with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__unioned') }}

),

identifier_rules as (

    select * from {{ ref('identifier_rules') }}

),

keyed as (

    select * from {{ ref('int_records__keyed') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

countries as (

    select * from {{ ref('countries') }}

),

held as (

    select
        record_key,
        phone as raw_phone
    from person_records
    where phone is not null

    union all

    select
        record_key,
        phone as raw_phone
    from organizations
    where phone is not null

    union all

    select
        identifiers.record_key,
        identifiers.identifier_value as raw_phone
    from identifiers
    inner join identifier_rules
        on identifiers.identifier_type = identifier_rules.identifier_type
    where identifier_rules.value_kind = 'phone'

),

written as (

    select distinct
        held.raw_phone,
        keyed.country_code
    from held
    inner join keyed
        on held.record_key = keyed.record_key

),

trimmed as (

    select
        written.*,
        {{ clean_text('written.raw_phone') }} as trimmed_phone,
        {{ dialled_number('written.raw_phone') }} as dialled_number,
        countries.calling_code,
        countries.trunk_prefix,
        countries.national_digits
    from written
    left join countries
        on
            coalesce(written.country_code, '{{ var("default_country") }}')
            = countries.country_code

),

normalized as (

    select
        *,
        {{ normalize_phone(
            'dialled_number', 'calling_code', 'trunk_prefix', 'national_digits'
        ) }} as number
    from trimmed

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_phone', 'phone') }} as kept_phone,
        {{ unless_junk('number', 'phone') }} as phone
    from normalized

),

cleaned as (

    select
        ---------- as written
        raw_phone,
        country_code,

        ---------- cleaned
        phone,

        ---------- what was done
        case
            when trimmed_phone is null then 'blank'
            when kept_phone is null then 'placeholder'
            when number is null then 'phone_invalid'
            when phone is null then 'placeholder'
            when {{ matches_pattern('dialled_number', "'^(\\+|00)'") }} and phone = raw_phone
                then null
            when {{ matches_pattern('dialled_number', "'^(\\+|00)'") }} then 'phone_rewritten'
            when country_code is null then 'phone_default_region'
            else 'phone_region_of_address'
        end as phone_rule
    from kept

)

select * from cleaned
