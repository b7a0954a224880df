{# One number is written in a dozen ways, and one wrongly read links the wrong people. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

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

cases (phone, country_code, number, extension_number, valid, country) as (

    values
    ('+14155550132', null, '+14155550132', null, true, 'US'),
    ('(415) 555-0132', 'US', '+14155550132', null, true, 'US'),
    ('1-415-555-0132', 'US', '+14155550132', null, true, 'US'),
    ('415-555-0132 ext. 7', 'US', '+14155550132', '7', true, 'US'),
    ('415-555-0132 x7', 'US', '+14155550132', '7', true, 'US'),
    ('415-555-0132 #7', 'US', '+14155550132', '7', true, 'US'),
    ('tel:+1-415-555-0132;ext=7', 'GB', '+14155550132', '7', true, 'US'),
    ('415-555-0132 x7/x8', 'US', '+14155550132', '7', true, 'US'),
    ('1-800-FLOWERS', 'US', '+18003569377', null, true, 'US'),
    ('(604) 555-0132', 'US', '+16045550132', null, true, 'CA'),
    ('0014155550132', 'GB', '+14155550132', null, true, 'US'),
    ('011 44 20 7946 0018', 'US', '+442079460018', null, true, 'GB'),
    ('0011 44 20 7946 0018', 'AU', '+442079460018', null, true, 'GB'),
    ('+00 44 20 7946 0018', 'DE', '+442079460018', null, true, 'GB'),
    ('020 7946 0018', 'GB', '+442079460018', null, true, 'GB'),
    ('+44 (0)20 7946 0018', 'US', '+442079460018', null, true, 'GB'),
    ('442079460018', 'GB', '+442079460018', null, true, 'GB'),
    ('+44 1534 456789', 'GB', '+441534456789', null, true, 'JE'),
    ('456789', 'JE', '+441534456789', null, true, 'JE'),
    ('030 1234567', 'DE', '+49301234567', null, true, 'DE'),
    ('06 1234 5678', 'IT', '+390612345678', null, true, 'IT'),
    ('312 345 6789', 'IT', '+393123456789', null, true, 'IT'),
    ('011 15-2345-6789', 'AR', '+5491123456789', null, true, 'AR'),
    ('+54 9 11 2345 6789', 'US', '+5491123456789', null, true, 'AR'),
    ('0 15 11 96123-4567', 'BR', '+5511961234567', null, true, 'BR'),
    ('55 1234 5678', 'MX', '+525512345678', null, true, 'MX'),
    ('8 (912) 345-67-89 доб. 12', 'RU', '+79123456789', '12', true, 'RU'),
    ('8 771 000 9998', 'KZ', '+77710009998', null, true, 'KZ'),
    ('٠٥٠١٢٣٤٥٦٧', 'AE', '+971501234567', null, true, 'AE'),
    ('＋８１ ９０－１２３４－５６７８', 'US', '+819012345678', null, true, 'JP'),
    ('+800 1234 5678', 'US', '+80012345678', null, true, null),
    ('555-0132 nights', 'US', null, null, null, null),
    ('123-456-7890', 'US', '+11234567890', null, false, null),
    ('000-000-0000', 'US', '+10000000000', null, false, null),
    ('415 555 0132', null, null, null, null, null),
    ('415 555 0132', 'AQ', null, null, null, null),
    ('12345', 'US', null, null, null, null),
    ('+1 415 555 0132 415 555 0133', 'US', null, null, null, null),
    ('n/a', 'US', null, null, null, null),
    ('', 'US', null, null, null, null),
    (null, 'US', null, null, null, null)

),

phones as (

    select * from {{ read_phones('cases') }}

),

results as (

    select
        cases.*,
        phones.phone_number,
        phones.extension,
        phones.is_valid,
        phones.phone_country_code
    from cases
    left join phones
        on
            cases.phone = phones.phone
            and cases.country_code is not distinct from phones.country_code

)

select * from results
where
    phone_number is distinct from number
    or extension is distinct from extension_number
    or is_valid is distinct from valid
    or phone_country_code is distinct from country
