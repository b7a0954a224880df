with

records as (

    select * from {{ ref('int_records__described') }}

),

bases as (

    select
        entity,
        attribute,
        among_others
    from {{ ref('match_weights') }}
    where by_frequency and level = 'exact'

),

-- Records alike in everything count once: a person often sent is not a name often had.
profiles as (

    select distinct
        entity,
        given_name,
        family_name,
        case when is_latin then sounding_name end as latin_name,
        case when not is_latin then sounding_name end as other_name,
        birth_date,
        email,
        phone,
        address_key,
        postcode,
        city_key,
        company_name,
        domain
    from records

),

populations as (

    select
        entity,
        count(*) as population
    from profiles
    group by entity

),

given_names as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'given_name', 'given_name') }}

),

family_names as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'family_name', 'family_name') }}

),

birth_dates as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'birth_date', 'birth_date') }}

),

addresses as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'address_key', 'address') }}

),

postcodes as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'postcode', 'area') }}

),

city_keys as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'city_key', 'area') }}

),

companies as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'company_name', 'company_name') }}

),

domains as (

    select *
    from {{ value_chances('profiles', 'populations', 'bases', 'domain', 'domain') }}

),

compared as (

    select
        records.*,
        populations.population,
        given_names.chance as given_name_chance,
        family_names.chance as family_name_chance,
        birth_dates.chance as birth_date_chance,
        addresses.chance as address_key_chance,
        postcodes.chance as postcode_chance,
        city_keys.chance as city_chance,
        companies.chance as company_name_chance,
        domains.chance as domain_chance,
        coalesce(addresses.people, 0) as address_people
    from records
    inner join populations
        on records.entity = populations.entity
    left join given_names
        on
            records.entity = given_names.entity
            and records.given_name = given_names.given_name
    left join family_names
        on
            records.entity = family_names.entity
            and records.family_name = family_names.family_name
    left join birth_dates
        on
            records.entity = birth_dates.entity
            and records.birth_date = birth_dates.birth_date
    left join addresses
        on
            records.entity = addresses.entity
            and records.address_key = addresses.address_key
    left join postcodes
        on
            records.entity = postcodes.entity
            and records.postcode = postcodes.postcode
    left join city_keys
        on
            records.entity = city_keys.entity
            and records.city_key = city_keys.city_key
    left join companies
        on
            records.entity = companies.entity
            and records.company_name = companies.company_name
    left join domains
        on
            records.entity = domains.entity
            and records.domain = domains.domain

)

select * from compared
