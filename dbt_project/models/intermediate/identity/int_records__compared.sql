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
    where is_usable
    group by entity, record_key

),

people as (

    select
        'person' as entity,
        record_key,
        case when length(given_name_key) > 1 then given_name_key end as given_name,
        case when length(given_name_key) > 1 then nickname_groups end as nickname_groups,
        left(given_name_key, 1) as given_initial,
        coalesce(
            family_name_key,
            -- A name of one word, or in a script that is not split.
            case when given_name_key is null then {{ normalize_name('full_name') }} end
        ) as family_name,
        left({{ normalize_name('middle_name') }}, 1) as middle_initial,
        name_suffix,
        left(lower(gender), 1) as gender,
        birth_date,
        house_number,
        street_name,
        address_key,
        postcode,
        city,
        company_key as company_name,
        created_at,
        updated_at
    from person_records

),

firms as (

    select
        'organization' as entity,
        record_key,
        company_key as family_name,
        house_number,
        street_name,
        address_key,
        postcode,
        city,
        created_at,
        updated_at
    from organizations

),

combined as (

    select * from people

    union all by name

    select * from firms

),

described as (

    select
        combined.*,
        {{ hash_number('combined.record_key') }} as record_number,
        contacts.email,
        contacts.phone,
        contacts.domain,
        {{ place_key('combined.city') }} as city_key,
        {{ matches_pattern("coalesce(combined.family_name, combined.given_name)", "'[a-z]'") }}
            as is_latin,
        {{ sound_key('combined.given_name') }} as given_sound,
        {{ sound_key('combined.family_name') }} as family_sound,
        cast(strftime(combined.birth_date, '%Y%m%d') as varchar) as birth_digits
    from combined
    left join contacts
        on
            combined.entity = contacts.entity
            and combined.record_key = contacts.record_key

),

placed as (

    select
        *,
        coalesce(postcode, city_key) as area
    from described

),

{% set sounds = "family_sound || ':' || coalesce(given_initial, '')" -%}
-- Records alike in everything count once: a person often sent is not a name often had.
profiles as (

    select distinct
        entity,
        given_name,
        family_name,
        -- How many people, told by the sound of their names, in the alphabet most are written in.
        case when is_latin then {{ sounds }} end as latin_name,
        case when not is_latin then {{ sounds }} end as other_name,
        birth_date,
        email,
        phone,
        address_key,
        area,
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

{% set counted = {
    'given_name': 'given_names',
    'family_name': 'family_names',
    'birth_date': 'birth_dates',
    'email': 'emails',
    'phone': 'phones',
    'address_key': 'addresses',
    'area': 'areas',
    'company_name': 'companies',
    'domain': 'domains',
} -%}
{% set several = 'greatest(count(distinct profiles.latin_name), count(distinct profiles.other_name), 1)' -%}
{% set people = {'birth_date': several, 'email': several, 'phone': several, 'address_key': several} -%}
{% for column, relation in counted.items() -%}
{{ relation }} as (

    select
        profiles.entity,
        profiles.{{ column }},
        {% if column in ('email', 'phone', 'address_key') -%}
            greatest(count(distinct profiles.latin_name), count(distinct profiles.other_name))
                as people,
        {% endif -%}
        {{ chance_agreement(
            people.get(column, 'count(*)'), 'max(populations.population)', 'max(bases.among_others)'
        ) }}
            as chance
    from profiles
    inner join populations
        on profiles.entity = populations.entity
    inner join bases
        on
            profiles.entity = bases.entity
            and bases.attribute = '{{ column | replace("address_key", "address") }}'
    where profiles.{{ column }} is not null
    group by profiles.entity, profiles.{{ column }}

),

{% endfor -%}
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
        {{ sounds }} as sounding_name,
        placed.created_at,
        placed.updated_at,

        ---------- how many have it
        populations.population,
        {% for column, relation in counted.items() -%}
            {{ relation }}.chance as {{ column }}_chance,
        {% endfor -%}
        coalesce(emails.people, 0) as email_people,
        coalesce(phones.people, 0) as phone_people,
        coalesce(addresses.people, 0) as address_people
    from placed
    inner join populations
        on placed.entity = populations.entity
    {% for column, relation in counted.items() -%}
        left join {{ relation }}
            on
                placed.entity = {{ relation }}.entity
                and placed.{{ column }} = {{ relation }}.{{ column }}
    {% endfor %}
)

select * from compared
