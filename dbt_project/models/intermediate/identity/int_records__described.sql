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

described as (

    select
        ---------- ids
        combined.entity,
        combined.record_key,
        {{ hash_number('combined.numbered_key') }} as record_number,

        ---------- text
        combined.given_name,
        combined.nickname_groups,
        combined.given_initial,
        given_sounds.sound as given_sound,
        combined.family_name,
        family_sounds.sound as family_sound,
        combined.middle_initial,
        combined.name_suffix,
        combined.gender,
        replace(cast(combined.birth_date as string), '-', '') as birth_digits,
        contacts.email,
        contacts.phone,
        combined.house_number,
        combined.street_name,
        combined.address_key,
        combined.postcode,
        cities.city_key,
        coalesce(combined.postcode, cities.city_key) as area,
        combined.company_name,
        contacts.domain,
        family_sounds.sound || ':' || coalesce(combined.given_initial, '') as sounding_name,

        ---------- booleans
        coalesce(family_sounds.is_latin, given_sounds.is_latin) as is_latin,

        ---------- dates and times
        combined.birth_date,
        combined.created_at,
        combined.updated_at
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

)

select * from described
