{# A postcode that lost its zero, or has a space too many, must still match its own. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

postcode_formats as (

    select * from {{ ref('postcode_formats') }}

),

cases (postcode, country_code, expected, expected_key, valid) as (

    values
    ('94103', 'US', '94103', '94103', true),
    ('94103-1234', 'US', '94103-1234', '94103', true),
    ('941031234', 'US', '94103-1234', '94103', true),
    ('2139', 'US', '02139', '02139', true),
    ('2139.0', 'US', '02139', '02139', true),
    ('926', 'US', '00926', '00926', true),
    ('9410', 'GB', '9410', '9410', false),
    ('sw1a1aa', 'GB', 'SW1A 1AA', 'SW1A1AA', true),
    ('M2  5bq', 'GB', 'M2 5BQ', 'M25BQ', true),
    ('ZZ1 1AA', 'GB', 'ZZ1 1AA', 'ZZ11AA', false),
    ('k1a0b1', 'CA', 'K1A 0B1', 'K1A0B1', true),
    ('D1A 0B1', 'CA', 'D1A 0B1', 'D1A0B1', false),
    ('1012ab', 'NL', '1012 AB', '1012AB', true),
    ('0012 AB', 'NL', '0012 AB', '0012AB', false),
    ('D-80331', 'DE', '80331', '80331', true),
    ('1067', 'DE', '01067', '01067', true),
    ('803', 'DE', '803', '803', false),
    ('LV1010', 'LV', 'LV-1010', 'LV1010', true),
    ('1010', 'LV', 'LV-1010', 'LV1010', true),
    ('00950', 'PL', '00-950', '00950', true),
    ('01310100', 'BR', '01310-100', '01310100', true),
    ('1310100', 'BR', '01310-100', '01310100', true),
    ('１００-0001', 'JP', '100-0001', '1000001', true),
    ('a65f4e2', 'IE', 'A65 F4E2', 'A65F4E2', true),
    ('CH-8001', 'CH', '8001', '8001', true),
    ('75008', 'FR', '75008', '75008', true),
    ('hello', 'FR', 'HELLO', 'HELLO', false),
    ('1234', 'HK', '1234', '1234', null),
    ('ab 12', null, 'AB 12', 'AB12', null),
    ('', 'US', null, null, false),
    (null, 'US', null, null, null)

),

postcodes as (

    select * from {{ read_postcodes('cases') }}

),

results as (

    select
        cases.*,
        postcodes.postcode as actual,
        postcodes.postcode_key as actual_key,
        postcodes.is_valid
    from cases
    left join postcodes
        on
            cases.postcode = postcodes.written_postcode
            and cases.country_code is not distinct from postcodes.country_code

)

select * from results
where
    actual is distinct from expected
    or actual_key is distinct from expected_key
    or is_valid is distinct from valid
