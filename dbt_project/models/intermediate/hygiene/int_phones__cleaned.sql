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

phone_access_codes as (

    select * from {{ ref('phone_access_codes') }}

),

phone_numbering_plans as (

    select * from {{ ref('phone_numbering_plans') }}

),

phone_dialling_rules as (

    select * from {{ ref('phone_dialling_rules') }}

),

phone_number_ranges as (

    select * from {{ ref('phone_number_ranges') }}

),

held as (

    select
        'person' as entity,
        record_key,
        phone as raw_phone
    from person_records
    where phone is not null

    union all

    select
        'organization' as entity,
        record_key,
        phone as raw_phone
    from organizations
    where phone is not null

    union all

    select
        identifiers.entity,
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
        on
            held.entity = keyed.entity
            and held.record_key = keyed.record_key

),

trimmed as (

    select
        *,
        {{ clean_text('raw_phone') }} as trimmed_phone,
        coalesce(country_code, '{{ var("default_country") }}') as dialled_in
    from written

),

dialled as (

    select
        *,
        -- Where the country is not known, 00 is what most of the world dials abroad by.
        case
            when country_code is null and trimmed_phone like '00%'
                then '+' || substr(trimmed_phone, 3)
            else trimmed_phone
        end as dialled_phone
    from trimmed

),

phones as ( -- noqa: ST03

    select distinct
        dialled_phone as phone,
        dialled_in as country_code
    from dialled
    where trimmed_phone is not null

),

numbers as (

    select * from {{ read_phones('phones') }}

),

looked_up as (

    select
        dialled.*,
        numbers.phone_number,
        numbers.extension,
        numbers.is_valid,
        {{ replace_pattern('dialled.trimmed_phone', "'[^0-9]'", "''") }} as digits
    from dialled
    left join numbers
        on
            dialled.dialled_phone = numbers.phone
            and dialled.dialled_in = numbers.country_code

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_phone', 'phone') }} as kept_phone,
        {{ unless_junk('phone_number', 'phone') }} as kept_number,
        -- Of a number with its country code, what is dialled ends with all of it.
        trimmed_phone like '%+%' or digits like '%' || substr(phone_number, 2) as has_calling_code
    from looked_up

),

judged as (

    select
        *,
        case
            when trimmed_phone is null then 'blank'
            when kept_phone is null then 'placeholder'
            when digits <> '' and replace(digits, left(digits, 1), '') = '' then 'placeholder'
            when not coalesce(is_valid, false) then 'phone_invalid'
            when kept_number is null then 'placeholder'
            when has_calling_code and phone_number = raw_phone then null
            when has_calling_code then 'phone_rewritten'
            when country_code is null then 'phone_default_region'
            else 'phone_region_of_address'
        end as phone_rule
    from kept

),

cleaned as (

    select
        ---------- as written
        raw_phone,
        country_code,

        ---------- cleaned
        case
            when coalesce(phone_rule, '') not in ('blank', 'placeholder', 'phone_invalid')
                then phone_number
        end as phone,
        case
            when coalesce(phone_rule, '') not in ('blank', 'placeholder', 'phone_invalid')
                then extension
        end as phone_extension,

        ---------- keys
        -- What cannot be dialled as it was read is still the same number to who wrote it twice.
        case
            when phone_rule in ('blank', 'placeholder') then null
            when phone_number is not null then phone_number
            when length(digits) between 7 and 15 then digits
        end as phone_key,

        ---------- what was done
        phone_rule
    from judged

)

select * from cleaned
