{# Only what is dialled counts: not how it is grouped, nor an extension, nor the (0) left out. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('(415) 555-0132', '4155550132'),
    ('+1 415.555.0132', '+14155550132'),
    ('(+1) 415 555 0132', '+14155550132'),
    ('0044 20 7946 0018', '00442079460018'),
    ('+44 (0)20 7946 0018', '+442079460018'),
    ('415-555-0132 ext. 7', '4155550132'),
    ('415-555-0132 X7', '4155550132'),
    ('tel: 415 555 0132', '4155550132'),
    ('n/a', ''),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ dialled_number('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
