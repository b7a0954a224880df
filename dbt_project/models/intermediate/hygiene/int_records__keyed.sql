with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

names as (

    select * from {{ ref('int_names__cleaned') }}

),

companies as (

    select * from {{ ref('int_companies__cleaned') }}

),

addresses as (

    select * from {{ ref('int_addresses__cleaned') }}

),

people as (

    select
        'person' as entity,
        person_records.record_key,
        person_records.source,
        person_records.record_id,
        names.name_key,
        addresses.address_key,
        addresses.country_code,
        person_records.loaded_at
    from person_records
    inner join names
        on
            person_records.full_name is not distinct from names.raw_full_name
            and person_records.given_name is not distinct from names.raw_given_name
            and person_records.middle_name is not distinct from names.raw_middle_name
            and person_records.family_name is not distinct from names.raw_family_name
            and person_records.name_suffix is not distinct from names.raw_name_suffix
    inner join addresses
        on
            person_records.street_address is not distinct from addresses.raw_street_address
            and person_records.unit is not distinct from addresses.raw_unit
            and person_records.city is not distinct from addresses.raw_city
            and person_records.region is not distinct from addresses.raw_region
            and person_records.postcode is not distinct from addresses.raw_postcode
            and person_records.country is not distinct from addresses.raw_country

),

employers as (

    select
        'organization' as entity,
        organizations.record_key,
        organizations.source,
        organizations.record_id,
        companies.company_key as name_key,
        addresses.address_key,
        addresses.country_code,
        organizations.loaded_at
    from organizations
    left join companies
        on organizations.name = companies.raw_company_name
    inner join addresses
        on
            organizations.street_address is not distinct from addresses.raw_street_address
            and addresses.raw_unit is null
            and organizations.city is not distinct from addresses.raw_city
            and organizations.region is not distinct from addresses.raw_region
            and organizations.postcode is not distinct from addresses.raw_postcode
            and organizations.country is not distinct from addresses.raw_country

),

keyed as (

    select * from people

    union all

    select * from employers

)

select * from keyed
