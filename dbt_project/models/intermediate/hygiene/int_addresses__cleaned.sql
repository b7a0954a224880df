with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

country_aliases as (

    select * from {{ ref('country_aliases') }}

),

written as (

    select
        street_address as raw_street_address,
        unit as raw_unit,
        city as raw_city,
        region as raw_region,
        postcode as raw_postcode,
        country as raw_country
    from person_records

    union

    select
        street_address as raw_street_address,
        cast(null as varchar) as raw_unit,
        city as raw_city,
        region as raw_region,
        postcode as raw_postcode,
        country as raw_country
    from organizations

),

trimmed as (

    select
        *,
        {{ clean_text('raw_street_address') }} as trimmed_street_address,
        {{ clean_text('raw_unit') }} as trimmed_unit,
        {{ clean_text('raw_city') }} as trimmed_city,
        {{ clean_text('raw_region') }} as trimmed_region,
        {{ clean_text('raw_postcode') }} as trimmed_postcode,
        {{ clean_text('raw_country') }} as trimmed_country
    from written

),

kept as (

    select
        trimmed.*,
        {{ unless_junk('trimmed_street_address', 'address') }} as street_address,
        {{ unless_junk('trimmed_unit', 'address') }} as unit,
        {{ unless_junk('trimmed_city', 'address') }} as city,
        {{ unless_junk('trimmed_region', 'address') }} as region,
        {{ unless_junk('upper(trimmed_postcode)', 'postcode') }} as postcode,
        country_aliases.country_code
    from trimmed
    left join country_aliases
        on lower(trimmed.trimmed_country) = country_aliases.alias

),

cleaned as (

    select
        ---------- as written
        raw_street_address,
        raw_unit,
        raw_city,
        raw_region,
        raw_postcode,
        raw_country,

        ---------- cleaned
        street_address,
        unit,
        city,
        region,
        postcode,
        country_code,

        ---------- keys
        case
            when street_address is not null
                then {{ normalize_name(
                    "concat_ws(' ', street_address, unit, postcode, country_code)"
                ) }}
        end as address_key,

        ---------- what was done
        {{ text_rule('raw_street_address', 'trimmed_street_address', 'street_address') }}
            as street_address_rule,
        {{ text_rule('raw_unit', 'trimmed_unit', 'unit') }} as unit_rule,
        {{ text_rule('raw_city', 'trimmed_city', 'city') }} as city_rule,
        {{ text_rule('raw_region', 'trimmed_region', 'region') }} as region_rule,
        {{ text_rule('raw_postcode', 'trimmed_postcode', 'postcode') }} as postcode_rule,
        case
            when trimmed_country is not null and country_code is null then 'country_unknown'
            when country_code <> raw_country then 'country_coded'
            else {{ text_rule('raw_country', 'trimmed_country', 'country_code') }}
        end as country_code_rule
    from kept

)

select * from cleaned
