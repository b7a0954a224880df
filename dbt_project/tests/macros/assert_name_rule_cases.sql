{# A name that changed without a reason is one nobody can check. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (raw, trimmed, named, written, cleaned, expected) as (

    values
    ('Ann', 'Ann', 'Ann', 'Ann', 'Ann', null),
    (' Ann', 'Ann', 'Ann', 'Ann', 'Ann', 'whitespace'),
    (' ', null, null, null, null, 'blank'),
    ('Test', 'Test', 'Test', null, null, 'placeholder'),
    ('?!', '?!', null, null, null, 'name_invalid'),
    ('ANN', 'ANN', 'ANN', 'ANN', 'Ann', 'name_case'),
    ('Dr. Ann', 'Dr. Ann', 'Dr. Ann', 'Dr. Ann', 'Ann', 'name_parted'),
    ('Dr.', 'Dr.', 'Dr.', 'Dr.', null, 'name_invalid'),
    (null, null, null, null, 'Ann', 'name_split'),
    (null, null, null, null, null, null)

),

results as (

    select
        *,
        {{ name_rule('raw', 'trimmed', 'named', 'written', 'cleaned') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
