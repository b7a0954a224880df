{# One number is written in a dozen ways, and junk written as a number must not link anybody. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, calling_code, trunk_prefix, national_digits, expected) as (

    values
    ('+14155550132', '1', '1', 10, '+14155550132'),
    ('(415) 555-0132', '1', '1', 10, '+14155550132'),
    ('415.555.0132', '1', '1', 10, '+14155550132'),
    ('1-415-555-0132', '1', '1', 10, '+14155550132'),
    ('415-555-0132 ext. 7', '1', '1', 10, '+14155550132'),
    ('415-555-0132 x7', '1', '1', 10, '+14155550132'),
    ('0014155550132', '44', '0', 10, '+14155550132'),
    ('+1 415 555 0132', '44', '0', 10, '+14155550132'),
    ('020 7946 0018', '44', '0', 10, '+442079460018'),
    ('+44 (0)20 7946 0018', '1', '1', 10, '+442079460018'),
    ('442079460018', '44', '0', 10, '+442079460018'),
    ('030 1234567', '49', '0', 11, '+49301234567'),
    ('06 1234 5678', '39', '', 11, '+390612345678'),
    ('000-000-0000', '1', '1', 10, null),
    ('555-555-5555', '1', '1', 10, null),
    ('123-456-7890', '1', '1', 10, '+1234567890'),
    ('12345', '1', '1', 10, null),
    ('+1 415 555 0132 415 555 0133', '1', '1', 10, null),
    ('n/a', '1', '1', 10, null),
    ('', '1', '1', 10, null),
    (null, '1', '1', 10, null)

),

dialled as (

    select
        *,
        {{ dialled_number('given') }} as number
    from cases

),

results as (

    select
        *,
        {{ normalize_phone('number', 'calling_code', 'trunk_prefix', 'national_digits') }} as actual
    from dialled

)

select * from results
where actual is distinct from expected
