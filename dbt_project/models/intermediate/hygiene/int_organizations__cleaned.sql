with

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

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
        {{ clean_text('name') }} as name,
        {{ normalize_domain('domain') }} as domain,
        {{ normalize_email('email') }} as email,
        {{ dialled_number('phone') }} as phone,
        {{ clean_text('street_address') }} as street_address,
        {{ clean_text('city') }} as city,
        {{ clean_text('region') }} as region,
        upper({{ clean_text('postcode') }}) as postcode,
        lower({{ clean_text('country') }}) as country,
        {{ clean_text('industry') }} as industry,
        employees,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from organizations

),

located as (

    select
        trimmed.* exclude (phone),
        country_aliases.country_code,
        countries.calling_code,
        countries.trunk_prefix,
        countries.national_digits,
        {{ normalize_phone(
            'trimmed.phone',
            'countries.calling_code',
            'countries.trunk_prefix',
            'countries.national_digits'
        ) }} as phone
    from trimmed
    left join country_aliases
        on trimmed.country = country_aliases.alias
    left join countries
        on
            coalesce(country_aliases.country_code, '{{ var("default_country") }}')
            = countries.country_code

),

cleaned as (

    select
        ---------- ids
        record_key,
        source,
        record_id,

        ---------- text
        {{ unless_junk('name', 'name') }} as name,
        {{ normalize_name(unless_junk('name', 'name')) }} as name_key,
        {{ unless_junk('domain', 'domain') }} as domain,
        {{ unless_junk('email', 'email') }} as email,
        {{ unless_junk('phone', 'phone') }} as phone,
        {{ unless_junk('street_address', 'address') }} as street_address,
        {{ unless_junk('city', 'address') }} as city,
        {{ unless_junk('region', 'address') }} as region,
        {{ unless_junk('postcode', 'postcode') }} as postcode,
        country_code,
        {{ unless_junk('industry', 'name') }} as industry,

        ---------- how numbers are dialled where the organization is
        calling_code,
        trunk_prefix,
        national_digits,

        ---------- numbers
        employees,

        ---------- booleans
        is_deleted,

        ---------- times
        created_at,
        updated_at,

        ---------- load metadata
        loaded_at
    from located

)

select * from cleaned
