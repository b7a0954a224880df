{# Names are compared as words: every way of joining words has to come out the same. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('FirstName', 'first_name'),
    ('first name', 'first_name'),
    ('FIRST-NAME', 'first_name'),
    ('First_Name ', 'first_name'),
    ('address1', 'address1'),
    ('CustNo', 'cust_no'),
    ('address.postCode', 'address_post_code'),
    ('Straße', 'straße'),
    ('DOB', 'dob'),
    ('--', ''),
    (null, null)

),

results as (

    select
        *,
        {{ column_words('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
