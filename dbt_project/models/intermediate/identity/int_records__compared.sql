with

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

bases as (

    select
        entity,
        attribute,
        among_others
    from {{ ref('match_weights') }}
    where by_frequency and level = 'exact'

),

contacts as (

    select
        entity,
        record_key,
        min(case when identifier_type = 'email' then normalized_value end) as email,
        min(case when identifier_type = 'phone' then normalized_value end) as phone,
        min(case when identifier_type = 'domain' then normalized_value end) as domain
    from identifiers
    where is_usable and identifier_type in ('email', 'phone', 'domain')
    group by entity, record_key

),

-- A name that was not split is a person's own if it has several words, or is in another alphabet.
named as (

    select
        *,
        case
            when given_name_key is null or family_name_key is null
                then {{ normalize_name('full_name') }}
        end as whole_name
    from person_records

),

worded as (

    select
        *,
        {{ matches_pattern('whole_name', "'^[a-z]+$'") }} as is_one_word
    from named

),

people as (

    select
        'person' as entity,
        record_key,
        record_key as numbered_key,
        case
            when length(given_name_key) > 1 then given_name_key
            when family_name_key is null and not is_one_word then whole_name
        end as given_name,
        case
            when length(given_name_key) > 1 then nickname_groups
            when family_name_key is null and not is_one_word then whole_name
        end as nickname_groups,
        left(given_name_key, 1) as given_initial,
        coalesce(
            family_name_key,
            case when given_name_key is null and is_one_word then whole_name end
        ) as family_name,
        left({{ normalize_name('middle_name') }}, 1) as middle_initial,
        name_suffix,
        left(lower(gender), 1) as gender,
        -- An impossible date is none of a customer, but the same one twice is no chance.
        read_birth_date as birth_date,
        house_number,
        street_name,
        address_key,
        postcode,
        city,
        company_key as company_name,
        created_at,
        updated_at
    from worded

),

-- A source may have a person and an organization of one key: their numbers differ.
firms as (

    select
        'organization' as entity,
        record_key,
        'organization/' || record_key as numbered_key,
        cast(null as string) as given_name,
        cast(null as string) as nickname_groups,
        cast(null as string) as given_initial,
        company_key as family_name,
        cast(null as string) as middle_initial,
        cast(null as string) as name_suffix,
        cast(null as string) as gender,
        cast(null as date) as birth_date,
        house_number,
        street_name,
        address_key,
        postcode,
        city,
        cast(null as string) as company_name,
        created_at,
        updated_at
    from organizations

),

combined as (

    select * from people

    union all

    select * from firms

),

names as (

    select given_name as name from combined

    union

    select family_name from combined

),

-- What is made of a name takes long: once a name, not once a record.
sounds as (

    select
        name,
        {{ sound_key('name') }} as sound,
        {{ matches_pattern('name', "'[a-z]'") }} as is_latin
    from names
    where name is not null

),

cities as (

    select
        city,
        {{ place_key('city') }} as city_key
    from combined
    where city is not null
    group by city

),

placed as (

    select
        combined.*,
        {{ hash_number('combined.numbered_key') }} as record_number,
        contacts.email,
        contacts.phone,
        contacts.domain,
        cities.city_key,
        coalesce(combined.postcode, cities.city_key) as area,
        coalesce(family_sounds.is_latin, given_sounds.is_latin) as is_latin,
        given_sounds.sound as given_sound,
        family_sounds.sound as family_sound,
        family_sounds.sound || ':' || coalesce(combined.given_initial, '') as sounding_name,
        replace(cast(combined.birth_date as string), '-', '') as birth_digits
    from combined
    left join contacts
        on
            combined.entity = contacts.entity
            and combined.record_key = contacts.record_key
    left join cities
        on combined.city = cities.city
    left join sounds as given_sounds
        on combined.given_name = given_sounds.name
    left join sounds as family_sounds
        on combined.family_name = family_sounds.name

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
    from placed

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
        ---------- ids
        placed.entity,
        placed.record_key,
        placed.record_number,

        ---------- what is compared
        placed.given_name,
        placed.nickname_groups,
        placed.given_initial,
        placed.given_sound,
        placed.family_name,
        placed.family_sound,
        placed.middle_initial,
        placed.name_suffix,
        placed.gender,
        placed.birth_date,
        placed.birth_digits,
        placed.email,
        placed.phone,
        placed.house_number,
        placed.street_name,
        placed.address_key,
        placed.postcode,
        placed.city_key,
        placed.area,
        placed.company_name,
        placed.domain,
        placed.is_latin,
        placed.sounding_name,
        placed.created_at,
        placed.updated_at,

        ---------- how many have it
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
    from placed
    inner join populations
        on placed.entity = populations.entity
    left join given_names
        on
            placed.entity = given_names.entity
            and placed.given_name = given_names.given_name
    left join family_names
        on
            placed.entity = family_names.entity
            and placed.family_name = family_names.family_name
    left join birth_dates
        on
            placed.entity = birth_dates.entity
            and placed.birth_date = birth_dates.birth_date
    left join addresses
        on
            placed.entity = addresses.entity
            and placed.address_key = addresses.address_key
    left join postcodes
        on
            placed.entity = postcodes.entity
            and placed.postcode = postcodes.postcode
    left join city_keys
        on
            placed.entity = city_keys.entity
            and placed.city_key = city_keys.city_key
    left join companies
        on
            placed.entity = companies.entity
            and placed.company_name = companies.company_name
    left join domains
        on
            placed.entity = domains.entity
            and placed.domain = domains.domain

)

select * from compared
