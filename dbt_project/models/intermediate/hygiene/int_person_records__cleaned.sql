with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

country_aliases as (

    select * from {{ ref('country_aliases') }}

),

countries as (

    select * from {{ ref('countries') }}

),

trimmed as (

    select
        record_key,
        source,
        record_id,
        {{ clean_text('full_name') }} as full_name,
        {{ clean_text('given_name') }} as given_name,
        {{ clean_text('middle_name') }} as middle_name,
        {{ clean_text('family_name') }} as family_name,
        {{ clean_text('name_suffix') }} as name_suffix,
        {{ clean_text('birth_date') }} as birth_date,
        lower({{ clean_text('gender') }}) as gender,
        {{ normalize_email('email') }} as email,
        {{ dialled_number('phone') }} as phone,
        {{ clean_text('street_address') }} as street_address,
        {{ clean_text('unit') }} as unit,
        {{ clean_text('city') }} as city,
        {{ clean_text('region') }} as region,
        upper({{ clean_text('postcode') }}) as postcode,
        lower({{ clean_text('country') }}) as country,
        {{ clean_text('company_name') }} as company_name,
        {{ clean_text('job_title') }} as job_title,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from person_records

),

located as (

    select
        trimmed.*,
        country_aliases.country_code,
        countries.calling_code,
        countries.trunk_prefix,
        countries.national_digits,
        countries.is_month_first
    from trimmed
    left join country_aliases
        on trimmed.country = country_aliases.alias
    left join countries
        on
            coalesce(country_aliases.country_code, '{{ var("default_country") }}')
            = countries.country_code

),

parsed as (

    select
        record_key,
        source,
        record_id,
        {{ unless_junk('full_name', 'name') }} as full_name,
        {{ unless_junk('given_name', 'name') }} as given_name,
        {{ unless_junk('middle_name', 'name') }} as middle_name,
        {{ unless_junk('family_name', 'name') }} as family_name,
        {{ unless_junk('name_suffix', 'name') }} as name_suffix,
        {{ parse_date('birth_date', 'is_month_first') }} as birth_date,
        {{ unless_junk('gender', 'gender') }} as gender,
        {{ unless_junk('email', 'email') }} as email,
        {{ normalize_phone('phone', 'calling_code', 'trunk_prefix', 'national_digits') }} as phone,
        {{ unless_junk('street_address', 'address') }} as street_address,
        {{ unless_junk('unit', 'address') }} as unit,
        {{ unless_junk('city', 'address') }} as city,
        {{ unless_junk('region', 'address') }} as region,
        {{ unless_junk('postcode', 'postcode') }} as postcode,
        country_code,
        {{ unless_junk('company_name', 'name') }} as company_name,
        {{ unless_junk('job_title', 'name') }} as job_title,
        calling_code,
        trunk_prefix,
        national_digits,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from located

),

named as (

    select
        * exclude (full_name, given_name, family_name, birth_date, phone),
        coalesce(
            nullif(concat_ws(' ', given_name, middle_name, family_name, name_suffix), ''), full_name
        ) as full_name,
        case
            when given_name is null and family_name is null then {{ given_name_of('full_name') }}
            else given_name
        end as given_name,
        case
            when given_name is null and family_name is null then {{ family_name_of('full_name') }}
            else family_name
        end as family_name,
        case
            when birth_date <= cast(loaded_at as date)
                then {{ unless_junk('cast(birth_date as varchar)', 'birth_date') }}
        end as birth_date,
        {{ unless_junk('phone', 'phone') }} as phone
    from parsed

),

cleaned as (

    select
        ---------- ids
        record_key,
        source,
        record_id,

        ---------- text
        full_name,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        {{ name_key('given_name', 'family_name') }} as name_key,
        gender,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country_code,
        company_name,
        job_title,

        ---------- how numbers are dialled where the person lives
        calling_code,
        trunk_prefix,
        national_digits,

        ---------- booleans
        is_deleted,

        ---------- times
        cast(birth_date as date) as birth_date,
        created_at,
        updated_at,

        ---------- load metadata
        loaded_at
    from named

)

select * from cleaned
