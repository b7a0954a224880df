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

countries as (

    select * from {{ ref('countries') }}

),

country_aliases as (

    select * from {{ ref('country_aliases') }}

),

region_aliases as (

    select * from {{ ref('region_aliases') }}

),

postcode_formats as (

    select * from {{ ref('postcode_formats') }}

),

street_words as (

    select * from {{ ref('street_words') }}

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
        cast(null as string) as raw_unit,
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

-- Of places there are few, and each is looked up once.
places as (

    select distinct
        trimmed_region,
        trimmed_country
    from trimmed

),

coded_places as (

    select
        places.trimmed_region,
        places.trimmed_country,
        country_aliases.country_code,
        region_aliases.region_code
    from places
    left join country_aliases
        on {{ place_key('places.trimmed_country') }} = country_aliases.alias
    left join region_aliases
        on
            country_aliases.country_code = region_aliases.country_code
            and {{ place_key('places.trimmed_region') }} = region_aliases.alias

),

located as (

    select
        trimmed.*,
        coded_places.country_code,
        coded_places.region_code
    from trimmed
    inner join coded_places
        on
            trimmed.trimmed_region is not distinct from coded_places.trimmed_region
            and trimmed.trimmed_country is not distinct from coded_places.trimmed_country

),

written_postcodes as ( -- noqa: ST03

    select distinct
        country_code,
        trimmed_postcode as postcode
    from located

),

postcodes as (

    select * from {{ read_postcodes('written_postcodes') }}

),

looked_up as (

    select
        located.*,
        postcodes.postcode,
        postcodes.postcode_key,
        postcodes.is_valid
    from located
    left join postcodes
        on
            located.trimmed_postcode = postcodes.written_postcode
            and located.country_code is not distinct from postcodes.country_code

),

kept as (

    select
        {{ all_but(['postcode']) }},
        {{ unless_junk('trimmed_street_address', 'address') }} as street_address,
        {{ unless_junk('trimmed_unit', 'address') }} as unit,
        {{ unless_junk('trimmed_city', 'address') }} as city,
        {{ unless_junk('trimmed_region', 'address') }} as region,
        {{ unless_junk('postcode', 'postcode') }} as postcode,
        {{ unless_junk('trimmed_country', 'address') }} as kept_country
    from looked_up

),

houses as (

    select * from {{ read_addresses('kept') }}

),

addressed as (

    select
        kept.*,
        houses.house_number,
        houses.street as street_name,
        houses.unit_number,
        -- The same house and flat in the same place, however they are written.
        houses.address_key || concat_ws(
            ' ',
            '',
            '#' || houses.unit_number,
            coalesce(
                case when kept.postcode is not null then kept.postcode_key end,
                {{ place_key('kept.city') }}
            ),
            kept.country_code
        ) as address_key
    from kept
    left join houses
        on
            kept.street_address is not distinct from houses.street_address
            and kept.unit is not distinct from houses.unit
            and kept.country_code is not distinct from houses.country_code

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
        region_code,
        postcode,
        country_code,

        ---------- parts and keys addresses are compared by
        house_number,
        street_name,
        unit_number,
        address_key,

        ---------- what was done
        {{ text_rule('raw_street_address', 'trimmed_street_address', 'street_address') }}
            as street_address_rule,
        {{ text_rule('raw_unit', 'trimmed_unit', 'unit') }} as unit_rule,
        {{ text_rule('raw_city', 'trimmed_city', 'city') }} as city_rule,
        {{ text_rule('raw_region', 'trimmed_region', 'region') }} as region_rule,
        case when region_code is not null then 'region_coded' end as region_code_rule,
        case
            when postcode is not null and not is_valid then 'postcode_invalid'
            when postcode <> trimmed_postcode then 'postcode_rewritten'
            else {{ text_rule('raw_postcode', 'trimmed_postcode', 'postcode') }}
        end as postcode_rule,
        case
            when trimmed_country is not null and kept_country is null then 'placeholder'
            when trimmed_country is not null and country_code is null then 'country_unknown'
            when country_code <> raw_country then 'country_coded'
            else {{ text_rule('raw_country', 'trimmed_country', 'country_code') }}
        end as country_code_rule
    from addressed

)

select * from cleaned
